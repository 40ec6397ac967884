// executor: run now, run later: what the code above needs of a loop, without knowing what drives it.
#pragma once

#include <cstdint>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/clock.hpp"

namespace viceroy {

// One thread's place to run things. A real loop, and a simulated one with a virtual clock, are executors.
class executor {
 public:
  using clock = std::chrono::steady_clock;
  using timer = std::uint64_t;  // never 0

  // Runs `work` on the loop, after what is queued already. Threads: any. Cost: an allocation and perhaps a
  // wake-up.
  virtual void post(callback<void()> work) = 0;

  // Runs `work` once at `when` or as soon after as the loop gets there. Threads: the loop's.
  virtual timer call_at(clock::time_point when, callback<void()> work) = 0;

  // Forgets a timer that has not fired; one that has is ignored. Threads: the loop's.
  virtual void cancel(timer which) = 0;

  // The time of this turn of the loop.
  virtual clock::time_point now() const = 0;
  // The time itself: where a limit starts in the middle of a turn that may have been long.
  virtual clock::time_point exact_now() const { return now(); }

  // The executor whose loop runs on this thread; null elsewhere.
  static executor* current() noexcept { return current_; }

  // Makes `e` the current executor of this thread while it lives.
  class scope {
   public:
    explicit scope(executor* e) noexcept : before_(current_) { current_ = e; }
    ~scope() { current_ = before_; }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

   private:
    executor* before_;
  };

 protected:
  ~executor() = default;

 private:
  static inline thread_local constinit executor* current_ = nullptr;  // trivial: no guard at each access
};

}  // namespace viceroy
