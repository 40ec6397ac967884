#include "viceroy/space/region_iterator.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <vector>

#include "viceroy/space/region.hpp"

namespace vr = viceroy;

static_assert(std::forward_iterator<vr::region_iterator>);

TEST_CASE("an iterator knows base rank and local rank, and copies go their own ways") {
  const auto part = vr::region(vr::dim("n", 10)).slice("n", vr::range(1, 10, 4));
  auto at = part.begin();
  const auto first = at++;
  CHECK(*first == 1);
  CHECK(*at == 5);
  CHECK(at.local_rank() == 1);
  CHECK(first != at);
  CHECK(++at != part.end());
  CHECK(*at == 9);
  CHECK(++at == part.end());
}

TEST_CASE("a region fills a container by its iterators") {
  const auto part = vr::region(vr::extent(vr::dim("a", 2), vr::dim("b", 4))).slice("b", vr::range(1, 4, 2));
  CHECK(std::vector<std::size_t>(part.begin(), part.end()) == std::vector<std::size_t>{1, 3, 5, 7});
}
