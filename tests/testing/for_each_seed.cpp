#include "viceroy/testing/for_each_seed.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace vr = viceroy;

namespace {

// A variable of the environment, put back at the end of the scope.
class environment {
 public:
  environment(const char* name, const char* value) : name_(name) {
    if (const char* const before = std::getenv(name)) before_ = before;
    ::setenv(name, value, 1);
  }
  ~environment() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

std::vector<std::uint64_t> seeds_of(std::uint64_t count) {
  std::vector<std::uint64_t> seeds;
  vr::testing::for_each_seed(count, [&](vr::testing::loop& l) { seeds.push_back(l.seed()); });
  return seeds;
}

}  // namespace

TEST_CASE("Each seed gets a loop of its own, and the environment may ask for one of them") {
  const environment none("VICEROY_TEST_SEED", ""), no_bound("VICEROY_TEST_SEEDS", "");
  CHECK(seeds_of(4) == std::vector<std::uint64_t>{0, 1, 2, 3});
  CHECK(seeds_of(0).empty());
  const environment two("VICEROY_TEST_SEEDS", "2");
  CHECK(seeds_of(4) == std::vector<std::uint64_t>{0, 1});
  CHECK(seeds_of(1) == std::vector<std::uint64_t>{0});
  const environment one("VICEROY_TEST_SEED", "4711");
  CHECK(seeds_of(4) == std::vector<std::uint64_t>{4711});
}

TEST_CASE("What is no seed is refused by name") {
  for (const char* text : {"x", "-1", "12a", "99999999999999999999999"}) {
    const environment bad("VICEROY_TEST_SEED", text);
    CHECK_THROWS_WITH_AS(seeds_of(1),
                         ("VICEROY_TEST_SEED is '" + std::string(text) + "'; give it a number").c_str(),
                         vr::error);
  }
}

TEST_CASE("The first seed that fails ends it, with what the test threw; stderr says how to repeat it") {
  const environment none("VICEROY_TEST_SEED", ""), no_bound("VICEROY_TEST_SEEDS", "");
  std::uint64_t last = 0;
  const auto run = [&] {
    vr::testing::for_each_seed(10, [&](vr::testing::loop& l) {
      last = l.seed();
      if (l.seed() == 3) throw std::runtime_error("three is too many");
    });
  };
  CHECK_THROWS_WITH_AS(run(), "three is too many", std::runtime_error);
  CHECK(last == 3);
  vr::testing::loop l(3);
  CHECK(vr::testing::detail::seed_report(l, 10, "three is too many", "./prog") ==
        "viceroy: seed 3 of 10 fails: three is too many\nits last steps:\nto repeat just it: "
        "VICEROY_TEST_SEED=3 ./prog\n");
}
