#include "viceroy/testing/loop.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "viceroy/testing/for_each_seed.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;
using vr::testing::anybody;

namespace loop_test {

struct add {
  int n;
};
struct get {};
struct forward {
  vr::actor_id to;
  int n;
};
struct slow {
  int n;
};
struct open {};

struct counter {
  using handles = vr::messages<add, get, slow, open>;
  std::vector<int> seen;
  std::vector<vr::port_ref<int>> gates;
  void handle(vr::context<counter>&, add m) { seen.push_back(m.n); }
  std::vector<int> handle(vr::context<counter>&, get) { return seen; }
  vr::task<int> handle(vr::context<counter>& cx, slow m) {
    auto [port, inbox] = cx.open_once_port<int>();
    gates.emplace_back(port.bind().id());
    const int more = co_await inbox.recv();
    seen.push_back(m.n);
    co_return m.n + more;
  }
  void handle(vr::context<counter>& cx, open) {
    for (const auto& each : gates) each.send(cx, 10);
    gates.clear();
  }
};
// Sends on what it is told to send.
struct relay {
  using handles = vr::messages<forward>;
  void handle(vr::context<relay>& cx, const forward& m) { vr::actor_ref<counter>(m.to).send<add>(cx, m.n); }
};
// Is at work for ever.
struct restless {
  using handles = vr::messages<get>;
  void handle(vr::context<restless>& cx, get) { cx.self().send<get>(cx); }
};
// Has a start of its own.
struct late {
  using handles = vr::messages<get>;
  bool started = false, early = false;
  void init(vr::context<late>&) { started = true; }
  void handle(vr::context<late>&, get) { early |= !started; }
};

// Two relays send two messages each to one counter, the test another.
std::vector<int> order_of(vr::testing::loop& l) {
  auto me = l.client();
  const auto target = l.spawn<counter>("target");
  for (const char* name : {"a", "b"}) {
    const auto r = l.spawn<relay>(name);
    const int first = *name == 'a' ? 1 : 3;
    r.send<forward>(me, target.id(), first);
    r.send<forward>(me, target.id(), first + 1);
  }
  target.send<add>(me, 5);
  l.run();
  return l.actor(target).seen;
}

template <class F>
std::string sentence_of(F f) {
  try {
    f();
  } catch (const vr::testing::unexpected& e) {
    return e.what();
  }
  return "nothing was thrown";
}

}  // namespace loop_test

using namespace loop_test;

TEST_CASE("Seed 0 is the order of a real loop, and a seed gives the same order each time") {
  vr::testing::loop real(0);
  CHECK(order_of(real) == std::vector<int>{5, 1, 2, 3, 4});
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    std::vector<std::vector<int>> orders;
    std::vector<std::string> logs;
    for (int i = 0; i < 2; ++i) {
      vr::testing::loop l(seed);
      orders.push_back(order_of(l));
      logs.push_back(l.steps().text(100));
    }
    CHECK(orders[0] == orders[1]);
    CHECK(logs[0] == logs[1]);
  }
}

TEST_CASE("Every legal order comes up, and no other") {
  // Five messages of three senders, two of them with two in order: 5! / (2! * 2!) orders.
  std::map<std::vector<int>, int> orders;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    vr::testing::loop l(seed);
    ++orders[order_of(l)];
  }
  CHECK(orders.size() == 30);
  for (const auto& [order, times] : orders) {
    const auto at = [&](int n) { return std::find(order.begin(), order.end(), n); };
    CHECK(order.size() == 5);
    CHECK(at(1) < at(2));
    CHECK(at(3) < at(4));
  }
}

TEST_CASE(
    "An actor's start is not passed by what is sent to it, and a drain passes nothing that was sent before") {
  vr::testing::for_each_seed(500, [](vr::testing::loop& l) {
    auto me = l.client(), other = l.client("other");
    const auto a = l.spawn<late>("a");
    const auto b = l.spawn<counter>("b");
    for (auto* each : {&me, &other}) {
      a.send<get>(*each);
      b.send<add>(*each, 1);
    }
    vr::life::stop(*l.home().find(b.id().index()), vr::stop_mode::drain);
    b.send<add>(me, 2);
    std::size_t seen = 0;
    while (l.lives(b)) {
      seen = l.actor(b).seen.size();
      REQUIRE(l.step());
    }
    l.run();
    REQUIRE(l.actor(a).started);
    REQUIRE_FALSE(l.actor(a).early);
    REQUIRE(seen == 2);
    REQUIRE(l.queue().counters().returned == 1);
  });
}

TEST_CASE("expect hands over the message that it names, whatever the seed would choose") {
  vr::testing::for_each_seed(50, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto target = l.spawn<counter>("target");
    const auto a = l.spawn<relay>("a"), b = l.spawn<relay>("b");
    a.send<forward>(me, target.id(), 1);
    b.send<forward>(me, target.id(), 2);
    l.expect<forward>(me, b);
    l.disallow<add>(a, target);
    l.expect<forward>(anybody, a);
    REQUIRE(l.peek<add>(b, target).n == 2);
    l.expect<add>(b, target);
    REQUIRE(l.actor(target).seen == std::vector<int>{2});
    l.expect<add>(a, target, [](const add& m) { return m.n == 1; });
    l.expect_rest();
    auto answer = target.call<get>(me);
    l.expect<get>(me, target);
    l.expect<std::vector<int>>(target, me);
    REQUIRE(l.finish(std::move(answer)) == std::vector<int>{2, 1});
  });
}

