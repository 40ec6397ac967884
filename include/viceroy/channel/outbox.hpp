// outbox: what waits to leave on one link: frames in one buffer, large parts where they lie.
#pragma once

#include <sys/uio.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "viceroy/base/heap_bytes.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/wire/bytes.hpp"
#include "viceroy/wire/frame.hpp"

namespace viceroy {

// Frames are written here once and taken by the kernel from here; the parts of messages stand between them by
// reference. Knows which frames have not left entirely, so that their messages can be returned.
class outbox {
 public:
  // Returns: room for `n` bytes at the end; commit() makes them part of the stream. Valid until the next
  // claim.
  std::byte* claim(std::size_t n) {
    if (n > capacity_ - size_) [[unlikely]]
      grow(n);
    return data_.data() + size_;
  }
  void commit(std::size_t n) noexcept { size_ += n; }
  void append(const void* from, std::size_t n) {
    if (n == 0) return;
    std::memcpy(claim(n), from, n);
    commit(n);
  }
  // Appends bytes that leave from where they lie.
  void append_part(const bytes& content) {
    if (content.empty()) return;
    parts_.push_back({size_, content});
    part_bytes_ += content.size();
  }
  void append_frame(frame_header header, std::span<const std::byte> first,
                    std::span<const std::byte> rest = {}) {
    header.length = static_cast<std::uint32_t>(first.size() + rest.size());
    append(&header, sizeof header);
    append(first.data(), first.size());
    append(rest.data(), rest.size());
  }

  // Counts what waits, held or not.
  std::size_t waiting_bytes() const noexcept { return size_ - sent_ + part_bytes_; }
  bool empty() const noexcept { return waiting_bytes() == 0; }

  // Counts up whenever what is appended next may be the first that is returned: it must be readable without
  // what went before.
  std::uint64_t batch() const noexcept { return batch_; }

  // What has been appended so far is no frame: it is never returned.
  void skip_to_here() noexcept { boundary_ = checkpoint_ = size_; }
  // Holds back what is appended from here on, until let_go() or release().
  void hold_from_here() noexcept { hold_ = size_; }
  void let_go() noexcept { hold_ = none; }
  // Keeps what was sent, until release(): the peer may still refuse all of it.
  void keep() noexcept { keep_ = true; }
  void release() noexcept {
    keep_ = false;
    hold_ = none;
    if (empty()) clear();
  }

  // Fills in what leaves next. Returns: how many entries; 0 when nothing may leave.
  int gather(std::span<iovec> into) const noexcept {
    std::size_t count = 0;
    std::size_t at = sent_;
    const std::size_t end = std::min(size_, hold_);
    std::size_t skip = part_sent_;
    for (std::size_t p = next_part_; count < into.size(); ++p) {
      const std::size_t until = p < parts_.size() ? std::min(parts_[p].at, end) : end;
      if (at < until) into[count++] = {data_.data() + at, until - at};
      at = until;
      if (p == parts_.size() || parts_[p].at > end || count == into.size() || hold_ != none) break;
      const bytes& content = parts_[p].content;
      into[count++] = {const_cast<std::byte*>(content.data()) + skip, content.size() - skip};
      skip = 0;
    }
    return static_cast<int>(count);
  }

  // Takes note that `n` bytes of what gather() told have left.
  void sent(std::size_t n) noexcept {
    while (n != 0) {
      const std::size_t until = next_part_ < parts_.size() ? parts_[next_part_].at : size_;
      if (sent_ < until) {
        const std::size_t now = std::min(n, until - sent_);
        sent_ += now;
        n -= now;
        continue;
      }
      part& current = parts_[next_part_];
      const std::size_t now = std::min(n, current.content.size() - part_sent_);
      part_sent_ += now;
      part_bytes_ -= now;
      n -= now;
      if (part_sent_ == current.content.size()) {
        if (!keep_) current.content = {};
        part_sent_ = 0;
        ++next_part_;
      }
    }
    if (keep_) return;
    if (empty()) return clear();
    if (sent_ < checkpoint_ || next_part_ < checkpoint_part_) return;
    boundary_ = checkpoint_;
    boundary_part_ = checkpoint_part_;
    if (boundary_ > compact_bytes && boundary_ > size_ / 2) compact();
    checkpoint_ = size_;
    checkpoint_part_ = parts_.size();
    ++batch_;
  }

