// bytes: the bounded writer and reader of a message's body, and of the vr::bytes that travel beside it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "viceroy/base/limits.hpp"
#include "viceroy/wire/buffer.hpp"

// The wire is little-endian and runs of numbers are copied whole: a big-endian machine needs another codec.
static_assert(std::endian::native == std::endian::little,
              "viceroy's wire format needs a little-endian machine");

namespace viceroy {

// A message that is written down: its body, and the bytes too large to be copied into it, in order.
struct encoded {
  std::vector<std::byte> body;
  std::vector<bytes> parts;
};

namespace detail {

// What decoding a body may allocate for elements, besides what strings and bytes copy of it (once at most).
// Small bodies have a floor of 15 * 64 KiB: an honest set of 256 one-byte values takes 10 KiB.
constexpr std::size_t allowance_bytes(std::size_t body_bytes) {
  return (limit::decode_amplification - 1) *
         (body_bytes > limit::separate_bytes ? body_bytes : limit::separate_bytes);
}

inline constexpr std::uint32_t separate_flag = 1u << 31;  // in the length of a `bytes`: the content is a part
static_assert(limit::frame_bytes < separate_flag);

}  // namespace detail

// Appends to a given span or to a growing vector, never past its end; what fails once stays failed.
// A writer keeps the reader's bounds (length, nesting, memory), so that what one accepts the other takes.
class writer {
 public:
  // Writes into a buffer of the size that encoded_size() told.
  explicit writer(std::span<std::byte> into) noexcept
      : begin_(into.data()), at_(begin_), end_(begin_ + into.size()) {}
  // Appends to a vector, which has its final size when the writer is destroyed.
  explicit writer(std::vector<std::byte>& grows) : grows_(&grows), kept_(grows.size()) { rebase(0); }
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  ~writer() {
    if (grows_ != nullptr) grows_->resize(kept_ + size());
  }

  // Returns: where to write the next `n` bytes, or null when they have no room (the writer has failed then).
  std::byte* claim(std::size_t n) {
    if (n > static_cast<std::size_t>(end_ - at_)) [[unlikely]]
      if (!make_room(n)) return nullptr;
    std::byte* const place = at_;
    at_ += n;
    return place;
  }
  void put(const void* from, std::size_t n) {
    std::byte* const to = claim(n);
    if (to != nullptr && n != 0) std::memcpy(to, from, n);
  }
  void put_u8(std::uint8_t value) { put(&value, sizeof value); }
  void put_u32(std::uint32_t value) { put(&value, sizeof value); }
  void put_u64(std::uint64_t value) { put(&value, sizeof value); }

  // Writes how many elements or bytes follow.
  void put_length(std::size_t n) {
    if (n > limit::frame_bytes) [[unlikely]]
      fail("a string or container is longer than limit::frame_bytes");
    put_u32(static_cast<std::uint32_t>(n));
  }

  // Writes the length, then the content; content of limit::separate_bytes or more becomes a part instead: it
  // is shared, not copied, and the top bit of its length says so.
  void put_part(const bytes& content) {
    if (content.size() < limit::separate_bytes) {
      put_length(content.size());
      put(content.data(), content.size());
    } else if (content.size() > limit::frame_bytes) {
      fail("a bytes member is longer than limit::frame_bytes");
    } else {
      put_u32(static_cast<std::uint32_t>(content.size()) | detail::separate_flag);
      parts_.push_back(content);
    }
  }
  // Returns: how much of the body a `bytes` takes.
  static std::size_t size_of_part(const bytes& content) noexcept {
    return sizeof(std::uint32_t) + (content.size() < limit::separate_bytes ? content.size() : 0);
  }

  // Counts what the reader will allocate for a container's elements.
  void charge(std::size_t count, std::size_t element_bytes) noexcept { charged_ += count * element_bytes; }
  // Opens one more level of values within values; leave() closes it.
  bool enter() noexcept {
    if (++depth_ > limit::nesting) [[unlikely]]
      fail("values are nested deeper than limit::nesting");
    return reason_ == nullptr;
  }
  void leave() noexcept { --depth_; }

  void fail(const char* reason) noexcept {
    if (reason_ == nullptr) reason_ = reason;
    end_ = at_;
  }
  bool failed() const noexcept { return reason() != nullptr; }
  // Returns: why nothing more is written, one sentence; null when all is well.
  const char* reason() const noexcept {
    if (reason_ == nullptr && charged_ > detail::allowance_bytes(size()))
      return "the receiver would allocate more than limit::decode_amplification times the message";
    return reason_;
  }
  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  const std::vector<bytes>& parts() const noexcept { return parts_; }
  std::vector<bytes> take_parts() noexcept { return std::move(parts_); }

