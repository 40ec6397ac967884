// row: the library's deques and lists, known by their shape.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

namespace viceroy::detail {

// What grows at both ends and tells its number; their headers are spared as those of sets and maps are.
template <class T>
concept row = requires(T& t) {
  typename T::allocator_type;
  t.pop_front();
  t.pop_back();
  t.size();
} && !requires { typename T::key_type; };

// A deque is indexed, a list is not.
template <class T>
concept indexed_row = row<T> && requires(T& t) { t[0]; };

template <class T>
inline constexpr bool has_default_allocator =
    std::is_same_v<typename T::allocator_type, std::allocator<typename T::value_type>>;

}  // namespace viceroy::detail
