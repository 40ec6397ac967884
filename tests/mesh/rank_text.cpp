#include "viceroy/mesh/rank_text.hpp"

#include <doctest/doctest.h>

using viceroy::rank_text;

namespace {

viceroy::series<std::size_t> ranks(std::initializer_list<std::size_t> all) {
  viceroy::series<std::size_t> out;
  for (const std::size_t each : all) out.push_back(each);
  return out;
}

}  // namespace

TEST_CASE("ranks are named singly and in runs") {
  CHECK(rank_text(ranks({3})) == "rank 3");
  CHECK(rank_text(ranks({3, 5, 6, 7})) == "ranks 3, 5-7");
  CHECK(rank_text(ranks({0, 6, 7})) == "ranks 0, 6, 7");
  CHECK(rank_text(ranks({0, 1, 2, 3})) == "ranks 0-3");
}

TEST_CASE("of many runs the first are named, and how many ranks are left") {
  viceroy::series<std::size_t> odd;
  for (std::size_t i = 0; i != 100; ++i) odd.push_back(2 * i + 1);
  CHECK(rank_text(odd, 3) == "ranks 1, 3, 5 and 97 more");
}
