// inbox: where a link's bytes are read to: one buffer for all links, and one of its own for a large frame.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

#include "viceroy/base/heap_bytes.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/channel/session.hpp"

namespace viceroy {

// What all links of a loop read into, one after the other.
class read_buffer {
 public:
  std::byte* data() const noexcept { return room_.data(); }
  // Behind the unfinished frame of a link there is always room for a whole read.
  static constexpr std::size_t longest_tail = limit::hello_bytes + sizeof(preamble);
  static constexpr std::size_t bytes = limit::read_bytes + longest_tail;

 private:
  heap_bytes room_{bytes};
};

// Keeps, of each link, only the frame that has not arrived entirely: its beginning, to be copied before what
// is read next, or, of a large one, a buffer of its exact size that the socket fills and its parts then
// share.
class inbox {
 public:
  // Returns: where the next bytes of the socket belong.
  std::span<std::byte> room(const read_buffer& shared) noexcept {
    if (large_) return {large_.data() + have_, size_ - have_};
    return {shared.data() + tail_.size(), limit::read_bytes};
  }

  // Takes note that `n` bytes were read there, and gives the session every frame that is whole.
  // Errors: std::bad_alloc for a large frame.
  void received(std::size_t n, const read_buffer& shared, session& to) {
    if (large_) {
      have_ += n;
      if (have_ < size_) return;
      const std::byte* const begin = large_.data();
      const viceroy::bytes whole(std::move(large_), {begin, size_});
      to.consume({begin, size_}, whole);
      return;
    }
    if (!tail_.empty()) std::memcpy(shared.data(), tail_.data(), tail_.size());
    const std::span<const std::byte> all(shared.data(), tail_.size() + n);
    tail_.clear();
    const auto rest = all.subspan(to.consume(all));
    if (rest.empty()) return;
    std::byte* kept = nullptr;
    if (to.wanted() <= large_bytes) {
      tail_.resize(rest.size());
      kept = tail_.data();
    } else {
      large_ = heap_bytes(to.wanted());
      size_ = to.wanted();
      have_ = rest.size();
      kept = large_.data();
    }
    std::memcpy(kept, rest.data(), rest.size());
  }

  bool inside_large() const noexcept { return static_cast<bool>(large_); }
  // How much of an unfinished frame there is.
  std::size_t unfinished_bytes() const noexcept { return large_ ? have_ : tail_.size(); }

 private:
  static constexpr std::size_t large_bytes =
      64u << 10;  // below it, copying a tail costs less than another allocation
  static_assert(large_bytes <= read_buffer::longest_tail);

  std::vector<std::byte> tail_;
  heap_bytes large_;
  std::size_t size_ = 0;
  std::size_t have_ = 0;
};

}  // namespace viceroy
