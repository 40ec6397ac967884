// memory: unique_ptr and shared_ptr, and of <memory> no more than those.
#pragma once

#include <version>

// libstdc++'s <memory> adds the parallel algorithms' declarations and, through them, <functional>: an eighth
// of what a file that only defines actors costs to compile. Like base/clock.hpp, this is the part that is
// used here.
#if defined(__GLIBCXX__) && __has_include(<bits/unique_ptr.h>) && __has_include(<bits/shared_ptr.h>)
#include <bits/unique_ptr.h>

#include <bits/shared_ptr.h>
#else
#include <memory>
#endif
