#include "viceroy/proc/loop.hpp"

#include <doctest/doctest.h>

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <latch>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace loop_test {

struct run_this {
  using local = std::true_type;
  std::shared_ptr<viceroy::callback<void()>> work;
};
struct caller {
  using handles = viceroy::messages<run_this>;
  void handle(viceroy::context<caller>&, run_this m) { (*m.work)(); }
};

}  // namespace loop_test

namespace {

using loop_test::caller, loop_test::run_this;
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

// Wakes a loop a few times, a millisecond apart, and stops it. Returns: how often it polled.
std::uint64_t polls_of(viceroy::loop& l) {
  const viceroy::loop::attached here(l);
  for (int i = 1; i <= 5; ++i) l.call_at(l.exact_now() + i * 1ms, [] {});
  l.call_at(l.exact_now() + 6ms, [&l] { l.stop(); });
  l.run();
  return l.times_polled();
}

// A loop and a proc that lives there.
struct place {
  place(std::size_t i, const viceroy::limits& bounds)
      : loop(viceroy::identity(), bounds),
        home(viceroy::proc_id(viceroy::address::in_process(9000 + i), viceroy::label::parse("root")),
             loop.queue()) {
    home.publish();
  }
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  ~place() { home.withdraw(); }
  viceroy::loop loop;
  viceroy::directory home;
};

}  // namespace

TEST_CASE("a loop polls before it sleeps, for poll_us at most; with none it never does") {
  viceroy::limits bounds;
  viceroy::loop polling(viceroy::identity(), bounds);
  CHECK(polls_of(polling) > 0);
  viceroy::limits none;
  none.poll_us = 0;
  viceroy::loop sleeping(viceroy::identity(), none);
  CHECK(polls_of(sleeping) == 0);
}

TEST_CASE("no loop polls while more loops run than the machine has cores") {
  viceroy::limits bounds;
  struct other {
    explicit other(const viceroy::limits& b) : loop(viceroy::identity(), b) {}
    viceroy::loop loop;
    std::thread thread;
  };
  std::vector<std::unique_ptr<other>> others;
  std::latch all_run(viceroy::loop::cores());
  for (int i = 0; i != viceroy::loop::cores(); ++i) {
    other& o = *others.emplace_back(std::make_unique<other>(bounds));
    o.loop.post([&all_run] { all_run.count_down(); });
    o.thread = std::thread([&o] { o.loop.run(); });
  }
  all_run.wait();
  viceroy::loop one_more(viceroy::identity(), bounds);
  CHECK(polls_of(one_more) == 0);
  for (auto& o : others) {
    o->loop.post([&o] { o->loop.stop(); });
    o->thread.join();
  }
  CHECK(polls_of(one_more) > 0);
}

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

TEST_CASE("what was sent to a loop before work was posted to it has arrived when that runs") {
  const viceroy::limits bounds;
  place from(1, bounds);
  place to(2, bounds);
  std::optional<viceroy::instance> sender;
  {
    const viceroy::loop::attached here(from.loop);
    sender.emplace(from.home, viceroy::label::parse("sender"));
  }
  int handled = 0;
  {
    const viceroy::loop::attached here(to.loop);
    auto& box = viceroy::detail::spawn_in<caller>(to.home, viceroy::label::parse("a"), nullptr, false);
    // While the loop handles this message, one comes for the same actor from another loop, and then the work
    // that drains it.
    const viceroy::actor_ref<caller> a(box.id());
    const auto send = [&](viceroy::callback<void()> then) {
      const viceroy::loop::attached there(from.loop);
      a.send<run_this>(*sender, std::make_shared<viceroy::callback<void()>>(std::move(then)));
    };
    send([&] {
      send([&] { ++handled; });
      to.loop.post([&] {
        viceroy::life::stop(box, viceroy::stop_mode::drain);
        to.loop.post([&] { to.loop.stop(); });
      });
    });
    to.loop.run();
    CHECK(handled == 1);
  }
  const viceroy::loop::attached here(from.loop);
  sender.reset();
}
