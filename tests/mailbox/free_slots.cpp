#include "viceroy/mailbox/free_slots.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <random>
#include <set>

#include "support/sanitized.hpp"

namespace vr = viceroy;

#if !VICEROY_TEST_SANITIZED
namespace {
thread_local constinit int until_none = -1;  // so many allocations succeed before one fails; never: negative
}

// Not inlined, or the compiler sees malloc's memory given to delete, and warns.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  if (until_none >= 0 && until_none-- == 0) throw std::bad_alloc();
  if (void* const memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("Room that could be had for one level only is made whole before a number needs it") {
  vr::free_slots free;
  std::uint32_t n = 0;
  for (; n != 16'384; ++n) free.reserve(n + 1);  // both levels are as long as their memory
  for (int succeed : {0, 1}) {
    bool failed = false;
    until_none = succeed;
    try {
      free.reserve(n + 1);
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    CHECK(failed);
  }
  until_none = 1;
  CHECK_NOTHROW(free.reserve(n + 1));
  CHECK(until_none == 0);  // the second level's room was still to be had, and was asked for
  until_none = -1;
  free.add(n);
  CHECK(free.take() == n);
  CHECK(free.empty());
}
#endif

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