 private:
  bool make_room(std::size_t n) {
    if (grows_ == nullptr) fail("a message was larger than its encoded_size()");
    if (reason_ == nullptr && n > limit::frame_bytes - size())
      fail("a message is larger than limit::frame_bytes");
    if (reason_ != nullptr) return false;
    const std::size_t written = size();
    std::size_t room = written + n > 2 * written ? written + n : 2 * written;
    if (room < 256) room = 256;
    grows_->resize(kept_ + room);
    rebase(written);
    return true;
  }
  void rebase(std::size_t written) noexcept {
    begin_ = grows_->data() + kept_;
    at_ = begin_ + written;
    end_ = grows_->data() + grows_->size();
  }

  std::byte* begin_ = nullptr;
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
  const char* reason_ = nullptr;
  std::size_t charged_ = 0;
  std::size_t depth_ = 0;
  std::vector<std::byte>* grows_ = nullptr;
  std::size_t kept_ = 0;  // of the vector, from before
  std::vector<bytes> parts_;
};

// Reads what a writer wrote, from a source that need not be trusted: never past the end, never throwing; the
// first failure stays and empties the reader, so that a decoder may go on and look once, at the end.
class reader {
 public:
  // Types: the body and parts outlive the reader; a small `bytes` read from it is a copy.
  explicit reader(std::span<const std::byte> body, std::span<const bytes> parts = {}) noexcept
      : at_(body.empty() ? &nothing : body.data()),
        end_(at_ + body.size()),
        parts_(parts),
        allowance_(detail::allowance_bytes(body.size())) {}
  // Types: the body is shared; a small `bytes` read from it refers to it, and so keeps all of it alive.
  explicit reader(const bytes& body, std::span<const bytes> parts = {}) noexcept
      : reader(std::span(body.data(), body.size()), parts) {
    shared_ = &body;
  }
  explicit reader(const encoded& message) noexcept
      : reader({message.body.data(), message.body.size()}, {message.parts.data(), message.parts.size()}) {}

  // Returns: the next `n` bytes, or null when there are fewer (the reader has failed then).
  const std::byte* get(std::size_t n) noexcept {
    if (n > remaining()) [[unlikely]] {
      fail("the bytes end inside a value");
      return nullptr;
    }
    const std::byte* const begin = at_;
    at_ += n;
    return begin;
  }
  bool get(void* to, std::size_t n) noexcept {
    const std::byte* const from = get(n);
    if (from == nullptr) [[unlikely]]
      return false;
    if (n != 0) std::memcpy(to, from, n);
    return true;
  }
  bool get_u8(std::uint8_t& value) noexcept { return get(&value, sizeof value); }
  bool get_u32(std::uint32_t& value) noexcept { return get(&value, sizeof value); }
  bool get_u64(std::uint64_t& value) noexcept { return get(&value, sizeof value); }

  // Reads how many elements follow, each of at least `element_bytes` (not zero) on the wire: there must be
  // that many.
  bool get_length(std::uint32_t& n, std::size_t element_bytes) noexcept {
    if (!get_u32(n)) return false;
    return n <= remaining() / element_bytes || fail("a length is larger than the bytes that follow");
  }

  // Reads what put_part() wrote.
  bool get_part(bytes& content) {
    std::uint32_t n = 0;
    if (!get_u32(n)) return false;
    if ((n & detail::separate_flag) != 0) {
      n &= ~detail::separate_flag;
      if (parts_.empty() || parts_.front().size() != n)
        return fail("a separate part is missing or of another size");
      content = parts_.front();
      parts_ = parts_.subspan(1);
      return true;
    }
    const std::byte* const from = get(n);
    if (from == nullptr) return false;
    content = shared_ != nullptr ? shared_->subrange(static_cast<std::size_t>(from - shared_->data()), n)
                                 : bytes::copy({from, n});
    return true;
  }

  // Asks for the memory of a container's elements, before it is allocated.
  bool charge(std::size_t count, std::size_t element_bytes) noexcept {
    if (count > allowance_ / element_bytes) [[unlikely]]
      return fail("the message would allocate more than limit::decode_amplification times its size");
    allowance_ -= count * element_bytes;
    return true;
  }
  bool enter() noexcept {
    return ++depth_ <= limit::nesting || fail("values are nested deeper than limit::nesting");
  }
  void leave() noexcept { --depth_; }

  // Returns: false, always: `return in.fail("...")`.
  bool fail(const char* reason) noexcept {
    if (reason_ == nullptr) reason_ = reason;
    at_ = end_;
    return false;
  }
  // Returns: whether all went well and nothing is left over.
  bool finish() noexcept {
    if (reason_ == nullptr && (at_ != end_ || !parts_.empty())) fail("bytes or parts are left over");
    return reason_ == nullptr;
  }
  bool failed() const noexcept { return reason_ != nullptr; }
  const char* reason() const noexcept { return reason_; }
  std::size_t remaining() const noexcept { return static_cast<std::size_t>(end_ - at_); }

 private:
  static constexpr std::byte nothing{};  // so that no pointer to an empty body is null

  const std::byte* at_;
  const std::byte* end_;
  std::span<const bytes> parts_;
  std::size_t allowance_;
  std::size_t depth_ = 0;
  const char* reason_ = nullptr;
  const bytes* shared_ = nullptr;
};

}  // namespace viceroy
