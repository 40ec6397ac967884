#include "viceroy/space/point.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <unordered_set>

namespace vr = viceroy;

namespace {

const vr::extent cube(vr::dim("x", 2), vr::dim("y", 3), vr::dim("z", 4));

}  // namespace

TEST_CASE("a point gives its rank, its indices by label, and its extent") {
  const vr::point at(cube, 23);
  CHECK(at.rank() == 23);
  CHECK(at["x"] == 1);
  CHECK(at.at("y") == 2);
  CHECK(at["z"] == 3);
  CHECK(at.extent() == cube);
  CHECK_THROWS_WITH_AS(at.at("w"), "there is no dimension 'w' in {x=2, y=3, z=4}", vr::error);
  CHECK_THROWS_WITH_AS(vr::point(cube, 24), "rank 24 is outside {x=2, y=3, z=4}, which has 24 ranks",
                       vr::error);
}

TEST_CASE("every point prints and parses back as the same point") {
  std::unordered_set<vr::point> seen;
  for (std::size_t rank = 0; rank < cube.ranks(); ++rank) {
    const auto at = cube.point_of(rank);
    std::ostringstream out;
    out << at;
    CHECK(vr::point::parse(out.str()) == at);
    seen.insert(at);
  }
  CHECK(seen.size() == cube.ranks());
  CHECK(cube.point_of(5).text() == "{x=0/2, y=1/3, z=1/4}");
  CHECK(vr::point().text() == "{}");
  CHECK(vr::point::parse("{}") == vr::point());
}

TEST_CASE("points of equal rank in other extents are other points") {
  CHECK(vr::point(cube, 1) != vr::point(vr::dim("x", 2), 1));
  CHECK(vr::point(vr::dim("x", 2), 1) == vr::point(vr::dim("x", 2), 1));
}

TEST_CASE("what is no point is refused") {
  CHECK_THROWS_WITH_AS(vr::point::parse("{x=1}"),
                       "'{x=1}' is not a point: expected {label=index/size, label=index/size}", vr::error);
  CHECK_THROWS_WITH_AS(vr::point::parse("{x=2/2}"), "index 2 is outside dimension 'x', which has size 2",
                       vr::error);
  for (const std::string text : {"", "{x=}", "{x=/}", "{x=0/}", "{x=/2}", "{x=0/2/2}", "{x=0/0}", "{x=-1/2}",
                                 "{x=00/2}", "{x=0/2, x=0/2}"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(vr::point::parse(text), vr::error);
  }
}
