// io_loop: an io_context and timers on one thread, for tests of what needs a loop and no more of it.
#pragma once

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/timers.hpp"

class io_loop final : public viceroy::executor {
 public:
  void post(viceroy::callback<void()> work) override { boost::asio::post(io_, std::move(work)); }
  timer call_at(clock::time_point when, viceroy::callback<void()> work) override {
    return timers_.add(when, std::move(work));
  }
  void cancel(timer which) override { timers_.cancel(which); }
  clock::time_point now() const override { return clock::now(); }

  operator boost::asio::io_context&() { return io_; }

  // Does what is there to do.
  void poll() {
    io_.restart();
    while (timers_.fire(now()) + io_.poll() != 0) {
    }
  }
  // Does one thing, for which it waits if there is none, at most until `end`. Returns: whether there was one.
  bool run_one_until(clock::time_point end) {
    const auto work = boost::asio::make_work_guard(io_);
    io_.restart();
    do {
      // What has come is looked at before a limit on its coming is held to have passed, as on a real loop.
      if (io_.poll_one() + timers_.fire(now()) != 0) return true;
      if (io_.run_one_until(std::min(end, timers_.next())) != 0) return true;
    } while (now() < end);
    return false;
  }
  void run_one() { run_one_until(clock::time_point::max()); }
  // Goes on until nothing is waited for.
  void run() {
    for (io_.restart(); io_.run_one_until(timers_.next()) + timers_.fire(now()) != 0 || !timers_.empty();) {
    }
  }

 private:
  boost::asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  viceroy::timers timers_;
  scope here_{this};
};
