#include "viceroy/space/range.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

namespace vr = viceroy;

TEST_CASE("a range counts its indices") {
  for (std::size_t begin = 0; begin < 6; ++begin) {
    for (std::size_t end = begin + 1; end < 12; ++end) {
      for (std::size_t step = 1; step < 8; ++step) {
        std::size_t count = 0;
        for (std::size_t i = begin; i < end; i += step) ++count;
        REQUIRE(vr::range(begin, end, step).count() == count);
      }
    }
  }
  constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
  CHECK(vr::range(0, largest).count() == largest);
  CHECK(vr::range(0, largest, largest).count() == 1);
}

TEST_CASE("a range prints its step unless it is one") {
  CHECK(vr::range(1, 4).text() == "1:4");
  CHECK(vr::range(1, 4, 2).text() == "1:4:2");
}

TEST_CASE("a range without an index is refused by a sentence that names it") {
  CHECK_THROWS_WITH_AS(vr::range(3, 3), "range 3:3 has no index in it", vr::error);
  CHECK_THROWS_WITH_AS(vr::range(4, 3, 2), "range 4:3:2 has no index in it", vr::error);
  CHECK_THROWS_WITH_AS(vr::range(0, 3, 0), "range 0:3:0 has step 0, and a step is at least 1", vr::error);
  CHECK_THROWS_WITH_AS(vr::range(-1, 3), "the begin of a range cannot be negative, and -1 is", vr::error);
  CHECK_THROWS_WITH_AS(vr::range(0, -3), "the end of a range cannot be negative, and -3 is", vr::error);
  CHECK_THROWS_WITH_AS(vr::range(0, 3, -1), "the step of a range cannot be negative, and -1 is", vr::error);
}
