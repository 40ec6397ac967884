#include "viceroy/mailbox/name_table.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

namespace vr = viceroy;

TEST_CASE("an empty name table finds nothing") {
  vr::name_table names;
  CHECK(names.find(vr::label::parse("absent")) == nullptr);
  names.remove(vr::label::parse("absent"));
  CHECK(names.size() == 0);
}

TEST_CASE("a name table holds what a map would, however names come and go") {
  vr::name_table names;
  std::map<int, std::uint32_t> expected;
  std::mt19937 random(20261121);
  const auto name = [](int i) { return vr::label::parse("name" + std::to_string(i)); };
  for (std::uint32_t step = 0; step != 20'000; ++step) {
    const int i = static_cast<int>(random() % 300);
    if (expected.count(i) != 0) {
      names.remove(name(i));
      expected.erase(i);
    } else {
      names.add(name(i), step);
      expected[i] = step;
    }
    if (step % 500 != 0) continue;
    REQUIRE(names.size() == expected.size());
    for (int each = 0; each != 300; ++each) {
      const std::uint32_t* const found = names.find(name(each));
      REQUIRE((found != nullptr) == (expected.count(each) != 0));
      if (found != nullptr) REQUIRE(*found == expected[each]);
    }
  }
}
