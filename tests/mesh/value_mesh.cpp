#include "viceroy/mesh/value_mesh.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace vr = viceroy;

TEST_CASE("a value_mesh has one value per rank, reached by rank, by point and in order") {
  const vr::extent shape(vr::dim("rows", 2), vr::dim("gpus", 3));
  const vr::value_mesh<std::string> m(shape, {"a", "b", "c", "d", "e", "f"});
  CHECK(m.size() == 6);
  CHECK(m.extent() == shape);
  CHECK(m[4] == "e");
  CHECK(m.at(shape.point_of(5)) == "f");
  std::string all;
  for (const std::string& each : m) all += each;
  CHECK(all == "abcdef");
  CHECK(m.values().size() == 6);
  CHECK(m == vr::value_mesh<std::string>(m));
}

TEST_CASE("a value_mesh holds bools and what can only be moved") {
  const vr::value_mesh<bool> flags(vr::dim("gpus", 2), {true, false});
  CHECK(flags[0]);
  CHECK_FALSE(flags[1]);
  std::vector<std::unique_ptr<int>> owned;
  owned.push_back(std::make_unique<int>(7));
  vr::value_mesh<std::unique_ptr<int>> m(vr::extent::unity(), std::move(owned));
  CHECK(*std::move(m).values().front() == 7);
}

TEST_CASE("a value_mesh refuses too few and too many values, and points of another extent") {
  CHECK_THROWS_WITH_AS(vr::value_mesh<int>(vr::dim("gpus", 3), {1, 2}),
                       "2 values are not one for each rank of {gpus=3}, which has 3", vr::error);
  const vr::value_mesh<int> m(vr::dim("gpus", 2), {1, 2});
  CHECK_THROWS_AS(m.at(vr::extent(vr::dim("cpus", 2)).point_of(0)), vr::error);
}
