// virtual_clock: an executor whose time stands still until somebody moves it.
#pragma once

#include <deque>
#include <mutex>
#include <utility>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/timers.hpp"

namespace viceroy::testing {

// The clock, timers and posted work of a deterministic loop: nothing happens unless it is asked for, one by
// one. The timers are those of a real loop. Threads: the loop's, but post().
class virtual_clock final : public executor {
 public:
  void post(callback<void()> work) override {
    const std::lock_guard lock(guard_);
    posted_.push_back(std::move(work));
  }
  timer call_at(clock::time_point when, callback<void()> work) override {
    return timers_.add(when, std::move(work));
  }
  void cancel(timer which) override { timers_.cancel(which); }
  clock::time_point now() const override { return now_; }

  std::size_t waiting_timers() const { return timers_.size(); }
  // No later than the next timer; max() if there is none.
  clock::time_point next_timer() const { return timers_.next(); }
  bool timer_due() { return timers_.due(now_); }
  bool has_posted() const {
    const std::lock_guard lock(guard_);
    return !posted_.empty();
  }

  // Each does the first that is there to do. Returns: whether there was one.
  bool fire_one() { return timers_.fire_one(now_); }
  bool run_one_posted() {
    callback<void()> work;
    {
      const std::lock_guard lock(guard_);
      if (posted_.empty()) return false;
      work = std::move(posted_.front());
      posted_.pop_front();
    }
    work();
    return true;
  }

  // Moves the time, forward only; what is due then waits to be fired.
  void move_to(clock::time_point when) {
    if (now_ < when) now_ = when;
  }
  // The same, firing what is due on the way, each at its time.
  void fire_until(clock::time_point when) {
    while (next_timer() <= when) {
      move_to(next_timer());
      while (fire_one()) continue;
    }
    move_to(when);
  }

 private:
  clock::time_point now_{};
  timers timers_;
  mutable std::mutex guard_;
  std::deque<callback<void()>> posted_;
};

}  // namespace viceroy::testing
