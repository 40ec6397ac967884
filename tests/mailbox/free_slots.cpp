#include "viceroy/mailbox/free_slots.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <set>

namespace vr = viceroy;

TEST_CASE("The lowest free number is taken first, however they came back") {
  vr::free_slots free;
  CHECK(free.empty());
  free.reserve(300'000);  // four levels
  CHECK(free.empty());
  for (const std::uint32_t n : {299'999u, 0u, 4096u, 63u, 64u, 262'144u, 4095u}) free.add(n);
  for (const std::uint32_t n : {0u, 63u, 64u, 4095u, 4096u}) CHECK(free.take() == n);
  free.add(7);
  for (const std::uint32_t n : {7u, 262'144u, 299'999u}) CHECK(free.take() == n);
  CHECK(free.empty());
}

TEST_CASE("Room is made while numbers are free, and none of them is lost") {
  vr::free_slots free;
  std::set<std::uint32_t> expected;
  std::mt19937 random(5);
  for (std::uint32_t room = 1; room != 10'000; ++room) {
    free.reserve(room);
    if (random() % 4 != 0) {
      free.add(room - 1);
      expected.insert(room - 1);
    }
    if (random() % 3 == 0 && !expected.empty()) {
      REQUIRE(free.take() == *expected.begin());
      expected.erase(expected.begin());
    }
    REQUIRE(free.empty() == expected.empty());
  }
  for (const std::uint32_t n : expected) REQUIRE(free.take() == n);
  CHECK(free.empty());
}

TEST_CASE("Numbers far apart that come and go in any order are taken lowest first") {
  vr::free_slots free;
  free.reserve(300'000);
  std::set<std::uint32_t> expected;
  std::mt19937 random(9);
  for (int i = 0; i != 60'000; ++i) {
    const bool adds = random() % 8 < (i / 10'000 % 2 == 0 ? 5u : 3u);
    if (adds) {
      const std::uint32_t n = static_cast<std::uint32_t>(random() % 300'000);
      if (expected.insert(n).second) free.add(n);
    } else if (!expected.empty()) {
      REQUIRE(free.take() == *expected.begin());
      expected.erase(expected.begin());
    }
    REQUIRE(free.empty() == expected.empty());
  }
}
