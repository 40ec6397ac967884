#include "viceroy/space/assignments.hpp"

#include <doctest/doctest.h>

#include <string>

namespace vr = viceroy;

TEST_CASE("assignments are split into labels and values") {
  const auto parts = vr::split_assignments("{a=1, b=2:3/4}");
  REQUIRE(parts);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].label == "a");
  CHECK(parts[0].value == "1");
  CHECK(parts[1].label == "b");
  CHECK(parts[1].value == "2:3/4");
  REQUIRE(vr::split_assignments("{}"));
  CHECK(vr::split_assignments("{}").empty());
}

TEST_CASE("text of another form is refused") {
  for (const std::string text :
       {"", "{", "}", "a=1", "{a=1", "a=1}", "{a}", "{a=1, }", "{, a=1}", "{a=1, b}", "{ }"}) {
    CAPTURE(text);
    CHECK_FALSE(vr::split_assignments(text));
  }
}

TEST_CASE("more assignments than an extent has dimensions are refused unread") {
  std::string text = "{";
  for (std::size_t i = 0; i < vr::limit::dimensions; ++i) {
    vr::append_assignment(text, "d" + std::to_string(i));
    text += '1';
  }
  CHECK(vr::split_assignments(text + "}").size() == vr::limit::dimensions);
  vr::append_assignment(text, "more");
  text += "1}";
  CHECK_FALSE(vr::split_assignments(text));
}
