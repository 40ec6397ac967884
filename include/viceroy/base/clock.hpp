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
// and a negative one is over at once. A limit "for ever" is `std::chrono::milliseconds::max()`.
template <class Rep, class Period>
constexpr std::chrono::steady_clock::duration finite(std::chrono::duration<Rep, Period> limit) {
  using given = std::chrono::duration<Rep, Period>;
  constexpr given longest = std::chrono::hours(24 * 36'525);
  if (static_cast<std::uint64_t>(limit.count()) < static_cast<std::uint64_t>(longest.count())) [[likely]]
    return limit;  // one comparison: calls pass here
  return limit < given::zero() ? given::zero() : longest;
}

// When a limit that begins then is over; where every instruction counts, and few limits are long.
[[gnu::always_inline]] inline std::chrono::steady_clock::time_point end_of_limit(
    std::chrono::steady_clock::time_point begin, std::chrono::milliseconds limit) {
  std::int64_t time = 0;
  if (__builtin_mul_overflow(limit.count(), std::int64_t{1'000'000}, &time) ||
      __builtin_add_overflow(begin.time_since_epoch().count(), time, &time)) [[unlikely]]
    return begin + finite(limit);
  return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(time));
}

}  // namespace viceroy
