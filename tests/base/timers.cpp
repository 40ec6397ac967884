#include "viceroy/base/timers.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <iterator>
#include <map>
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

TEST_CASE(
    "Any mix of adding, cancelling and firing agrees with a set of pairs, however far apart the times are") {
  for (const unsigned shift : {0u, 7u, 8u, 15u, 16u, 19u, 20u}) {
    const bool cancels = shift % 2 == 0;
    std::mt19937_64 random(5 + shift);
    const auto some = [&](std::uint64_t most) {
      return std::chrono::microseconds((random() % most) << shift);
    };
    vr::timers t;
    std::set<std::pair<vr::timers::time_point, int>> model;
    std::map<int, vr::executor::timer> ids;
    std::vector<int> fired, expected;
    auto now = start + some(1'000'000);
    const auto overdue = [&](auto until) {
      fired.clear();
      expected.clear();
      while (!model.empty() && model.begin()->first <= until) {
        expected.push_back(model.begin()->second);
        model.erase(model.begin());
      }
    };
    for (int i = 0; i < 5000; ++i) {
      const auto dice = random() % 4;
      if (dice < 2) {
        const auto when =
            now + some(random() % 2 ? 50'000 : 5'000'000) - std::chrono::microseconds(random() % 9);
        ids[i] = t.add(when, [&fired, i] { fired.push_back(i); });
        model.emplace(when, i);
      } else if (cancels && dice == 2 && !model.empty()) {
        auto it = model.begin();
        std::advance(it, static_cast<std::ptrdiff_t>(random() % model.size()));
        t.cancel(ids[it->second]);
        model.erase(it);
      } else {
        now += some(random() % 2 ? 20'000 : 2'000'000);
        overdue(now);
        if (random() % 2) {
          t.fire(now);
        } else {
          while (t.fire_one(now)) continue;
        }
        CHECK(fired == expected);
      }
      const auto soonest = model.empty() ? vr::timers::time_point::max() : model.begin()->first;
      CHECK(t.next() <= soonest);
      if (!cancels) CHECK((t.due(now) || t.next() == soonest));
      CHECK(t.size() == model.size());
    }
    overdue(vr::timers::time_point::max());
    t.fire(vr::timers::time_point::max());
    CHECK(fired == expected);
    CHECK(t.empty());
  }
}

TEST_CASE("A timer's id is never that of another, though its place is used again") {
  vr::timers t;
  std::set<vr::executor::timer> ids;
  for (int i = 0; i < 1000; ++i) {
    const auto id = t.add(start + 1h * i, [] {});
    CHECK(ids.insert(id).second);
    if (i % 3) t.cancel(id);
  }
  CHECK(t.size() == 334);
}

TEST_CASE("What a cancelled timer owned may cancel and add others as it goes") {
  vr::timers t;
  const auto other = t.add(start + 1s, [] {});
  struct owner {
    vr::timers* t;
    vr::executor::timer other;
    ~owner() {
      t->cancel(other);
      t->add(start + 2s, [] {});
    }
  };
  const auto first = t.add(start + 1s, [held = std::make_unique<owner>(&t, other)] {});
  t.cancel(first);
  CHECK(t.size() == 1);
  CHECK(t.next() <= start + 2s);
  CHECK_FALSE(t.due(start + 1s));
  CHECK(t.next() == start + 2s);
}
