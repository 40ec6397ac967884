#include "viceroy/space/dim.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

namespace vr = viceroy;

static_assert(!std::is_aggregate_v<vr::dim>);

TEST_CASE("a dimension takes its size from any integer") {
  CHECK(vr::dim("gpus", 8).size() == 8);
  CHECK(vr::dim("gpus", std::int8_t{8}) == vr::dim("gpus", std::uint64_t{8}));
  CHECK(vr::dim(vr::label::parse("gpus"), 8u) == vr::dim("gpus", 8));
  CHECK(vr::dim("gpus", 8).label() == vr::label::parse("gpus"));
  CHECK(vr::dim("gpus", 8) != vr::dim("gpus", 9));
  CHECK(vr::dim("gpus", 8) != vr::dim("hosts", 8));
  CHECK(vr::dim("n", std::numeric_limits<std::uint64_t>::max()).size() ==
        std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("a dimension without a place or without a name is refused by a sentence") {
  CHECK_THROWS_WITH_AS(vr::dim("gpus", 0),
                       "dimension 'gpus' has size 0, and a dimension has at least one place", vr::error);
  CHECK_THROWS_WITH_AS(vr::dim("gpus", -3), "the size of a dimension cannot be negative, and -3 is",
                       vr::error);
  CHECK_THROWS_WITH_AS(vr::dim("a=b", 1),
                       "'a=b' is not a dimension's label: a name has only letters, digits, '_', '.' and '-'",
                       vr::error);
  CHECK_THROWS_WITH_AS(vr::dim(vr::label(), 1), "a dimension has a label, and this one has none", vr::error);
}
