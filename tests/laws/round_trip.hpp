// round_trip: what must hold of any value that is written down, and of any bytes that pretend to be one.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "viceroy/wire/codec.hpp"

namespace laws {

// Decoding gives the value back, in exactly the bytes that were announced; encoding it again gives the same
// size. Types: T is encodable and has ==.
template <class T>
void round_trip(const T& value) {
  const viceroy::encoded sent = viceroy::encode_message(value);
  CHECK(sent.body.size() == viceroy::encoded_size(value));
  CHECK(sent.body.size() >= viceroy::codec<T>::min_bytes);

  const std::optional<T> received = viceroy::decode_message<T>(sent);
  REQUIRE(received.has_value());
  CHECK((*received == value));

  std::vector<std::byte> grown;
  {
    viceroy::writer out(grown);
    viceroy::encode(out, value);
    CHECK(!out.failed());
  }
  CHECK(grown == sent.body);
}

// Counts the bytes that were allocated while f ran; null when nobody counts.
inline std::size_t (*allocated_bytes)() = nullptr;

// Whatever the bytes are, decoding ends, in bounds, having allocated no more than the named multiple of them;
// and what it accepts can be sent again. Returns whether it accepted them.
template <class T>
bool decode_any(std::span<const std::byte> body, std::span<const viceroy::bytes> parts = {}) {
  const std::size_t before = allocated_bytes != nullptr ? allocated_bytes() : 0;
  viceroy::reader in(body, parts);
  const std::optional<T> received = viceroy::decode_message<T>(in);
  const std::size_t after = allocated_bytes != nullptr ? allocated_bytes() : 0;
  // One body for what strings round up to.
  const std::size_t bound = viceroy::detail::allowance_bytes(body.size()) + 2 * body.size() + 256;
  if (after - before > bound) FAIL_CHECK("decoding " << body.size() << " bytes allocated " << after - before);
  if (received.has_value() == in.failed()) FAIL_CHECK("a failure has a reason, and a success has none");
  if (received && viceroy::encode_message(*received).body.size() != body.size())
    FAIL_CHECK("bytes were accepted that no value has");
  return received.has_value();
}

// Every proper prefix of a message is refused, and so is anything after it.
template <class T>
void refuses_other_lengths(const T& value) {
  const viceroy::encoded sent = viceroy::encode_message(value);
  for (std::size_t n = 0; n != sent.body.size(); ++n) {
    const std::vector<std::byte> prefix(sent.body.data(),
                                        sent.body.data() + n);  // its own: so that ASan sees its end
    if (decode_any<T>(prefix, sent.parts)) FAIL_CHECK("a prefix of " << n << " bytes was accepted");
  }
  std::vector<std::byte> longer = sent.body;
  longer.push_back(std::byte{0});
  CHECK(!decode_any<T>(longer, sent.parts));
  std::vector<viceroy::bytes> more = sent.parts;
  more.push_back(viceroy::bytes::copy("x"));
  CHECK(!decode_any<T>(sent.body, more));
}

// Every byte, in turn, as every other value.
template <class T>
void survives_corruption(const T& value) {
  const viceroy::encoded sent = viceroy::encode_message(value);
  std::vector<std::byte> body = sent.body;
  for (std::byte& byte : body) {
    const std::byte right = byte;
    for (unsigned flip = 1; flip != 256; ++flip) {
      byte = right ^ static_cast<std::byte>(flip);
      decode_any<T>(body, sent.parts);
    }
    byte = right;
  }
}

}  // namespace laws
