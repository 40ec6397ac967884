#include "viceroy/base/small_mutex.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

TEST_SUITE("small_mutex") {
  TEST_CASE("is four bytes, and needs nobody to begin it") {
    static constinit viceroy::small_mutex m;
    static_assert(sizeof(m) == 4);
    {
      const viceroy::small_mutex::holding first(m);
    }
    {
      const viceroy::small_mutex::holding again(m);
    }
  }

  TEST_CASE("lets one thread at a time through, and wakes each that sleeps") {
    viceroy::small_mutex m;
    long sum = 0;  // of no atomic: a sanitizer sees who gets in
    const auto add = [&] {
      for (int i = 0; i != 20000; ++i) {
        const viceroy::small_mutex::holding alone(m);
        ++sum;
      }
    };
    std::vector<std::thread> others;
    for (int i = 0; i != 3; ++i) others.emplace_back(add);
    add();
    for (std::thread& each : others) each.join();
    CHECK(sum == 80000);
  }

  TEST_CASE("keeps who comes waiting as long as it is held") {
    viceroy::small_mutex m;
    std::atomic<bool> begun{false};
    bool inside = false;  // its writes are ordered by the mutex alone
    std::thread other;
    {
      const viceroy::small_mutex::holding alone(m);
      other = std::thread([&] {
        begun.store(true);
        begun.notify_one();
        const viceroy::small_mutex::holding next(m);
        inside = true;
      });
      begun.wait(false);
      for (int i = 0; i != 1000; ++i) std::this_thread::yield();
      CHECK_FALSE(inside);
    }
    other.join();
    CHECK(inside);
  }
}
