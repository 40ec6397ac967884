#include "viceroy/id/text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace vr = viceroy;

TEST_CASE("quoted text is short and holds nothing that a terminal would obey") {
  CHECK(vr::in_quotes("") == "''");
  CHECK(vr::in_quotes("a b") == "'a b'");
  CHECK(vr::in_quotes("\x1b[2J\n\xff\x7f") ==
        "'?[2J?"
        "?"
        "?'");
  CHECK(vr::in_quotes(std::string(60, 'x')) == "'" + std::string(60, 'x') + "'");
  CHECK(vr::in_quotes(std::string(100'000, 'x')) == "'" + std::string(60, 'x') + "...'");
}

TEST_CASE("a number has exactly one text") {
  for (const std::uint64_t value : {0ull, 1ull, 9ull, 10ull, 65535ull, 18446744073709551615ull}) {
    std::string text;
    vr::append_number(text, value);
    CHECK(vr::parse_number(text) == value);
  }
  for (const std::string text :
       {"", " ", "00", "01", "+1", "-1", "1 ", " 1", "1x", "0x1", "1.0", "18446744073709551616"}) {
    CAPTURE(text);
    CHECK_FALSE(vr::parse_number(text));
  }
  CHECK(vr::parse_number("65535", 65535) == 65535);
  CHECK_FALSE(vr::parse_number("65536", 65535));
}

TEST_CASE("a hexadecimal number has exactly sixteen lower-case digits") {
  std::string text;
  vr::append_hex(text, 0x0123456789abcdef);
  CHECK(text == "0123456789abcdef");
  CHECK(vr::parse_hex(text) == 0x0123456789abcdef);
  CHECK(vr::parse_hex("ffffffffffffffff") == ~std::uint64_t{0});
  for (const char* wrong : {"", "0", "0123456789ABCDEF", "0123456789abcdeg", "0123456789abcdef0"}) {
    CHECK_FALSE(vr::parse_hex(wrong));
  }
}
