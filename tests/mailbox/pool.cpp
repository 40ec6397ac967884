#include "viceroy/mailbox/pool.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
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
  const std::size_t count = 3 * vr::page_source::huge_bytes / 96;
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

namespace {

std::uintptr_t page_of(const void* block) {
  return reinterpret_cast<std::uintptr_t>(block) / vr::page::bytes;
}

// So many blocks that a pool keeps them by pages.
struct crowd {
  static constexpr std::size_t bytes = 96, count = 20'000;
  static constexpr vr::pool::size_class c = vr::pool::class_of(bytes);

  std::vector<void*> take(std::size_t how_many) {
    std::vector<void*> all(how_many);
    for (void*& each : all) each = memory.take(c, bytes);
    return all;
  }
  void give(const std::vector<void*>& all) {
    for (void* const each : all) memory.give(c, each);
    memory.settle();
  }
  vr::pool memory;
};

}  // namespace

TEST_CASE(
    "Many blocks that came back in any order are taken again in the order of their addresses, page by page") {
  crowd of;
  std::vector<void*> first = of.take(crowd::count);
  const std::set<void*> known(first.begin(), first.end());
  CHECK(known.size() == crowd::count);
  std::shuffle(first.begin(), first.end(), std::mt19937(7));
  of.give(first);
  const std::vector<void*> again = of.take(crowd::count);
  std::set<std::uintptr_t> pages;
  std::size_t jumps = 0, unknown = 0;
  for (std::size_t i = 0; i != again.size(); ++i) {
    unknown += known.count(again[i]) == 0;
    pages.insert(page_of(again[i]));
    if (i != 0) jumps += again[i] < again[i - 1] || page_of(again[i]) != page_of(again[i - 1]);
  }
  CHECK(std::set<void*>(again.begin(), again.end()).size() == crowd::count);
  CHECK(unknown < vr::page::bytes / crowd::bytes);  // the rest of the last page
  // Of the page that was being taken from, what had come back is taken as it came.
  CHECK(jumps < pages.size() + vr::page::bytes / crowd::bytes);
}