  // Visits the frames that may be returned, some of which have left:
  // `visit(has left, header, what follows it in the buffer, parts)`.
  template <class Visit>
  void frames(Visit&& visit) const {
    series<bytes> parts;
    for (auto f = frame_at(boundary_, boundary_part_); f.at < size_; f = frame_at(f.end, f.last_part)) {
      parts.clear();
      for (std::size_t p = f.first_part; p < f.last_part; ++p) parts.push_back(parts_[p].content);
      const std::byte* const begin = data_.data() + f.at;
      visit(!keep_ && has_left(f), load_struct<frame_header>(begin),
            std::span(begin + sizeof(frame_header), f.end - f.at - sizeof(frame_header)),
            std::span<const bytes>(parts.begin(), parts.size()));
    }
  }

  // Drops what has not begun to leave, but for the hello. Returns: whether something else may follow now,
  // that is, whether the kernel took no frame in part.
  bool drop_unsent() noexcept {
    std::size_t end = std::max(sent_, boundary_);
    for (auto f = frame_at(boundary_, boundary_part_); f.at < size_; f = frame_at(f.end, f.last_part)) {
      if (has_left(f)) continue;
      if (sent_ > f.at) end = 0;
      break;
    }
    hold_ = none;
    parts_.clear();
    next_part_ = boundary_part_ = checkpoint_part_ = part_sent_ = part_bytes_ = 0;
    if (end == 0 && size_ != 0) {
      clear();
      return false;
    }
    size_ = boundary_ = checkpoint_ = end;
    return true;
  }

  void clear() noexcept {
    ++batch_;
    size_ = sent_ = boundary_ = checkpoint_ = 0;
    parts_.clear();
    next_part_ = boundary_part_ = checkpoint_part_ = part_sent_ = part_bytes_ = 0;
    hold_ = none;
    if (capacity_ > largest_idle_bytes) {
      data_.reset();
      capacity_ = 0;
    }
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  static constexpr std::size_t compact_bytes = 1u << 20;       // below it, moving costs less than asking
  static constexpr std::size_t largest_idle_bytes = 4u << 20;  // what an idle link may keep allocated
  static constexpr std::size_t first_bytes = 4096;

  struct part {
    std::size_t at;  // leaves before the buffer's byte of this position
    bytes content;
  };
  struct extent_of_frame {
    std::size_t at = 0;
    std::size_t end = 0;
    std::size_t first_part = 0;
    std::size_t last_part = 0;
  };

  extent_of_frame frame_at(std::size_t at, std::size_t first_part) const noexcept {
    if (at >= size_) return {size_, size_, first_part, first_part};
    const auto header = load_struct<frame_header>(data_.data() + at);
    extent_of_frame f{at, at + sizeof header + header.length, first_part, first_part};
    if (header.kind != frame_kind::message) return f;
    const auto message = load_struct<message_header>(data_.data() + at + sizeof header);
    f.end = at + sizeof header + sizeof message + message.body + message.parts * sizeof(std::uint32_t);
    while (f.last_part < parts_.size() && parts_[f.last_part].at <= f.end) ++f.last_part;
    return f;
  }
  bool has_left(const extent_of_frame& f) const noexcept {
    return sent_ >= f.end && next_part_ >= f.last_part;
  }

  void compact() noexcept {
    std::memmove(data_.data(), data_.data() + boundary_, size_ - boundary_);
    parts_.erase_first(boundary_part_);
    for (part& p : parts_) p.at -= boundary_;
    size_ -= boundary_;
    sent_ -= boundary_;
    next_part_ -= boundary_part_;
    boundary_ = boundary_part_ = 0;
  }

  void grow(std::size_t n) {
    const std::size_t wanted = std::max({size_ + n, capacity_ * 2, first_bytes});
    data_.grow(wanted);
    capacity_ = wanted;
  }

  heap_bytes data_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::size_t sent_ = 0;
  std::size_t hold_ = none;
  std::size_t boundary_ = 0;    // a frame begins here, and nothing before it will be returned
  std::size_t checkpoint_ = 0;  // a frame begins here too: the next boundary, once all before it has left
  series<part> parts_;
  std::size_t next_part_ = 0;
  std::size_t boundary_part_ = 0;  // the parts before it belong to frames before the boundary
  std::size_t checkpoint_part_ = 0;
  std::size_t part_sent_ = 0;   // of the next part
  std::size_t part_bytes_ = 0;  // of all parts, not yet sent
  std::uint64_t batch_ = 1;
  bool keep_ = false;
};

}  // namespace viceroy
