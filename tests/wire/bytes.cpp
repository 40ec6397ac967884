#include "viceroy/wire/bytes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace vr = viceroy;

namespace {

std::string text_of(std::span<const std::byte> body) {
  return {reinterpret_cast<const char*>(body.data()), body.size()};
}

}  // namespace

TEST_CASE("bytes share one buffer, which the last of them frees") {
  auto owner = std::make_shared<std::string>("0123456789");
  const std::weak_ptr<std::string> alive = owner;
  vr::bytes all(owner, std::as_bytes(std::span(*owner)));
  const std::byte* const where = all.data();
  owner.reset();

  vr::bytes part = all.subrange(2, 3);
  all = vr::bytes();
  CHECK(part.text() == "234");
  CHECK(part.data() == where + 2);
  CHECK(!alive.expired());
  part = vr::bytes();
  CHECK(alive.expired());
}

TEST_CASE("bytes are made from a vector, a string or a copy, and compare by content") {
  std::string text(100, 'x');
  const char* const where = text.data();
  const vr::bytes moved(std::move(text));
  CHECK(reinterpret_cast<const char*>(moved.data()) == where);

  const vr::bytes from_vector(std::vector<std::byte>(100, std::byte{'x'}));
  CHECK(moved == from_vector);
  CHECK(moved == vr::bytes::copy(std::string(100, 'x')));
  CHECK(moved != vr::bytes::copy(std::string(99, 'x')));
  CHECK(moved != vr::bytes::copy(std::string(100, 'y')));
  CHECK(vr::bytes() == vr::bytes(std::string()));
  CHECK(vr::bytes().empty());
}

TEST_CASE("bytes are a range that a span is made of") {
  const vr::bytes three = vr::bytes::copy("abc");
  std::string read;
  for (const std::byte b : three) read.push_back(static_cast<char>(b));
  CHECK(read == "abc");
  const std::span<const std::byte> view(three);
  CHECK(view.data() == three.data());
  CHECK(view.size() == 3);
  for ([[maybe_unused]] const std::byte b : vr::bytes()) FAIL("nothing to visit");
}

TEST_CASE("a part beyond the end of bytes is refused, with the numbers") {
  const vr::bytes five = vr::bytes::copy("01234");
  CHECK(five.subrange(5, 0).empty());
  CHECK(five.subrange(0, 5) == five);
  CHECK_THROWS_WITH_AS(five.subrange(3, 3), "bytes 3 + 3 were asked for out of 5", vr::error);
  CHECK_THROWS_AS(five.subrange(6, 0), vr::error);
  CHECK_THROWS_AS(five.subrange(1, static_cast<std::size_t>(-1)), vr::error);
}

TEST_CASE("copies of bytes are used and destroyed by several threads") {
  vr::bytes shared = vr::bytes::copy("shared");
  std::array<bool, 4> same{};
  {
    std::vector<std::jthread> threads;
    for (bool& mine : same)
      threads.emplace_back([&mine, copy = shared] {
        mine = true;
        for (int i = 0; i != 1000; ++i) mine = mine && vr::bytes(copy).subrange(1, 2).text() == "ha";
      });
    shared = vr::bytes();
  }
  CHECK(same == std::array{true, true, true, true});
}

TEST_CASE("a writer fills the span that it was given, little-endian") {
  std::array<std::byte, 1 + 4 + 8 + 3> body{};
  vr::writer out{std::span(body)};
  out.put_u8(1);
  out.put_u32(0x05040302);
  out.put_u64(0x0d0c0b0a09080706);
  out.put("abc", 3);
  out.put(nullptr, 0);
  CHECK(!out.failed());
  CHECK(out.size() == body.size());
  CHECK(text_of(body) ==
        "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d"
        "abc");
}

TEST_CASE("a writer that has no room fails, stays failed and leaves the rest alone") {
  std::array<char, 8> memory{'.', '.', '.', '.', '.', '.', '.', '.'};
  vr::writer out(std::as_writable_bytes(std::span(memory)).first(6));
  out.put_u32(0x64636261);
  out.put_u32(0);
  CHECK(out.failed());
  out.put_u8('x');  // would have had room
  CHECK(out.claim(1) == nullptr);
  CHECK(out.size() == 4);
  CHECK(std::string(out.reason()) == "a message was larger than its encoded_size()");
  CHECK(std::string_view(memory.data(), memory.size()) == "abcd....");

  vr::writer nowhere{std::span<std::byte>()};
  nowhere.put("", 0);
  CHECK(!nowhere.failed());
  nowhere.put_u8(0);
  CHECK(nowhere.failed());
}

