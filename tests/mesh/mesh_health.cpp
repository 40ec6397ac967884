#include "viceroy/mesh/mesh_health.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using viceroy::errc;
using viceroy::error;
using viceroy::mesh_health;

TEST_CASE("the first cause of a rank stays") {
  mesh_health h(3);
  CHECK(h.all_well());
  CHECK(h.cause(1) == nullptr);
  CHECK(h.fail(1, error(errc::process_died, "first")));
  CHECK_FALSE(h.fail(1, error(errc::timeout, "second")));
  CHECK_FALSE(h.all_well());
  REQUIRE(h.cause(1));
  CHECK(h.cause(1)->sentence() == "first");
  CHECK(h.cause(0) == nullptr);
}

TEST_CASE("threads that ask see a whole cause or none, and one of those that tell is the first") {
  mesh_health h(64);
  std::vector<std::thread> all;
  std::atomic<int> first{0};
  for (int t = 0; t != 4; ++t)
    all.emplace_back([&] {
      for (std::size_t r = 0; r != 64; ++r) {
        if (h.fail(r, error(errc::process_died, "because of " + std::to_string(r)))) ++first;
        if (const error* const e = h.cause(r); !e || e->sentence() != "because of " + std::to_string(r))
          first = 1000;
      }
    });
  for (auto& t : all) t.join();
  CHECK(first == 64);
}
