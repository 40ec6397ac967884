#include "viceroy/base/clock.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace clock_test {

struct later {};
struct never {};

struct sleeper {
  using handles = vr::messages<later, never>;
  vr::task<int> handle(vr::context<sleeper>& cx, later) {
    auto [port, inbox] = cx.open_once_port<int>();
    try {
      co_await vr::within(30s, inbox.recv());
    } catch (const vr::error&) {
    }
    co_return ++came;
  }
  void handle(vr::context<sleeper>& cx, never) {
    cx.after<later>(vr::executor::clock::duration::max());
    cx.every<later>(vr::executor::clock::duration::max());
  }
  int came = 0;
};

}  // namespace clock_test

TEST_CASE("A limit that no clock can count is a hundred years, and a negative one is over") {
  using ns = std::chrono::nanoseconds;
  CHECK(vr::finite(5ms) == ns(5ms));
  CHECK(vr::finite(-1ns) == ns::zero());
  CHECK(vr::finite(std::chrono::milliseconds::min()) == ns::zero());
  CHECK(vr::finite(std::chrono::milliseconds::max()) == ns(std::chrono::hours(24 * 36'525)));
  CHECK(vr::finite(ns::max()) == ns(std::chrono::hours(24 * 36'525)));
  const auto now = std::chrono::steady_clock::now();
  CHECK(vr::end_of_limit(now, 5ms) == now + 5ms);
  CHECK(vr::end_of_limit(now, -5ms) == now - 5ms);
  CHECK(vr::end_of_limit(now, std::chrono::milliseconds::max()) == now + vr::finite(ns::max()));
  CHECK(vr::end_of_limit(now, std::chrono::milliseconds::min()) == now);
  CHECK(std::chrono::steady_clock::now() + vr::finite(ns::max()) > std::chrono::steady_clock::now());
}

TEST_CASE("Who waits for ever waits: for an answer, a task, a message to itself, by every limit") {
  using clock_test::later;
  constexpr auto ever = std::chrono::milliseconds::max();
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  const auto it = client.spawn<clock_test::sleeper>();
  CHECK(w.run<int>(vr::within(ever, it.call<later>(client))) == 1);
  CHECK(w.run<int>(vr::within(ever, vr::task<int>(it.call<later>(client)))) == 2);
  w.bounds.call = ever;
  w.bounds.actor_stop = ever;
  w.bounds.drain = ever;
  CHECK(w.run<int>(it.call<later>(client)) == 3);
  CHECK(w.failure<int>(vr::within(1ms, vr::task<int>(it.call<later>(client))))
            .find("no answer to clock_test::later") != std::string::npos);
  it.send<clock_test::never>(client);
  w.settle();
  w.pass(24h);
  CHECK(w.run<int>(it.call<later>(client)) == 5);
}