TEST_CASE("a writer appends to a vector, which has its final size afterwards") {
  std::vector<std::byte> body(2, std::byte{'-'});
  {
    vr::writer out(body);
    for (int i = 0; i != 1000; ++i) out.put("0123456789", 10);
    CHECK(out.size() == 10'000);
    CHECK(!out.failed());
  }
  REQUIRE(body.size() == 10'002);
  CHECK(text_of(body).substr(0, 14) == "--012345678901");
  CHECK(text_of(body).substr(9'998) == "6789");
}

TEST_CASE("small bytes are written into the body, large ones stay where they are") {
  const vr::bytes small(std::string(vr::limit::separate_bytes - 1, 's'));
  const vr::bytes large(std::string(vr::limit::separate_bytes, 'l'));
  CHECK(vr::writer::size_of_part(small) == 4 + small.size());
  CHECK(vr::writer::size_of_part(large) == 4);

  vr::encoded sent;
  {
    vr::writer out(sent.body);
    out.put_part(small);
    out.put_part(large);
    out.put_part(vr::bytes());
    CHECK(out.size() == 4 + small.size() + 4 + 4);
    sent.parts = out.take_parts();
  }
  REQUIRE(sent.parts.size() == 1);
  CHECK(sent.parts[0].data() == large.data());

  SUBCASE("and come back, the large one as it is") {
    vr::reader in(sent);
    vr::bytes first, second, third;
    CHECK(in.get_part(first));
    CHECK(in.get_part(second));
    CHECK(in.get_part(third));
    CHECK(in.finish());
    CHECK(first == small);
    CHECK(second.data() == large.data());
    CHECK(third.empty());
  }
  SUBCASE("and the small one as a part of a body that is shared") {
    const vr::bytes frame(sent.body);
    vr::reader in(frame, sent.parts);
    vr::bytes first;
    CHECK(in.get_part(first));
    CHECK(first.data() == frame.data() + 4);
  }
  SUBCASE("and a part that is missing, or of another size, is refused") {
    vr::bytes first, second;
    vr::reader missing{std::span<const std::byte>(sent.body)};
    CHECK(missing.get_part(first));
    CHECK(!missing.get_part(second));
    CHECK(std::string(missing.reason()) == "a separate part is missing or of another size");

    const std::vector<vr::bytes> other{small};
    vr::reader mistaken(sent.body, other);
    CHECK(mistaken.get_part(first));
    CHECK(!mistaken.get_part(second));
  }
  SUBCASE("and a part that nobody asked for is left over") {
    vr::reader in(std::span<const std::byte>(), sent.parts);
    CHECK(!in.finish());
    CHECK(std::string(in.reason()) == "bytes or parts are left over");
  }
}

TEST_CASE("a reader never reads past the end; its first failure stays") {
  const std::vector<std::byte> body(7);
  vr::reader in{std::span(body)};
  std::uint32_t four = 1;
  std::uint64_t eight = 1;
  std::uint8_t one = 1;
  CHECK(in.get_u32(four));
  CHECK(four == 0);
  CHECK(in.remaining() == 3);
  CHECK(!in.get_u64(eight));
  CHECK(eight == 1);
  CHECK(!in.get_u8(one));  // though three bytes are left
  CHECK(in.get(1) == nullptr);
  in.fail("another reason");
  CHECK(std::string(in.reason()) == "the bytes end inside a value");
  CHECK(!in.finish());
}

TEST_CASE("a reader of nothing has nothing, and that is well") {
  vr::reader in{std::span<const std::byte>()};
  CHECK(in.get(0) != nullptr);
  CHECK(in.get(nullptr, 0));
  CHECK(in.finish());
}

TEST_CASE("a length must have its elements behind it") {
  std::vector<std::byte> body(4 + 10);
  std::uint32_t n = 10;
  std::memcpy(body.data(), &n, 4);
  std::uint32_t got = 0;
  CHECK(vr::reader{std::span(body)}.get_length(got, 1));
  CHECK(got == 10);
  CHECK(!vr::reader{std::span(body)}.get_length(got, 2));
  n = 0xffffffff;
  std::memcpy(body.data(), &n, 4);
  CHECK(!vr::reader{std::span(body)}.get_length(got, 8));
}

TEST_CASE("levels and memory have limits, the same for writer and reader") {
  const std::vector<std::byte> body(1);
  std::vector<std::byte> written;
  vr::reader in{std::span(body)};
  vr::writer out(written);
  for (std::size_t i = 0; i != vr::limit::nesting; ++i) {
    CHECK(in.enter());
    CHECK(out.enter());
  }
  CHECK(!in.enter());
  CHECK(!out.enter());
  CHECK(in.failed());
  CHECK(out.failed());

  const std::size_t allowed = vr::detail::allowance_bytes(body.size());
  vr::reader careful{std::span(body)};
  CHECK(careful.charge(allowed / 2, 1));
  CHECK(careful.charge(allowed / 4, 2));
  CHECK(!careful.charge(1, 1));
  CHECK(!vr::reader{std::span(body)}.charge(static_cast<std::size_t>(-1), 8));

  std::vector<std::byte> grows;
  vr::writer generous(grows);
  generous.charge(allowed, 1);
  CHECK(!generous.failed());
  generous.charge(1, 1);
  CHECK(generous.failed());
}
