// clock: durations and clocks, and of <chrono> no more than those.
#pragma once

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
  constexpr std::chrono::hours longest(24 * 36'525);
  if (limit < limit.zero()) limit = limit.zero();
  return limit < longest ? std::chrono::steady_clock::duration(limit) : longest;
}

}  // namespace viceroy
