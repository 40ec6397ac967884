// unique_ptr_fwd: std::unique_ptr by name, for what says how one is named and written down.
#pragma once

#include <version>

// A message that holds one has included <memory>; others need not: with it come streams and locales, a tenth
// of what a file that only defines actors costs to compile.
#if defined(__GLIBCXX__)
namespace std _GLIBCXX_VISIBILITY(default) {
_GLIBCXX_BEGIN_NAMESPACE_VERSION
template <typename>
struct default_delete;
template <typename, typename>
class unique_ptr;
_GLIBCXX_END_NAMESPACE_VERSION
}  // namespace std _GLIBCXX_VISIBILITY(default)
#else
#include <memory>
#endif

namespace viceroy {
namespace detail {

template <class T>
using std_unique_ptr = std::unique_ptr<T, std::default_delete<T>>;

}  // namespace detail
}  // namespace viceroy
