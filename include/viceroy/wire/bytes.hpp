// bytes: the bounded writer and reader of a message's body, and of the vr::bytes that travel beside it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "viceroy/base/config.hpp"
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

// Appends to a given span or to a growing vector, never past its end; what fails once stays failed.
// A writer keeps the reader's bounds (length, nesting, memory), so that what one accepts the other takes.
class writer {
 public:
  // Writes into a buffer of the size that encoded_size() told.
  explicit writer(std::span<std::byte> into) noexcept;
  // Appends to a vector, which has its final size when the writer is destroyed.
  explicit writer(std::vector<std::byte>& grows);
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  ~writer();

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
  void put_part(const bytes& content);
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
  const char* reason() const noexcept;
  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  const std::vector<bytes>& parts() const noexcept { return parts_; }
  std::vector<bytes> take_parts() noexcept;

 private:
  bool make_room(std::size_t n);
  void rebase(std::size_t written) noexcept;

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
  explicit reader(std::span<const std::byte> body, std::span<const bytes> parts = {}) noexcept;
  // Types: the body is shared; a small `bytes` read from it refers to it, and so keeps all of it alive.
  explicit reader(const bytes& body, std::span<const bytes> parts = {}) noexcept;
  explicit reader(const encoded& message) noexcept;

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
  bool get_part(bytes& content);

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
  bool finish() noexcept;
  bool failed() const noexcept { return reason_ != nullptr; }
  const char* reason() const noexcept { return reason_; }
  std::size_t remaining() const noexcept { return static_cast<std::size_t>(end_ - at_); }

 private:
  const std::byte* at_;
  const std::byte* end_;
  std::span<const bytes> parts_;
  std::size_t allowance_;
  std::size_t depth_ = 0;
  const char* reason_ = nullptr;
  const bytes* shared_ = nullptr;
};

namespace detail {
// Has a value of that size written. Errors: frame_too_large.
VICEROY_DECL encoded encode_whole(std::size_t body_bytes, const void* value,
                                  void (*write)(writer& out, const void* value));
}  // namespace detail

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/wire/body.hpp"
#endif
