#include "viceroy/proc/loop.hpp"

#include <doctest/doctest.h>

#include <boost/asio/steady_timer.hpp>

#include <optional>

namespace {

using namespace std::chrono_literals;
using clock_type = viceroy::executor::clock;

// A loop, and something outside its own timers that it hears of through Asio.
struct listening_loop {
  explicit listening_loop(std::chrono::milliseconds until) : alarm(loop.io(), until) {
    alarm.async_wait([this](const boost::system::error_code&) {
      heard = loop.now();
      limit = loop.call_at(loop.now() + 20ms, [this] { loop.stop(); });
    });
  }

  viceroy::limits bounds;
  viceroy::loop loop{viceroy::identity(), bounds};
  boost::asio::steady_timer alarm;
  std::optional<clock_type::time_point> heard;
  viceroy::executor::timer limit = 0;
};

}  // namespace

TEST_CASE(
    "what a loop hears from outside it hears now, however long it slept: a limit that begins there is "
    "whole") {
  const auto begin = clock_type::now();
  listening_loop one(40ms);
  one.loop.run();
  REQUIRE(one.heard);
  CHECK(*one.heard - begin >= 40ms);
  CHECK(clock_type::now() - *one.heard >= 20ms);
}

TEST_CASE("what a loop hears from outside it hears now, however long a handler has held it up") {
  listening_loop one(1ms);
  clock_type::time_point let_go;
  one.loop.post([&] {
    let_go = clock_type::now() + 40ms;
    while (clock_type::now() < let_go) {
    }
  });
  one.loop.run();
  REQUIRE(one.heard);
  CHECK(*one.heard >= let_go);
  CHECK(clock_type::now() - *one.heard >= 20ms);
}
