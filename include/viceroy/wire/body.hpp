// body: how a writer's room grows, and what is written beside it. Compiled once on request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/wire/buffer.hpp"
#include "viceroy/wire/bytes.hpp"

namespace viceroy {

namespace detail {

// What decoding a body may allocate for elements, besides what strings and bytes copy of it (once at most).
// Small bodies have a floor of 15 * 64 KiB: an honest set of 256 one-byte values takes 10 KiB.
constexpr std::size_t allowance_bytes(std::size_t body_bytes) {
  return (limit::decode_amplification - 1) *
         (body_bytes > limit::separate_bytes ? body_bytes : limit::separate_bytes);
}

inline constexpr std::uint32_t separate_flag = 1u << 31;  // in the length of a `bytes`: the content is a part
static_assert(limit::frame_bytes < separate_flag);

inline constexpr std::byte no_bytes{};  // so that no pointer to an empty body is null

}  // namespace detail

VICEROY_DECL writer::writer(std::span<std::byte> into) noexcept
    : begin_(into.data()), at_(begin_), end_(begin_ + into.size()) {}

VICEROY_DECL writer::writer(std::vector<std::byte>& grows) : grows_(&grows), kept_(grows.size()) {
  rebase(0);
}

VICEROY_DECL writer::~writer() {
  if (grows_ != nullptr) grows_->resize(kept_ + size());
}

VICEROY_DECL void writer::put_part(const bytes& content) {
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

VICEROY_DECL const char* writer::reason() const noexcept {
  if (reason_ == nullptr && charged_ > detail::allowance_bytes(size()))
    return "the receiver would allocate more than limit::decode_amplification times the message";
  return reason_;
}

VICEROY_DECL std::vector<bytes> writer::take_parts() noexcept { return std::move(parts_); }

VICEROY_DECL bool writer::make_room(std::size_t n) {
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

VICEROY_DECL void writer::rebase(std::size_t written) noexcept {
  begin_ = grows_->data() + kept_;
  at_ = begin_ + written;
  end_ = grows_->data() + grows_->size();
}

VICEROY_DECL reader::reader(std::span<const std::byte> body, std::span<const bytes> parts) noexcept
    : at_(body.empty() ? &detail::no_bytes : body.data()),
      end_(at_ + body.size()),
      parts_(parts),
      allowance_(detail::allowance_bytes(body.size())) {}

VICEROY_DECL reader::reader(const bytes& body, std::span<const bytes> parts) noexcept
    : reader(std::span(body.data(), body.size()), parts) {
  shared_ = &body;
}

VICEROY_DECL reader::reader(const encoded& message) noexcept
    : reader({message.body.data(), message.body.size()}, {message.parts.data(), message.parts.size()}) {}

VICEROY_DECL bool reader::get_part(bytes& content) {
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

VICEROY_DECL bool reader::finish() noexcept {
  if (reason_ == nullptr && (at_ != end_ || !parts_.empty())) fail("bytes or parts are left over");
  return reason_ == nullptr;
}

VICEROY_DECL encoded detail::encode_whole(std::size_t body_bytes, const void* value,
                                          void (*write)(writer& out, const void* value)) {
  encoded result;
  result.body.resize(body_bytes);
  writer out{{result.body.data(), result.body.size()}};
  write(out, value);
  if (out.failed()) throw error(errc::frame_too_large, out.reason());
  result.parts = out.take_parts();
  return result;
}

}  // namespace viceroy
