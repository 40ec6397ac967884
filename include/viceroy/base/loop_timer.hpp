// loop_timer: one wait for a time, on the loop of the thread that begins it.
#pragma once

#include <utility>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/taken.hpp"

namespace viceroy {

// Who waits is kept alive by what it waits with: the timer itself does not end the wait when it is destroyed.
class loop_timer {
 public:
  // Calls `then` once, so long from now; what was waited for before is forgotten. Threads: a loop's.
  void wait(std::chrono::milliseconds delay, callback<void()> then) {
    cancel();
    loop_ = executor::current();
    waiting_ = loop_->call_at(loop_->exact_now() + finite(delay), std::move(then));
  }
  // Forgets it, and destroys what was to be called; what has been called already is ignored.
  void cancel() {
    if (waiting_) loop_->cancel(taken(waiting_));
  }

 private:
  executor* loop_ = nullptr;
  executor::timer waiting_ = 0;
};

}  // namespace viceroy
