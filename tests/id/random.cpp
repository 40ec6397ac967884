#include "viceroy/id/random.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>
#include <vector>

namespace vr = viceroy;

namespace {

std::vector<std::uint64_t> draw(int count) {
  std::vector<std::uint64_t> out;
  while (count-- > 0) out.push_back(vr::random_u64());
  return out;
}

}  // namespace

TEST_CASE("random numbers differ") {
  const auto drawn = draw(1000);
  CHECK(std::set<std::uint64_t>(drawn.begin(), drawn.end()).size() == 1000);
}

TEST_CASE("a seed repeats its numbers, for the length of its scope") {
  const auto drawn = [](std::uint64_t seed) {
    const vr::seeded_random scope(seed);
    return draw(10);
  };
  CHECK(drawn(1) == drawn(1));
  CHECK(drawn(1) != drawn(2));
  CHECK(drawn(0) != draw(10));
}

TEST_CASE("an inner seed leaves the outer sequence where it was") {
  const vr::seeded_random outer(1);
  const auto whole = draw(2);
  const vr::seeded_random again(1);
  CHECK(vr::random_u64() == whole[0]);
  {
    const vr::seeded_random inner(2);
    vr::random_u64();
  }
  CHECK(vr::random_u64() == whole[1]);
}

TEST_CASE("a seed is one thread's only") {
  const vr::seeded_random scope(1);
  std::uint64_t elsewhere = 0;
  std::thread([&] { elsewhere = vr::random_u64(); }).join();
  CHECK(elsewhere != vr::random_u64());
}
