#include "viceroy/base/flag_lock.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

TEST_SUITE("flag_lock") {
  TEST_CASE("holds its flag while it lives") {
    std::atomic_flag flag;
    {
      const viceroy::flag_lock held(flag);
      CHECK(flag.test());
    }
    CHECK_FALSE(flag.test());
  }

  TEST_CASE("lets one thread at a time through, and wakes who sleeps") {
    std::atomic_flag flag;
    long sum = 0;  // of no atomic: a sanitizer sees who gets in
    const auto add = [&] {
      for (int i = 0; i != 20000; ++i) {
        const viceroy::flag_lock held(flag);
        ++sum;
      }
    };
    std::thread other(add);
    add();
    other.join();
    CHECK(sum == 40000);
  }
}