TEST_CASE("What was expected and did not come is said with the seed, the step, and what is there instead") {
  vr::testing::loop l(7);
  auto me = l.client();
  const auto a = l.spawn<counter>("a"), b = l.spawn<counter>("b");
  CHECK(sentence_of([&] { l.expect<add>(me, a); }) ==
        "seed 7, step 0: expected loop_test::add from inproc:1,root,client[1] to inproc:1,root,a[2]; nothing "
        "is "
        "on its way");
  a.send<get>(me);
  a.send<add>(me, 1);
  CHECK(sentence_of([&] { l.expect<add>(me, a); }) ==
        "seed 7, step 0: expected loop_test::add from inproc:1,root,client[1] to inproc:1,root,a[2]; on its "
        "way: "
        "loop_test::get from inproc:1,root,client[1] to inproc:1,root,a[2] (first of 2)");
  l.expect<get>(me, a);
  CHECK(sentence_of([&] { l.disallow<add>(anybody, a); }) ==
        "seed 7, step 1: expected no loop_test::add from anybody to inproc:1,root,a[2]; on its way: "
        "loop_test::add from inproc:1,root,client[1] to inproc:1,root,a[2]");
  CHECK(sentence_of([&] {
          l.expect<add>(me, a, [](const add& m) { return m.n == 2; });
        }).starts_with("seed 7, step 1: expected another loop_test::add from"));
  CHECK(sentence_of([&] {
          l.expect_rest();
        }).starts_with("seed 7, step 1: expected that nothing is left to do; on"));
  vr::life::stop(*l.home().find(a.id().index()), vr::stop_mode::drain);
  b.send<get>(me);
  l.expect<get>(me, b);
  CHECK(l.actor(b).seen.empty());
  auto other = l.client("other");
  a.send<get>(other);
  CHECK(sentence_of([&] { l.expect<get>(other, a); }).find("a drain that has to wait") != std::string::npos);
  l.run();
  CHECK(sentence_of([&] { l.actor(a); }) ==
        "seed 7, step 5: expected that inproc:1,root,a[2] lives; nothing is on its way");
}

TEST_CASE(
    "A task that waits for what will not happen, and actors that never rest, are told instead of hanging") {
  vr::testing::loop l;
  auto me = l.client();
  auto [port, inbox] = me.open_port<int>();
  CHECK(sentence_of([&] { l.finish(inbox.recv()); }) ==
        "seed 0, step 0: expected that a task ends; it waits for something that will not happen; nothing is "
        "on its way");
  l.spawn<restless>("r").send<get>(me);
  CHECK(sentence_of([&] {
          l.run(1000);
        }).starts_with("seed 0, step 1001: expected that the actors come to rest within 1000 steps"));
}

TEST_CASE("Time passes only when it is asked to, or when a task waits and nothing else is left") {
  vr::testing::for_each_seed(50, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto a = l.spawn<counter>("a");
    const auto start = l.clock().now();
    auto in_time = vr::within(50ms, a.call<slow>(me, 1));
    auto too_late = vr::within(20ms, a.call<slow>(me, 2));
    l.run();
    REQUIRE(l.clock().now() == start);
    l.advance(19ms);
    a.send<open>(me);  // it is busy: this waits behind the second
    l.actor(a).gates.at(0).send(me, 7);
    REQUIRE(l.finish(std::move(in_time)) == 8);
    REQUIRE(l.clock().now() == start + 19ms);
    REQUIRE(l.outcome_of(std::move(too_late)).ok() == false);
    REQUIRE(l.clock().now() == start + 20ms);
  });
}

TEST_CASE("A timer and a message of the same moment go in either order") {
  std::set<bool> outcomes;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    vr::testing::loop l(seed);
    auto me = l.client();
    const auto a = l.spawn<counter>("a");
    auto answer = vr::within(10ms, a.call<slow>(me, 1));
    l.run();
    l.clock().move_to(l.clock().now() + 10ms);  // it is due, and
    l.actor(a).gates.at(0).send(me, 1);         // what it waits for comes now
    outcomes.insert(l.outcome_of(std::move(answer)).ok());
  }
  CHECK(outcomes.size() == 2);
}

TEST_CASE(
    "A loop that ends in the middle of everything destroys what is on its way, and the next has its "
    "address") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    vr::testing::loop l(seed);
    auto me = l.client();
    const auto a = l.spawn<counter>("a");
    for (int i = 0; i < 3; ++i) a.send<slow>(me, i);
    a.send<get>(me);
    l.step();
    l.stop(a, vr::stop_mode::drain);
    CHECK(a.id().proc().text() == "inproc:1,root");
    vr::testing::loop inner(seed);
    CHECK(inner.home().id().text() == "inproc:2,root");
  }
}
