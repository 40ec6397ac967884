#include "viceroy/mailbox/allowance.hpp"

#include <doctest/doctest.h>

#include <cstdint>

namespace vr = viceroy;

TEST_CASE("An allowance is taken until nothing is left, and what was taken too much is given back") {
  vr::allowance a(10 * vr::pool::granule);
  CHECK(a.untouched());
  CHECK(a.take(4));
  CHECK(a.take(6));
  CHECK(a.taken_bytes() == 10 * vr::pool::granule);
  CHECK_FALSE(a.has(1));
  CHECK_FALSE(a.take(1));
  CHECK(a.taken_bytes() == 11 * vr::pool::granule);
  a.give(1);
  a.give(4);
  CHECK(a.has(4));
  CHECK_FALSE(a.has(5));
  CHECK(a.take(4));
  a.give(10);
  CHECK(a.untouched());
}

TEST_CASE("An allowance that is withheld finds nothing left and still counts") {
  vr::allowance a(100 * vr::pool::granule);
  CHECK(a.take(3));
  a.withhold(true);
  a.withhold(true);
  CHECK(a.withheld());
  CHECK(a.taken_bytes() == 3 * vr::pool::granule);
  CHECK(a.has(97));
  CHECK_FALSE(a.has(98));
  CHECK_FALSE(a.take(1));
  CHECK(a.taken_bytes() == 4 * vr::pool::granule);
  a.give(4);
  CHECK(a.untouched());
  a.withhold(false);
  CHECK_FALSE(a.withheld());
  CHECK(a.take(100));
  CHECK_FALSE(a.take(1));
}

TEST_CASE("An allowance is rounded up to a granule and ends at 32 GiB") {
  CHECK(vr::allowance(1).most_bytes() == vr::pool::granule);
  CHECK(vr::allowance(0).most_bytes() == 0);
  vr::allowance most(UINT64_MAX);
  CHECK(most.most_bytes() == std::uint64_t{32} << 30);
  CHECK(most.take(1u << 30));
  CHECK_FALSE(most.take(65'535));
  most.withhold(true);
  CHECK(most.taken_bytes() == (std::uint64_t{32} << 30) + 65'535 * vr::pool::granule);
  CHECK_FALSE(most.take(1));
}
