// clock: durations and clocks, and of <chrono> no more than those.
#pragma once

#include <cstdint>
#include <version>

// libstdc++'s <chrono> adds calendars and time zones' text, and with them streams and locales: a fifth of
// what a file that only defines actors costs to compile. Its own <bits/chrono.h> is the part that is used
// here.
#if defined(__GLIBCXX__) && __has_include(<bits/chrono.h>)
#include <bits/chrono.h>
#else
#include <chrono>
#endif

namespace viceroy {

// What a limit is for a clock: none is longer than a hundred years, so that the time of its end can be told,
// and a negative one is over at once. A limit "for ever" is `std::chrono::milliseconds::max()`. (Of numbers,
// since each conversion and comparison of durations is functions to compile for every file.)
inline constexpr std::int64_t longest_limit_ms = std::int64_t{36'525} * 24 * 3'600'000;
constexpr std::chrono::steady_clock::duration finite(std::chrono::steady_clock::duration limit) {
  constexpr std::int64_t longest = longest_limit_ms * 1'000'000;
  const std::int64_t given = limit.count();
  return std::chrono::steady_clock::duration(given < 0 ? 0 : given < longest ? given : longest);
}
constexpr std::chrono::steady_clock::duration finite(std::chrono::milliseconds limit) {
  const std::int64_t given = limit.count();
  const std::int64_t ms = given < 0 ? 0 : given < longest_limit_ms ? given : longest_limit_ms;
  return std::chrono::steady_clock::duration(ms * 1'000'000);
}

// When a limit that begins then is over; where every instruction counts, and few limits are long.
[[gnu::always_inline]] inline std::chrono::steady_clock::time_point end_of_limit(
    std::chrono::steady_clock::time_point begin, std::chrono::milliseconds limit) {
  const std::int64_t start = begin.time_since_epoch().count();
  std::int64_t end = 0;
  if (__builtin_mul_overflow(limit.count(), std::int64_t{1'000'000}, &end) ||
      __builtin_add_overflow(start, end, &end)) [[unlikely]]
    end = start + finite(limit).count();
  return std::chrono::steady_clock::time_point(std::chrono::steady_clock::duration(end));
}

}  // namespace viceroy
