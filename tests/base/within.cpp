#include "viceroy/base/within.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <coroutine>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_loop.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace {

// A wait that somebody else ends; counts who waits.
struct gate {
  std::coroutine_handle<> waiter;
  int left = 0;
  struct wait {
    gate* at;
    explicit wait(gate& g) : at(&g) {}
    wait(const wait&) = delete;
    wait& operator=(const wait&) = delete;
    ~wait() { ++at->left; }
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h) { at->waiter = h; }
    void await_resume() const {}
  };
  void open() { std::exchange(waiter, nullptr).resume(); }
};

vr::task<int> wait_for(gate& g, int n) {
  const gate::wait unused(g);  // its end is the frame's
  co_await gate::wait(g);
  co_return n;
}
vr::task<int> at_once(int n) { co_return n; }
vr::task<int> fails() {
  throw std::runtime_error("broken");
  co_return 0;
}

}  // namespace

TEST_CASE("What is done in time gives its value, and no timer stays behind") {
  by_hand::loop loop;
  const vr::executor::scope here(&loop);
  gate g;
  std::optional<int> result;
  const auto run = vr::running::start<int>(vr::within(200ms, wait_for(g, 7)),
                                           [&](vr::outcome<int> o) { result = o.get(); });
  CHECK(loop.waiting_timers() == 1);
  g.open();
  CHECK(result == 7);
  CHECK(loop.waiting_timers() == 0);
}

TEST_CASE("What is done already needs no timer") {
  by_hand::loop loop;
  const vr::executor::scope here(&loop);
  std::optional<int> result;
  const auto run =
      vr::running::start<int>(vr::within(200ms, at_once(7)), [&](vr::outcome<int> o) { result = o.get(); });
  CHECK(result == 7);
  CHECK(loop.waiting_timers() == 0);
}

TEST_CASE("A value that cannot be assigned comes through a limit") {
  struct fixed {
    const int value;
  };
  by_hand::loop loop;
  const vr::executor::scope here(&loop);
  std::optional<int> result;
  const auto make = []() -> vr::task<fixed> { co_return fixed{3}; };
  const auto run = vr::running::start<fixed>(vr::within(200ms, make()),
                                             [&](vr::outcome<fixed> o) { result = o.get().value; });
  CHECK(result == 3);
}

TEST_CASE("At the limit the task is destroyed, and the error names what was awaited and for how long") {
  by_hand::loop loop;
  const vr::executor::scope here(&loop);
  gate g;
  std::string said;
  vr::errc kind{};
  const auto run =
      vr::running::start<int>(vr::within(2000ms, wait_for(g, 7), "the door"), [&](vr::outcome<int> o) {
        try {
          o.get();
        } catch (const vr::error& e) {
          said = e.what();
          kind = e.kind();
        }
        CHECK(g.left == 2);  // the loser was gone before its waiter heard of it
      });
  loop.fire_until(loop.now() + 1999ms);
  CHECK(said.empty());
  loop.fire_until(loop.now() + 1ms);
  CHECK(said == "the door did not finish within 2 s");
  CHECK(kind == vr::errc::timeout);
  CHECK(loop.waiting_timers() == 0);
}

TEST_CASE("A limited task's own exception is not changed") {
  by_hand::loop loop;
  const vr::executor::scope here(&loop);
  std::string said;
  const auto run = vr::running::start<int>(vr::within(1ms, fails()),
                                           [&](vr::outcome<int> o) { said = vr::sentence_of(o.failure()); });
  CHECK(said == "broken");
}

TEST_CASE("Destroying a limited wait destroys the task and its timer") {
  by_hand::loop loop;
  const vr::executor::scope here(&loop);
  gate g;
  {
    const auto run =
        vr::running::start<int>(vr::within(1s, wait_for(g, 7)), [](vr::outcome<int>) { FAIL("told"); });
    CHECK(loop.waiting_timers() == 1);
  }
  CHECK(g.left == 2);
  CHECK(loop.waiting_timers() == 0);
}

TEST_CASE("The inner of two limits counts when it is the shorter one, the outer when it is not") {
  by_hand::loop loop;
  const vr::executor::scope here(&loop);
  for (const auto outer : {50ms, 10ms}) {
    gate g;
    std::string said;
    const auto run =
        vr::running::start<int>(vr::within(outer, vr::within(20ms, wait_for(g, 1), "inner"), "outer"),
                                [&](vr::outcome<int> o) { said = vr::sentence_of(o.failure()); });
    loop.fire_until(loop.now() + 1s);
    CHECK(said ==
          (outer == 50ms ? "inner did not finish within 20 ms" : "outer did not finish within 10 ms"));
    CHECK(g.left == 2);
    CHECK(loop.waiting_timers() == 0);
  }
}

TEST_CASE("Without a loop on its thread a limit is an error that says what to do") {
  gate g;
  std::string said;
  const auto run = vr::running::start<int>(vr::within(1s, wait_for(g, 1)),
                                           [&](vr::outcome<int> o) { said = vr::sentence_of(o.failure()); });
  CHECK(said == "within() was awaited on a thread that runs no loop; await it in a task of a runtime");
}

TEST_CASE("A limit is written in seconds only where that is exact") {
  CHECK(vr::limit_text(60'000ms) == "60 s");
  CHECK(vr::limit_text(1'500ms) == "1500 ms");
  CHECK(vr::limit_text(0ms) == "0 ms");
}
