#include "viceroy/base/shared.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <utility>
#include <vector>

namespace vr = viceroy;

namespace {

int living = 0;

struct thing : vr::counted {
  explicit thing(int n) : number(n) { ++living; }
  ~thing() { --living; }
  int number;
};

}  // namespace

TEST_CASE("the last handle deletes what is shared") {
  vr::shared<const thing> first(new thing(7));
  {
    vr::shared<const thing> second = first;
    CHECK(second == first);
    const vr::shared<const thing> third = std::move(first);
    CHECK(!first);
    CHECK(third->number == 7);
    first = second;
    second = vr::shared<const thing>(new thing(8));
    CHECK(living == 2);
    vr::shared<const thing>& same = second;
    second = same;
    CHECK(second->number == 8);
  }
  CHECK(living == 1);
  first = {};
  CHECK(living == 0);
}

TEST_CASE("handles are copied and destroyed by several threads") {
  vr::shared<const thing> first(new thing(7));
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i != 4; ++i) {
      threads.emplace_back([copy = first] {
        for (int n = 0; n != 1000; ++n) vr::shared<const thing> another = copy;
      });
    }
    first = {};
  }
  CHECK(living == 0);
}
