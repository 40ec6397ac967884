// codec: messages to bytes and back, by reflection; decoding trusts nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>

#include "viceroy/wire/bytes.hpp"
#include "viceroy/wire/codec_choices.hpp"
#include "viceroy/wire/codec_keyed.hpp"
#include "viceroy/wire/codec_records.hpp"
#include "viceroy/wire/codec_rows.hpp"
#include "viceroy/wire/codec_scalars.hpp"
#include "viceroy/wire/codec_sequences.hpp"
#include "viceroy/wire/codec_traits.hpp"

// The wire form. Numbers and enums as in memory, little-endian; a bool is a byte, 0 or 1. A string, container
// or `bytes` is a u32 length, then its content; the top bit of the length of a `bytes` says that the content
// is a part of its own, beside the body. A container's element of no size takes one zero byte. An optional is
// a bool, then the value if there is one; a variant is its index in a byte, then the value. Records are their
// fields in order. No padding, no tags, no names: what the bytes are is known by the type_id that travels
// with them.

namespace viceroy {
namespace detail {

template <class T>
constexpr bool check_encodable() {
  static_assert(
      encodable<T>,
      "this type cannot be written down: make it an aggregate of encodable fields, list its members with "
      "VICEROY_FIELDS, or specialise viceroy::codec for what it holds");
  return encodable<T>;
}

}  // namespace detail

// Tells how many bytes of body encode() will write; the parts beside the body are not counted.
template <class T>
std::size_t encoded_size(const T& value) {
  if constexpr (detail::check_encodable<T>())
    return codec<T>::size(value);
  else
    return 0;
}

// Appends a value to a writer; `out.failed()` tells whether it could not.
template <class T>
void encode(writer& out, const T& value) {
  if constexpr (detail::check_encodable<T>()) codec<T>::encode(out, value);
}

// Reads a value into one that exists, which holds something unspecified, but valid, after a failure.
// Returns: false when the bytes are no T; in.reason() says why.
template <class T>
bool decode(reader& in, T& value) {
  if constexpr (detail::check_encodable<T>())
    return codec<T>::decode(in, value);
  else
    return false;
}

// Writes a message by itself.
// Errors: frame_too_large, when it, or what the receiver would allocate for it, is out of bounds.
// Cost: one allocation for the body; large `bytes` are shared.
template <class T>
encoded encode_message(const T& message) {
  return detail::encode_whole(encoded_size(message), &message, [](writer& out, const void* value) {
    encode(out, *static_cast<const T*>(value));
  });
}

// Reads a whole message.
// Returns: nothing when the reader's bytes and parts are not exactly one T; in.reason() says why.
template <class T>
std::optional<T> decode_message(reader& in) {
  std::optional<T> message;
  if constexpr (detail::check_encodable<T>()) message = decode_value<T>(in);
  if (!in.finish()) message.reset();
  return message;
}
template <class T>
std::optional<T> decode_message(std::span<const std::byte> body, std::span<const bytes> parts = {}) {
  reader in(body, parts);
  return decode_message<T>(in);
}
template <class T>
std::optional<T> decode_message(const encoded& message) {
  reader in(message);
  return decode_message<T>(in);
}

}  // namespace viceroy
