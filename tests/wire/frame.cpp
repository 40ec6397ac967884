#include "viceroy/wire/frame.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace vr = viceroy;

TEST_CASE("every field stands where docs/wire.md says") {
  CHECK(offsetof(vr::preamble, magic) == 0);
  CHECK(offsetof(vr::preamble, version) == 4);
  CHECK(offsetof(vr::preamble, kind) == 6);
  CHECK(offsetof(vr::preamble, refusal) == 7);
  CHECK(offsetof(vr::preamble, length) == 8);
  CHECK(offsetof(vr::preamble, key) == 16);
  CHECK(offsetof(vr::frame_header, length) == 0);
  CHECK(offsetof(vr::frame_header, kind) == 4);
  CHECK(offsetof(vr::frame_header, sequence) == 8);
  CHECK(offsetof(vr::frame_header, acknowledged) == 16);
  CHECK(offsetof(vr::message_header, to_proc) == 0);
  CHECK(offsetof(vr::message_header, to_name) == 4);
  CHECK(offsetof(vr::message_header, to_index) == 8);
  CHECK(offsetof(vr::message_header, from_proc) == 16);
  CHECK(offsetof(vr::message_header, from_name) == 20);
  CHECK(offsetof(vr::message_header, from_index) == 24);
  CHECK(offsetof(vr::message_header, port) == 32);
  CHECK(offsetof(vr::message_header, reply) == 40);
  CHECK(offsetof(vr::message_header, type) == 48);
  CHECK(offsetof(vr::message_header, sequence) == 56);
  CHECK(offsetof(vr::message_header, trace) == 64);
  CHECK(offsetof(vr::message_header, shape) == 72);
  CHECK(offsetof(vr::message_header, rank) == 76);
  CHECK(offsetof(vr::message_header, flags) == 80);
  CHECK(offsetof(vr::message_header, hops) == 82);
  CHECK(offsetof(vr::message_header, lane) == 83);
  CHECK(offsetof(vr::message_header, body) == 84);
  CHECK(offsetof(vr::message_header, parts) == 88);
  CHECK(offsetof(vr::message_header, reserved) == 92);
}

TEST_CASE("numbers are little-endian and the magic is readable") {
  vr::preamble first;
  first.length = 0x01020304;
  std::array<std::byte, sizeof first> bytes{};
  vr::store_struct(bytes.data(), first);
  CHECK(bytes[0] == std::byte{'V'});
  CHECK(bytes[3] == std::byte{'1'});
  CHECK(bytes[4] == std::byte{1});
  CHECK(bytes[8] == std::byte{4});
  CHECK(bytes[11] == std::byte{1});
}

TEST_CASE("a struct is read from any alignment") {
  std::array<std::byte, sizeof(vr::frame_header) + 1> bytes{};
  vr::frame_header header;
  header.sequence = 0x1122334455667788;
  header.kind = vr::frame_kind::close;
  vr::store_struct(bytes.data() + 1, header);
  const auto again = vr::load_struct<vr::frame_header>(bytes.data() + 1);
  CHECK(again.sequence == header.sequence);
  CHECK(again.kind == vr::frame_kind::close);
}

TEST_CASE("a header is judged by its kind") {
  const auto judged = [](vr::frame_kind kind, std::uint32_t length) {
    vr::frame_header header;
    header.kind = kind;
    header.length = length;
    return vr::problem(header) == nullptr;
  };
  CHECK(judged(vr::frame_kind::message, 96));
  CHECK_FALSE(judged(vr::frame_kind::message, 95));
  CHECK(judged(vr::frame_kind::again, 0));
  CHECK(judged(vr::frame_kind::define, vr::limit::name_bytes));
  CHECK_FALSE(judged(vr::frame_kind::define, vr::limit::name_bytes + 1));
  CHECK_FALSE(judged(vr::frame_kind::manifest, vr::limit::manifest_bytes + 1));
  CHECK_FALSE(judged(vr::frame_kind::close, vr::limit::reason_bytes + 1));
  CHECK_FALSE(judged(vr::frame_kind::refuse, vr::limit::reason_bytes + 1));
  CHECK(judged(vr::frame_kind::forget, 0));
  CHECK_FALSE(judged(vr::frame_kind::forget, 1));
  CHECK_FALSE(judged(vr::frame_kind::manifest_request, 1));
  CHECK_FALSE(judged(static_cast<vr::frame_kind>(0), 0));
  CHECK_FALSE(judged(static_cast<vr::frame_kind>(200), 0));
}
