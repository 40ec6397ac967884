#include "viceroy/base/taken.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace vr = viceroy;

TEST_CASE("what is taken is gone from its place") {
  int number = 7;
  CHECK(vr::taken(number) == 7);
  CHECK(number == 0);

  auto owner = std::make_unique<int>(3);
  const auto other = vr::taken(owner);
  CHECK(*other == 3);
  CHECK(owner == nullptr);
}
