#include "viceroy/base/loop_timer.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>

#include "viceroy/testing/virtual_clock.hpp"

namespace {

using namespace std::chrono_literals;

struct fixture {
  viceroy::testing::virtual_clock clock;
  viceroy::executor::scope here{&clock};
  viceroy::loop_timer timer;
  int called = 0;

  void pass(std::chrono::milliseconds time) { clock.fire_until(clock.now() + time); }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "what waits is called once, when the time is over") {
  timer.wait(10ms, [this] { ++called; });
  pass(9ms);
  CHECK(called == 0);
  pass(1ms);
  CHECK(called == 1);
  pass(100ms);
  CHECK(called == 1);
}

TEST_CASE_FIXTURE(fixture, "a second wait takes the place of the first") {
  timer.wait(10ms, [this] { called = 100; });
  timer.wait(20ms, [this] { ++called; });
  CHECK(clock.waiting_timers() == 1);
  pass(20ms);
  CHECK(called == 1);
}

TEST_CASE_FIXTURE(fixture,
                  "cancelling destroys what was to be called, and does nothing to what was called already") {
  const auto held = std::make_shared<int>(0);
  timer.cancel();
  timer.wait(10ms, [this, held] { ++called; });
  CHECK(held.use_count() == 2);
  timer.cancel();
  CHECK(held.use_count() == 1);
  timer.wait(10ms, [this] { ++called; });
  pass(10ms);
  timer.wait(10ms, [this] { ++called; });
  timer.cancel();
  timer.cancel();
  pass(10ms);
  CHECK(called == 1);
}

TEST_CASE_FIXTURE(fixture, "what is called may wait again") {
  timer.wait(10ms, [this] {
    ++called;
    timer.wait(10ms, [this] { ++called; });
  });
  pass(10ms);
  CHECK(called == 1);
  pass(10ms);
  CHECK(called == 2);
}
