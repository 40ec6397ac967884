// flag_lock: a mutex of one byte, for what is held for a moment, without what <mutex> brings along.
#pragma once

#include <atomic>

namespace viceroy {

// Holds a flag while it lives; who finds it held sleeps. Threads: any; not for a thread that holds it already.
class flag_lock {
 public:
  explicit flag_lock(std::atomic_flag& flag) noexcept : flag_(flag) {
    while (flag_.test_and_set(std::memory_order_acquire)) flag_.wait(true, std::memory_order_relaxed);
  }
  ~flag_lock() {
    flag_.clear(std::memory_order_release);
    flag_.notify_one();
  }
  flag_lock(const flag_lock&) = delete;
  flag_lock& operator=(const flag_lock&) = delete;

 private:
  std::atomic_flag& flag_;
};

}  // namespace viceroy
