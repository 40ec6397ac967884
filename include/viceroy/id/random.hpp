// random: 64 random bits at a time, from the kernel or, where a test wants the same names again, from a seed.
#pragma once

#include <sys/random.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "viceroy/base/error.hpp"

namespace viceroy {
namespace detail {

struct random_override {
  bool seeded = false;
  std::uint64_t state = 0;
};

inline constinit thread_local random_override this_threads_random{};

inline std::uint64_t kernel_random() {
  std::uint64_t value = 0;
  for (;;) {
    const ssize_t got = ::getrandom(&value, sizeof value, 0);
    if (got == static_cast<ssize_t>(sizeof value)) return value;
    if (got < 0 && errno != EINTR)
      throw error(errc::system, "getrandom failed with errno " + std::to_string(errno));
  }
}

}  // namespace detail

// Draws 64 random bits. Errors: errc::system when the kernel has none to give. Threads: any.
inline std::uint64_t random_u64() {
  auto& here = detail::this_threads_random;
  if (!here.seeded) return detail::kernel_random();
  here.state += 0x9e3779b97f4a7c15;  // a Weyl sequence, scrambled below: every seed has the full period
  std::uint64_t z = here.state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// Makes `random_u64` of this thread repeatable until the end of the scope: for simulated worlds, never for
// secrets.
class seeded_random {
 public:
  explicit seeded_random(std::uint64_t seed) noexcept : before_(detail::this_threads_random) {
    detail::this_threads_random = {true, seed};
  }
  seeded_random(const seeded_random&) = delete;
  seeded_random& operator=(const seeded_random&) = delete;
  ~seeded_random() { detail::this_threads_random = before_; }

 private:
  detail::random_override before_;
};

}  // namespace viceroy
