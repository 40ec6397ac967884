#include "viceroy/actor/reentrant.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <coroutine>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/actor/actor.hpp"
#include "viceroy/testing/for_each_seed.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace reentrant_test {

struct wait_for {
  int key;
};
struct set {
  int key;
  int value;
};
struct look {};
struct late_sender {};
struct late_boom {};

// A handler that is destroyed lets go of the next, which runs at once: in the middle of the actor's end.
struct chain {
  std::vector<std::coroutine_handle<>> waiting;
  struct turn {
    chain* in;
    explicit turn(chain& c) : in(&c) {}
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      self = h;
      in->waiting.push_back(h);
    }
    void await_resume() { done = true; }
    ~turn() {
      if (done) return;
      std::erase(in->waiting, self);
      if (in->waiting.empty()) return;
      const auto next = in->waiting.back();
      in->waiting.pop_back();
      next.resume();
    }
    std::coroutine_handle<> self{};
    bool done = false;
  };
};
struct queue_up {};

// Gives values to those who wait for them, who come first or later.
struct table {
  using handles = vr::messages<wait_for, set, look, late_sender, late_boom, queue_up>;
  using reentrant = std::true_type;
  std::map<int, int> values;
  std::multimap<int, vr::port_ref<int>> waiting;
  std::vector<int> begun;
  int at_work = 0;
  chain line;

  vr::task<int> handle(vr::context<table>& cx, wait_for m) {
    begun.push_back(m.key);
    if (const auto it = values.find(m.key); it != values.end()) co_return it->second;
    ++at_work;
    auto [port, inbox] = cx.open_once_port<int>();
    waiting.emplace(m.key, vr::port_ref<int>(port.id()));
    const int value = co_await inbox.recv();
    --at_work;
    co_return value;
  }
  void handle(vr::context<table>& cx, set m) {
    values[m.key] = m.value;
    const auto [from, to] = waiting.equal_range(m.key);
    for (auto it = from; it != to; ++it) it->second.send(cx, m.value);
    waiting.erase(from, to);
    static_cast<void>(cx.sender());
  }
  int handle(vr::context<table>&, look) { return at_work; }
  vr::task<void> handle(vr::context<table>& cx, late_sender) {
    const vr::actor_id from = cx.sender();
    co_await vr::within(1ms, wait(cx));
    if (from.empty()) co_return;
    static_cast<void>(cx.sender());
  }
  vr::task<void> handle(vr::context<table>& cx, late_boom) {
    co_await wait(cx);
    throw std::runtime_error("late bang");
  }
  vr::task<void> handle(vr::context<table>&, queue_up) {
    ++at_work;
    co_await chain::turn(line);
    --at_work;
  }
  vr::task<void> wait(vr::context<table>& cx) {
    auto [port, inbox] = cx.open_port<int>();
    try {
      co_await vr::within(1ms, inbox.recv());
    } catch (const vr::error&) {
    }
  }
};

struct slow_start {
  using handles = vr::messages<look>;
  using reentrant = std::true_type;
  bool ready = false;
  vr::task<void> init(vr::context<slow_start>& cx) {
    auto [port, inbox] = cx.open_once_port<int>();
    port.bind().send(cx, 1);
    co_await inbox.recv();
    ready = true;
  }
  vr::task<int> handle(vr::context<slow_start>&, look) { co_return ready ? 1 : 0; }
};

}  // namespace reentrant_test

using namespace reentrant_test;

TEST_CASE(
    "Handlers of a reentrant actor begin in order and wait side by side; each caller gets its own answer") {
  vr::testing::for_each_seed(2000, [](vr::testing::loop& l) {
    auto me = l.client(), other = l.client("other");
    const auto t = l.spawn<table>("t");
    std::map<int, int> got;
    for (int i = 0; i < 5; ++i) t.call<wait_for>(me, i).then([&, i](int value) { got[i] = value; });
    for (int i = 4; i >= 0; --i) t.send<set>(other, i, 10 * i);
    l.run();
    REQUIRE(l.actor(t).begun == std::vector<int>{0, 1, 2, 3, 4});
    REQUIRE(got == std::map<int, int>{{0, 0}, {1, 10}, {2, 20}, {3, 30}, {4, 40}});
    REQUIRE(l.actor(t).at_work == 0);
    REQUIRE(l.home().find(t.id().index())->waiting_bytes() == 0);
  });
}

TEST_CASE("A reentrant actor's init still comes before its messages") {
  vr::testing::for_each_seed(200, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto a = l.spawn<slow_start>("a");
    REQUIRE(l.finish(a.call<look>(me)) == 1);
  });
}

TEST_CASE("After its first wait a reentrant handler asks for the sender in vain, and hears what to do") {
  vr::testing::loop l;
  auto me = l.client();
  const auto t = l.spawn<table>("t");
  const auto end = l.outcome_of(t.call<late_sender>(me));
  CHECK(vr::sentence_of(end.failure()).find("a reentrant actor reads them before its first co_await") !=
        std::string::npos);
}

TEST_CASE(
    "A stop and a drain let all handlers of a reentrant actor finish; what comes meanwhile comes back") {
  vr::testing::for_each_seed(1000, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto t = l.spawn<table>("t");
    auto first = t.call<wait_for>(me, 1), second = t.call<wait_for>(me, 2);
    l.run();
    REQUIRE(l.actor(t).at_work == 2);
    const auto gates = l.actor(t).waiting;
    l.stop(t, l.seed() % 2 ? vr::stop_mode::stop : vr::stop_mode::drain);
    l.run();
    REQUIRE(l.lives(t));
    auto late = t.call<look>(me);
    for (const auto& [key, gate] : gates) gate.send(me, 7 * key);
    REQUIRE(l.finish(std::move(first)) == 7);
    REQUIRE(l.finish(std::move(second)) == 14);
    l.run();
    REQUIRE_FALSE(l.lives(t));
    REQUIRE_FALSE(l.outcome_of(std::move(late)).ok());
    REQUIRE(l.clock().waiting_timers() <= 1);
  });
}

TEST_CASE("A kill and a failure end all handlers of a reentrant actor, and each caller hears why, once") {
  vr::testing::for_each_seed(1000, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto t = l.spawn<table>("t");
    int ends = 0;
    std::set<std::string> reasons;
    for (int i = 0; i < 4; ++i)
      t.call<wait_for>(me, i).then([&](vr::outcome<int> o) {
        ++ends;
        reasons.insert(vr::sentence_of(o.failure()));
      });
    l.run();
    const bool killed = l.seed() % 2;
    if (killed) {
      l.stop(t, vr::stop_mode::kill);
    } else {
      t.send<late_boom>(me);
    }
    l.advance(5ms);
    REQUIRE(ends == 4);
    REQUIRE_FALSE(l.lives(t));
    REQUIRE(reasons ==
            std::set<std::string>{killed ? "inproc:1,root,t[2] was stopped before it answered"
                                         : "inproc:1,root,t[2] failed handling reentrant_test::late_boom: "
                                           "late bang"});
  });
}

TEST_CASE("A handler that is destroyed may run and end the others of its actor, in the middle of the end") {
  vr::testing::for_each_seed(100, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto t = l.spawn<table>("t");
    for (int i = 0; i < 5; ++i) t.send<queue_up>(me);
    l.run();
    REQUIRE(l.actor(t).at_work == 5);
    l.stop(t, vr::stop_mode::kill);
    l.run();
    REQUIRE_FALSE(l.lives(t));
    REQUIRE(l.ends().size() == 1);
  });
}
