#include "viceroy/base/heap_bytes.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <utility>

using viceroy::heap_bytes;

TEST_CASE("bytes on the heap keep their content while they grow") {
  heap_bytes empty;
  CHECK_FALSE(empty);
  heap_bytes some(4);
  CHECK(some);
  std::memcpy(some.data(), "abcd", 4);
  some.grow(1u << 20);
  CHECK(std::memcmp(some.data(), "abcd", 4) == 0);
}

TEST_CASE("they have one owner at a time") {
  heap_bytes first(1);
  std::byte* const at = first.data();
  heap_bytes second(std::move(first));
  CHECK(second.data() == at);
  CHECK_FALSE(first);  // NOLINT: what a moved-from one is belongs to its contract
  heap_bytes third(1);
  third = std::move(second);
  CHECK(third.data() == at);
  CHECK_FALSE(second);  // NOLINT
  third.reset();
  CHECK_FALSE(third);
}
