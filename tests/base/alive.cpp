#include "viceroy/base/alive.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace vr = viceroy;

TEST_CASE("a view outlives its object and says that it is gone") {
  std::optional<vr::alive> object(std::in_place);
  const vr::alive::view first = object->watch();
  const vr::alive::view second = first;
  CHECK(first);
  object.reset();
  CHECK_FALSE(first);
  CHECK_FALSE(second);
}

TEST_CASE("an object may say that it ends before it does") {
  vr::alive object;
  const vr::alive::view seen = object.watch();
  object.end();
  CHECK_FALSE(seen);
  CHECK_FALSE(object.watch());
}
