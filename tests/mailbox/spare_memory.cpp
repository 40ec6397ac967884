#include "viceroy/mailbox/spare_memory.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include "viceroy/mailbox/page.hpp"

namespace vr = viceroy;

namespace {

constexpr std::size_t huge = vr::slab::huge_bytes, pages_of_huge = huge / vr::page::bytes;

// Takes so many huge pages' worth beyond the small slabs with which a source begins.
std::set<std::uintptr_t> take(vr::page_source& from, std::size_t how_many) {
  for (std::size_t i = 0; i != pages_of_huge; ++i) from.take();
  std::set<std::uintptr_t> all;
  for (std::size_t i = 0; i != how_many * pages_of_huge; ++i)
    all.insert(reinterpret_cast<std::uintptr_t>(from.take()));
  return all;
}

}  // namespace

TEST_CASE("What an ended source leaves is the next one's, before new memory is asked for") {
  vr::spare_memory::release();
  std::set<std::uintptr_t> first;
  {
    vr::page_source of;
    first = take(of, 3);
    CHECK(first.size() == 3 * pages_of_huge);
    CHECK(vr::spare_memory::bytes() == 0);
  }
  if (!vr::spare_memory::keeps_any) {
    CHECK(vr::spare_memory::bytes() == 0);
    return;
  }
  CHECK(vr::spare_memory::bytes() == 3 * huge);
  {
    vr::page_source of;
    const std::set<std::uintptr_t> some = take(of, 2);
    CHECK(vr::spare_memory::bytes() == huge);
    for (const std::uintptr_t each : some) CHECK(first.count(each) == 1);
    vr::page_source other;
    CHECK(take(other, 2).size() == 2 * pages_of_huge);
    CHECK(vr::spare_memory::bytes() == 0);
  }
  CHECK(vr::spare_memory::bytes() == 4 * huge);
  vr::spare_memory::release();
  CHECK(vr::spare_memory::bytes() == 0);
  CHECK(vr::spare_memory::take() == nullptr);
}

TEST_CASE("A process keeps no more spare memory than its limit, whatever its loops had") {
  {
    vr::page_source of;
    take(of, vr::spare_memory::most_bytes / huge + 3);  // and touches none
  }
  CHECK(vr::spare_memory::bytes() == vr::spare_memory::most_bytes);
  vr::spare_memory::release();
}

TEST_CASE("Loops that begin and end on several threads never have the same memory at once") {
  const auto work = [](unsigned char mark) {
    for (int round = 0; round != 40; ++round) {
      vr::page_source of;
      std::vector<unsigned char*> mine;
      for (std::size_t i = 0; i != 3 * pages_of_huge; i += 1) {
        auto* const at = static_cast<unsigned char*>(of.take());
        if (i % 16 == 0) std::memset(mine.emplace_back(at), mark, 64);
      }
      for (const unsigned char* const at : mine)
        for (std::size_t i = 0; i != 64; ++i)
          if (at[i] != mark) return false;
    }
    return true;
  };
  bool right[3] = {};
  std::vector<std::thread> threads;
  for (unsigned char t = 0; t != 3; ++t) threads.emplace_back([&right, &work, t] { right[t] = work(t); });
  for (std::thread& each : threads) each.join();
  for (const bool each : right) CHECK(each);
  vr::spare_memory::release();
}
