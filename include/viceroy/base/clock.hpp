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