TEST_CASE("Of pages that are not whole what has come back is taken before new memory, whole pages first") {
  crowd of;
  const std::vector<void*> first = of.take(crowd::count);
  std::vector<void*> some, rest;
  for (std::size_t i = 0; i != first.size(); ++i) (i < 5'000 || i % 2 == 0 ? some : rest).push_back(first[i]);
  of.give(some);
  const std::set<void*> known(some.begin(), some.end()), kept(rest.begin(), rest.end());
  const std::vector<void*> again = of.take(some.size());
  const std::set<void*> taken(again.begin(), again.end());
  CHECK(taken.size() == some.size());
  std::size_t unknown = 0;
  for (void* const each : again) {
    CHECK(kept.count(each) == 0);
    unknown += known.count(each) == 0;
  }
  CHECK(unknown < vr::page::bytes / crowd::bytes);
  std::set<std::uintptr_t> early;
  for (std::size_t i = 0; i != 4'000; ++i) early.insert(page_of(first[i]));
  std::size_t from_whole = 0;
  for (std::size_t i = 0; i != 4'500; ++i) from_whole += early.count(page_of(again[i]));
  CHECK(from_whole > 3'000);
}

TEST_CASE(
    "What was given back last is taken first, of a few blocks whatever else happened, of many within a "
    "turn") {
  crowd of;
  const std::vector<void*> few = of.take(100);
  of.give(few);
  CHECK(of.take(1).front() == few.back());
  const std::vector<void*> many = of.take(crowd::count);
  of.memory.give(crowd::c, many.front());
  CHECK(of.take(1).front() == many.front());
}

TEST_CASE("Blocks of a crowd that comes and goes do not overlap, and its memory does not grow") {
  crowd of;
  std::mt19937 random(11);
  std::vector<void*> taken;
  std::set<std::uintptr_t> pages;
  for (int turn = 0; turn != 3'000; ++turn) {
    const bool grows = turn / 300 % 2 == 0;
    for (int i = 0; i != 60; ++i) {
      if (random() % 10 < (grows ? 8u : 2u)) {
        taken.push_back(of.memory.take(crowd::c, crowd::bytes));
        std::memset(taken.back(), static_cast<int>(reinterpret_cast<std::uintptr_t>(taken.back()) / 32 % 251),
                    crowd::bytes);
        pages.insert(page_of(taken.back()));
      } else if (!taken.empty()) {
        std::swap(taken[random() % taken.size()], taken.back());
        const auto* const at = static_cast<unsigned char*>(taken.back());
        REQUIRE(std::all_of(at, at + crowd::bytes, [&](unsigned char each) {
          return each == reinterpret_cast<std::uintptr_t>(at) / 32 % 251;
        }));
        of.memory.give(crowd::c, taken.back());
        taken.pop_back();
      }
    }
    of.memory.settle();
  }
  CHECK(pages.size() < 60);  // of at most some 11 500 blocks
}

TEST_CASE("Pages of which all blocks are back are pages of another size before any new memory is touched") {
  vr::pool p;
  std::set<std::uintptr_t> pages;
  const auto take = [&](std::size_t bytes) {
    std::vector<void*> all(20'000);
    for (void*& each : all) {
      each = p.take(vr::pool::class_of(bytes), bytes);
      pages.insert(page_of(each));
    }
    return all;
  };
  const auto give = [&](std::size_t bytes, const std::vector<void*>& all) {
    for (void* const each : all) p.give(vr::pool::class_of(bytes), each);
    p.settle();
  };
  std::vector<void*> all = take(128);
  const std::size_t at_first = pages.size(), kept_by_each = 16;
  for (int round = 0; round != 5; ++round) {
    give(128, all);
    all = take(96);
    CHECK(std::set<void*>(all.begin(), all.end()).size() == all.size());
    CHECK(pages.size() <= at_first + kept_by_each + 1);  // the one that is being taken from stays, too
    give(96, all);
    all = take(128);
    CHECK(std::set<void*>(all.begin(), all.end()).size() == all.size());
    CHECK(pages.size() <= at_first + kept_by_each + 1);
  }
  // Of those that are not whole none is taken.
  std::vector<void*> some, kept;
  for (std::size_t i = 0; i != all.size(); ++i) (i % 3 == 0 ? kept : some).push_back(all[i]);
  give(128, some);
  pages.clear();
  take(64);
  for (void* const each : kept) CHECK(pages.count(page_of(each)) == 0);
}

TEST_CASE("Blocks of several sizes that come and go in crowds do not overlap, whose page each may become") {
  constexpr std::size_t sizes[] = {32, 96, 128, 480};
  vr::pool p;
  std::mt19937 random(17);
  std::vector<unsigned char*> taken[std::size(sizes)];
  std::set<std::uintptr_t> pages;
  const auto mark = [](const unsigned char* at) {
    return static_cast<unsigned char>(reinterpret_cast<std::uintptr_t>(at) / 32 % 251);
  };
  for (int turn = 0; turn != 4'000; ++turn) {
    for (std::size_t s = 0; s != std::size(sizes); ++s) {
      const bool grows = static_cast<std::size_t>(turn) / 500 % std::size(sizes) == s;
      auto& all = taken[s];
      for (int i = 0; i != 40; ++i) {
        const auto c = vr::pool::class_of(sizes[s]);
        if (grows ? random() % 10 != 0 : random() % 10 == 0) {
          all.push_back(static_cast<unsigned char*>(p.take(c, sizes[s])));
          pages.insert(page_of(all.back()));
          std::memset(all.back(), mark(all.back()), sizes[s]);
        } else if (!all.empty()) {
          std::swap(all[random() % all.size()], all.back());
          unsigned char* const at = all.back();
          all.pop_back();
          REQUIRE(std::all_of(at, at + sizes[s], [&](unsigned char each) { return each == mark(at); }));
          p.give(c, at);
        }
      }
    }
    p.settle();
  }
  CHECK(pages.size() < 400);  // what the largest take: 16 000 of 480 bytes; apart they would take more
}

namespace {

// What keeps its number whatever list it stands in, as a mailbox does.
struct keeper {
  std::uint64_t number;
  keeper* behind;
};
struct keeper_link {
  using block = keeper;
  static constexpr bool any_size = false;
  static constexpr bool may_be_new = false;
  static keeper* next(const keeper& k) { return k.behind; }
  static keeper* chain(void* memory, keeper* next) noexcept {
    auto* const k = static_cast<keeper*>(memory);
    k->behind = next;
    return k;
  }
};

}  // namespace

TEST_CASE("A block that its link says something of stays what it was, and it is told which ones are new") {
  vr::block_pool<keeper_link> pool;
  constexpr auto c = vr::pool::class_of(160);
  std::vector<keeper*> all;
  for (std::uint64_t i = 0; i != 10'000; ++i) {
    const auto taken = pool.take(c);
    REQUIRE(!taken.used);
    all.push_back(::new (taken.at) keeper{i, nullptr});
  }
  std::shuffle(all.begin(), all.end(), std::mt19937(3));
  for (int round = 0; round != 3; ++round) {
    for (keeper* const k : all) pool.give(c, k);
    pool.settle();
    if (round == 1) {  // while a page has been begun again
      CHECK(pool.take(c).used);
      const auto fresh = pool.take_fresh(c);
      CHECK(!fresh.used);
      ::new (fresh.at) keeper{10'000, nullptr};
    }
    std::set<std::uint64_t> numbers;
    const std::size_t back = all.size() - (round == 1);
    all.clear();
    for (std::size_t unused = 0; all.size() != back; ++unused) {
      REQUIRE(unused < 1'000 + all.size());
      const auto taken = pool.take(c);
      if (!taken.used) continue;  // the rest of the last page
      all.push_back(static_cast<keeper*>(taken.at));
      numbers.insert(all.back()->number);
    }
    CHECK(numbers.size() == back);
    CHECK(*numbers.rbegin() < 10'000);
  }
}

TEST_CASE("A fresh block that is asked for while a page is used again costs none of that page") {
  vr::block_pool<keeper_link> pool;
  constexpr auto c = vr::pool::class_of(160);
  constexpr std::size_t room = (vr::page::bytes - sizeof(vr::page)) / 160, count = 12 * room;
  std::vector<keeper*> all;
  for (std::uint64_t i = 0; i != count; ++i) all.push_back(::new (pool.take(c).at) keeper{i, nullptr});
  for (keeper* const k : all) pool.give(c, k);
  pool.settle();
  all.clear();
  for (std::size_t i = 0; i != 2 * room + 50; ++i) all.push_back(static_cast<keeper*>(pool.take(c).at));
  for (int i = 0; i != 20; ++i) {
    pool.give(c, all.back());
    all.pop_back();
  }
  pool.settle();
  CHECK(!pool.take_fresh(c).used);
  for (std::size_t unused = 0; all.size() != count;) {
    const auto taken = pool.take(c);
    unused += !taken.used;
    REQUIRE(unused < room);  // the fresh one's page is used up first
    if (taken.used) all.push_back(static_cast<keeper*>(taken.at));
  }
  CHECK(std::set<keeper*>(all.begin(), all.end()).size() == count);
}
