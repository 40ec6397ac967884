#include "viceroy/mailbox/slab.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "viceroy/mailbox/page.hpp"

namespace vr = viceroy;

TEST_CASE("A slab is aligned to its size, so that a page's blocks find its beginning") {
  for (const std::size_t bytes : {vr::page_source::slab_bytes, vr::slab::huge_bytes}) {
    vr::slab* const s = vr::slab::make(bytes);
    CHECK(s->bytes == bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(s->memory) % bytes == 0);
    std::memset(s->memory, 1, bytes);
    vr::slab::free(*s);
  }
}

TEST_CASE("What sources of several threads leave behind stays readable, and is no leak") {
  std::vector<const unsigned char*> left(3);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t != left.size(); ++t)
    threads.emplace_back([&left, t] {
      vr::page_source of;
      auto* const page = static_cast<unsigned char*>(of.take());
      std::memset(page, static_cast<int>(t) + 1, vr::page::bytes);
      left[t] = page;
      of.leave_behind();
    });
  for (std::thread& each : threads) each.join();
  for (std::size_t t = 0; t != left.size(); ++t) {
    CHECK(left[t][0] == t + 1);
    CHECK(left[t][vr::page::bytes - 1] == t + 1);
  }
}
