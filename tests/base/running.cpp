#include "viceroy/base/running.hpp"

#include <doctest/doctest.h>

#include <coroutine>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace vr = viceroy;

namespace {

struct gate {
  std::coroutine_handle<> waiter;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() const {}
  void open() { std::exchange(waiter, nullptr).resume(); }
};

vr::task<int> wait_for(gate& g, int n) {
  co_await g;
  co_return n;
}
vr::task<int> at_once(int n) { co_return n; }
vr::task<void> fail() {
  throw std::runtime_error("no");
  co_return;
}

}  // namespace

TEST_CASE("A task that needs no wait is done before start returns") {
  std::optional<int> result;
  const auto run = vr::running::start<int>(at_once(3), [&](vr::outcome<int> o) { result = o.get(); });
  CHECK(result == 3);
  CHECK_FALSE(run);
}

TEST_CASE("The end of a task is told once, with its value or its exception") {
  gate g;
  int calls = 0;
  const auto run = vr::running::start<int>(wait_for(g, 9), [&](vr::outcome<int> o) {
    ++calls;
    CHECK(o.get() == 9);
  });
  CHECK(run);
  g.open();
  CHECK(calls == 1);
  CHECK_FALSE(run);
  bool failed = false;
  const auto bad = vr::running::start<void>(fail(), [&](vr::outcome<void> o) { failed = !o.ok(); });
  CHECK(failed);
}

TEST_CASE("A started task may be moved while it waits, and dies with its last owner untold") {
  gate g;
  bool told = false;
  vr::running second;
  {
    auto first = vr::running::start<int>(wait_for(g, 1), [&](vr::outcome<int>) { told = true; });
    second = std::move(first);
    CHECK_FALSE(first);
  }
  CHECK(second);
  second.reset();
  CHECK_FALSE(second);
  CHECK_FALSE(told);
}

TEST_CASE("After a move it is the new owner that becomes empty when the task ends") {
  gate g;
  std::vector<vr::running> crowd;
  int told = 0;
  crowd.push_back(vr::running::start<int>(wait_for(g, 1), [&](vr::outcome<int>) { ++told; }));
  crowd.reserve(100);
  g.open();
  CHECK(told == 1);
  CHECK_FALSE(crowd.front());
}

TEST_CASE("Who is told may destroy the owner") {
  gate g;
  auto owner = std::make_unique<vr::running>();
  *owner = vr::running::start<int>(wait_for(g, 1), [&](vr::outcome<int>) { owner.reset(); });
  g.open();
  CHECK(owner == nullptr);
}

TEST_CASE("Who is told may start the next in the same place") {
  gate g;
  vr::running place;
  int ends = 0;
  place = vr::running::start<int>(wait_for(g, 1), [&](vr::outcome<int>) {
    ++ends;
    place = vr::running::start<int>(wait_for(g, 2), [&](vr::outcome<int>) { ++ends; });
  });
  g.open();
  CHECK(place);
  g.open();
  CHECK(ends == 2);
  CHECK_FALSE(place);
}
