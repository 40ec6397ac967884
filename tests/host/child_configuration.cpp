#include "viceroy/host/child_configuration.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace vr = viceroy;

namespace {

std::string refusal(std::span<const std::byte> from) {
  try {
    vr::decode_configuration(from);
  } catch (const vr::error& e) {
    CHECK(e.kind() == vr::errc::bad_input);
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a configuration arrives as it left, with a key and without") {
  vr::child_configuration c;
  c.bounds.hello = vr::limits::ms(17);
  c.bounds.poll_us = 3;
  c.bounds.mailbox_bytes = 99;
  c.token = 0x1234567890abcdef;
  CHECK_FALSE(vr::decode_configuration(vr::encode_configuration(c)).key);
  c.key.emplace();
  c.key->front() = std::byte{7};
  const auto back = vr::decode_configuration(vr::encode_configuration(c));
  CHECK(back.bounds.hello == vr::limits::ms(17));
  CHECK(back.bounds.poll_us == 3);
  CHECK(back.bounds.mailbox_bytes == 99);
  CHECK(back.key == c.key);
  CHECK(back.token == c.token);
}

TEST_CASE("what is no configuration is refused with a sentence") {
  CHECK(refusal({}).find("was started by something that is not a launcher") != std::string::npos);
  auto bytes = vr::encode_configuration({});
  CHECK(refusal(std::span(bytes).first(5)) == "the lifeline carries 5 bytes, which is no configuration");
  auto other = bytes;
  other[0] = std::byte{9};
  CHECK(refusal(other).find("has version 9, and this program knows version 1") != std::string::npos);
  other = bytes;
  other[4] ^= std::byte{1};
  CHECK(refusal(other).find("another layout") != std::string::npos);
  for (std::size_t n = 12; n < bytes.size(); ++n) CHECK_FALSE(refusal(std::span(bytes).first(n)).empty());
  other = bytes;
  other.push_back({});
  CHECK(refusal(other).find("does not decode: bytes or parts are left over") != std::string::npos);
}

TEST_CASE("random bytes never get past the decoder unnoticed") {
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::byte> bytes(random() % 300);
    for (auto& b : bytes) b = static_cast<std::byte>(random());
    CHECK_FALSE(refusal(bytes).empty());
  }
}
