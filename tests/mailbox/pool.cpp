#include "viceroy/mailbox/pool.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace vr = viceroy;

TEST_CASE("Sizes round up to granules, and what is larger than the largest comes from the heap") {
  CHECK(vr::pool::class_of(1) == 0);
  CHECK(vr::pool::class_of(32) == 0);
  CHECK(vr::pool::class_of(33) == 1);
  CHECK(vr::pool::class_of(2048) == 63);
  CHECK(vr::pool::class_of(2049) == vr::pool::heap);
}

TEST_CASE("Blocks do not overlap, are aligned, and are used again") {
  vr::pool p;
  std::mt19937 random(3);
  struct block {
    unsigned char* at;
    vr::pool::size_class c;
    std::size_t bytes;
    unsigned char mark;
  };
  std::vector<block> taken;
  std::set<void*> seen;
  std::size_t reused = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (taken.size() > 200 || (!taken.empty() && random() % 2)) {
      std::swap(taken[random() % taken.size()], taken.back());
      const block b = taken.back();
      taken.pop_back();
      REQUIRE(std::all_of(b.at, b.at + b.bytes, [&](unsigned char each) { return each == b.mark; }));
      p.give(b.c, b.at);
      continue;
    }
    const std::size_t bytes = 1 + random() % 2500;
    const auto c = vr::pool::class_of(bytes);
    auto* const at = static_cast<unsigned char*>(p.take(c, bytes));
    CHECK(reinterpret_cast<std::uintptr_t>(at) % 16 == 0);
    reused += !seen.insert(at).second;
    taken.push_back({at, c, bytes, static_cast<unsigned char>(i)});
    std::memset(at, taken.back().mark, bytes);
  }
  for (const auto& b : taken) p.give(b.c, b.at);
  CHECK(reused > 5'000);
}

TEST_CASE("A pool that has grown past a huge page gives blocks as before, and takes them back") {
  vr::pool p;
  std::vector<std::uint64_t*> taken;
  const vr::pool::size_class c = vr::pool::class_of(96);
  const std::size_t count = 3 * vr::pool::huge_bytes / 96;
  for (std::size_t i = 0; i != count; ++i) {
    auto* const at = static_cast<std::uint64_t*>(p.take(c, 96));
    std::fill_n(at, 12, i);
    taken.push_back(at);
  }
  bool whole = true;
  for (std::size_t i = 0; i != count; ++i) {
    whole = whole && reinterpret_cast<std::uintptr_t>(taken[i]) % vr::pool::granule == 0 &&
            std::all_of(taken[i], taken[i] + 12, [&](std::uint64_t each) { return each == i; });
    p.give(c, taken[i]);
  }
  CHECK(whole);
  CHECK(p.take(c, 96) == taken.back());
}
