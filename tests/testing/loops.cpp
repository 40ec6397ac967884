#include "viceroy/testing/loops.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "viceroy/testing/for_each_seed.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace loops_test {

struct add {
  int n;
};
struct get {};
struct ask {
  vr::actor_id whom;
};
struct later {
  int ms;
};

struct counter {
  using handles = vr::messages<add, get, ask, later>;
  std::vector<int> seen;
  void handle(vr::context<counter>&, add m) { seen.push_back(m.n); }
  std::vector<int> handle(vr::context<counter>&, get) { return seen; }
  vr::task<std::vector<int>> handle(vr::context<counter>& cx, ask m) {
    co_return co_await vr::actor_ref<counter>(m.whom).call<get>(cx);
  }
  void handle(vr::context<counter>& cx, later m) { cx.after<add>(std::chrono::milliseconds(m.ms), m.ms); }
};

// Two senders on the first loop, one on the second, to an actor there: what it got, in order.
std::vector<int> order_of(vr::testing::loops& l) {
  auto a = l[0].client("a"), b = l[0].client("b");
  const auto target = l.on(1, [&] { return l[1].spawn<counter>("target"); });
  auto near = l.on(1, [&] { return l[1].client("near"); });
  target.send<add>(a, 1);
  target.send<add>(a, 2);
  target.send<add>(b, 3);
  target.send<add>(b, 4);
  l.on(1, [&] { target.send<add>(near, 5); });
  l.run();
  return l.finish(target.call<get>(a));
}

}  // namespace loops_test

using namespace loops_test;

TEST_CASE(
    "What loops hand over to each other arrives in every legal order, and a seed gives the same each time") {
  std::map<std::vector<int>, int> orders;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto order = [&] {
      vr::testing::loops l(seed);
      return order_of(l);
    }();
    if (seed < 20) {
      vr::testing::loops again(seed);
      CHECK(order_of(again) == order);
    }
    const auto at = [&](int n) { return std::find(order.begin(), order.end(), n); };
    CHECK(order.size() == 5);
    CHECK(at(1) < at(2));
    CHECK(at(3) < at(4));
    ++orders[order];
  }
  CHECK(orders.size() == 30);
}

TEST_CASE("Calls cross both ways, time is one for all, and what waits in vain is told") {
  vr::testing::for_each_seed(200, [](vr::testing::loops& l) {
    auto me = l[0].client();
    const auto here = l[0].spawn<counter>("here");
    const auto there = l.on(1, [&] { return l[1].spawn<counter>("there"); });
    there.send<later>(me, 5);
    here.send<later>(me, 7);
    l.advance(5ms);
    REQUIRE(l.finish(here.call<ask>(me, there.id())) == std::vector<int>{5});
    REQUIRE(l.finish(there.call<ask>(me, here.id())).empty());
    l.advance(2ms);
    REQUIRE(l.finish(there.call<ask>(me, here.id())) == std::vector<int>{7});
    REQUIRE(l[0].clock().now() == l[1].clock().now());
  });
  vr::testing::loops l;
  auto me = l[0].client();
  auto [port, inbox] = me.open_port<int>();
  CHECK_THROWS_WITH_AS(l.finish(inbox.recv()),
                       "seed 0, step 0: expected that a task ends; it waits for something that will not "
                       "happen; on loop 0: nothing is on its way; on loop 1: nothing is on its way",
                       vr::testing::unexpected);
}

TEST_CASE("Loops that end in the middle of everything give each other back what they have") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    vr::testing::loops l(seed);
    auto me = l[0].client();
    const auto here = l[0].spawn<counter>("here");
    const auto there = l.on(1, [&] { return l[1].spawn<counter>("there"); });
    for (int i = 0; i < 4; ++i) {
      there.send<ask>(me, here.id());
      here.send<ask>(me, there.id());
    }
    for (std::uint64_t i = 0; i < seed % 12; ++i) l.step();
  }
}
