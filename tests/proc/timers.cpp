#include "viceroy/proc/timers.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <iterator>
#include <memory>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace {
constexpr vr::timers::time_point start{};
}

TEST_CASE("Timers fire soonest first, those of one time in the order added, each once") {
  vr::timers t;
  std::vector<int> fired;
  t.add(start + 30ms, [&] { fired.push_back(3); });
  t.add(start + 10ms, [&] { fired.push_back(1); });
  t.add(start + 10ms, [&] { fired.push_back(2); });
  CHECK(t.next() == start + 10ms);
  CHECK(t.fire(start + 9ms) == 0);
  CHECK(t.fire(start + 10ms) == 2);
  CHECK(t.fire(start + 1s) == 1);
  CHECK(t.fire(start + 1s) == 0);
  CHECK(fired == std::vector<int>{1, 2, 3});
  CHECK(t.empty());
  CHECK(t.next() == vr::timers::time_point::max());
}

TEST_CASE("A timer that has fired or was cancelled is forgotten; cancelling it again does nothing") {
  vr::timers t;
  int fired = 0;
  const auto first = t.add(start, [&] { ++fired; });
  const auto second = t.add(start, [&] { ++fired; });
  t.cancel(second);
  t.cancel(second);
  CHECK(t.fire(start) == 1);
  t.cancel(first);
  t.cancel(0);
  CHECK(fired == 1);
}

TEST_CASE("What a timer adds for the past waits for the next call, so that none can starve the loop") {
  vr::timers t;
  int fired = 0;
  struct again {
    vr::timers* t;
    int* fired;
    void operator()() const {
      ++*fired;
      t->add(start, again{t, fired});
    }
  };
  t.add(start, again{&t, &fired});
  for (int i = 1; i < 5; ++i) {
    CHECK(t.fire(start) == 1);
    CHECK(fired == i);
  }
}

TEST_CASE("A timer may cancel another that is due at the same time, and itself") {
  vr::timers t;
  int fired = 0;
  vr::executor::timer self = 0, other = 0;
  self = t.add(start, [&] {
    ++fired;
    t.cancel(other);
    t.cancel(self);
  });
  other = t.add(start, [&] { ++fired; });
  CHECK(t.fire(start) == 1);
  CHECK(fired == 1);
  CHECK(t.empty());
}

TEST_CASE("Any mix of adding, cancelling and firing agrees with a set of pairs") {
  std::mt19937 random(5);
  vr::timers t;
  std::set<std::pair<vr::timers::time_point, vr::executor::timer>> model;
  std::vector<vr::executor::timer> fired;
  auto now = start;
  for (int i = 0; i < 5000; ++i) {
    const auto dice = random() % 4;
    if (dice < 2) {
      const auto when = now + std::chrono::milliseconds(random() % 50);
      const auto slot = std::make_shared<vr::executor::timer>(0);
      *slot = t.add(when, [&fired, slot] { fired.push_back(*slot); });
      model.emplace(when, *slot);
    } else if (dice == 2 && !model.empty()) {
      auto it = model.begin();
      std::advance(it, static_cast<std::ptrdiff_t>(random() % model.size()));
      t.cancel(it->second);
      model.erase(it);
    } else {
      now += std::chrono::milliseconds(random() % 20);
      fired.clear();
      t.fire(now);
      std::vector<vr::executor::timer> expected;
      while (!model.empty() && model.begin()->first <= now) {
        expected.push_back(model.begin()->second);
        model.erase(model.begin());
      }
      CHECK(fired == expected);
    }
    CHECK(t.next() == (model.empty() ? vr::timers::time_point::max() : model.begin()->first));
  }
}
