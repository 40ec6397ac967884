// small_mutex: a mutex of four bytes, for what is held for a moment, without what <mutex> brings along.
#pragma once

#include <atomic>

namespace viceroy {

// Who finds it held says so in it, and sleeps; who lets go asks the kernel to wake somebody only then. (An
// atomic flag cannot say it: the standard library asks whether any thread waits for any flag whose address
// falls into the same class, and one that does for long makes each unlock a system call.)
// Threads: any; not for a thread that holds it already. Idea: Drepper, "Futexes are tricky".
class small_mutex {
 public:
  constexpr small_mutex() noexcept = default;
  small_mutex(const small_mutex&) = delete;
  small_mutex& operator=(const small_mutex&) = delete;

  // Holds it while this lives. Cost: two atomic exchanges when nobody else wants it.
  class holding {
   public:
    explicit holding(small_mutex& m) noexcept : mutex_(m) {
      int found = free;
      if (mutex_.word_.compare_exchange_strong(found, held, std::memory_order_acquire)) return;
      while (mutex_.word_.exchange(awaited, std::memory_order_acquire) != free)
        mutex_.word_.wait(awaited, std::memory_order_relaxed);
    }
    ~holding() {
      if (mutex_.word_.exchange(free, std::memory_order_release) == awaited) [[unlikely]]
        mutex_.word_.notify_one();
    }
    holding(const holding&) = delete;
    holding& operator=(const holding&) = delete;

   private:
    small_mutex& mutex_;
  };

 private:
  enum state : int { free, held, awaited };
  std::atomic<int> word_{free};
};

}  // namespace viceroy
