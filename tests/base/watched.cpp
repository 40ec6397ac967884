#include "viceroy/base/watched.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace vr = viceroy;

namespace {

std::atomic<int> living = 0;

struct thing : vr::watched {
  explicit thing(int n) : number(n) { ++living; }
  ~thing() { --living; }
  int number;
};

}  // namespace

TEST_CASE("a watcher finds an object while it has handles, and keeps nothing") {
  auto first = vr::make_counted<thing>(7);
  const vr::watcher<thing> watch(first);
  const vr::watcher<thing> copy = watch;
  CHECK(!watch.expired());
  {
    const vr::shared<thing> found = copy.lock();
    CHECK(found == first);
    first.reset();
    CHECK(living == 1);
    CHECK(found->number == 7);
  }
  CHECK(living == 0);
  CHECK(watch.expired());
  CHECK(!copy.lock());
}

TEST_CASE("an object is not found any more while it is being deleted") {
  struct asks : vr::watched {
    explicit asks(bool& f) : found(f) {}
    ~asks() { found = static_cast<bool>(self->lock()); }
    bool& found;
    vr::watcher<asks>* self = nullptr;
  };
  bool found = true;
  auto one = vr::make_counted<asks>(found);
  vr::watcher<asks> watch(one);
  one->self = &watch;
  one.reset();
  CHECK(!found);
}

TEST_CASE("several threads look for an object while its last handles go") {
  for (int round = 0; round != 200; ++round) {
    auto first = vr::make_counted<thing>(round);
    const vr::watcher<thing> watch(first);
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i != 3; ++i) {
        threads.emplace_back([watch, round] {
          for (int n = 0; n != 100; ++n) {
            const vr::shared<thing> found = watch.lock();
            if (found && found->number != round) ++living;
          }
        });
      }
      first.reset();
    }
    CHECK(living == 0);
    CHECK(watch.expired());
  }
}
