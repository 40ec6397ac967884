// iterator_tags: what an iterator says it can, and of <iterator> no more than that.
#pragma once

#include <version>

// libstdc++'s <iterator> adds the iterators of streams, and with them these and their locales. Like
// base/clock.hpp, this is the part that is used here.
#if defined(__GLIBCXX__) && __has_include(<bits/stl_iterator_base_types.h>)
#include <bits/stl_iterator_base_types.h>
#else
#include <iterator>
#endif
