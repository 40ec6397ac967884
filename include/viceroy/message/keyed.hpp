// keyed: the library's sets and maps of unique keys, known by their shape.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace viceroy {
namespace detail {

// Their headers are a tenth of what a file that only defines actors would cost to compile, and most messages
// hold neither sets nor maps. Only containers of unique keys have an insert_return_type.
template <class T>
concept keyed = requires {
  typename T::key_type;
  typename T::allocator_type;
  typename T::insert_return_type;
};
template <class T>
concept keyed_map = keyed<T> && requires { typename T::mapped_type; };
template <class T>
concept keyed_set = keyed<T> && std::is_same_v<typename T::key_type, typename T::value_type>;

template <class T>
concept hashed = requires {
  typename T::hasher;
  typename T::key_equal;
};

// With the default comparison, or hash and equality, and allocator.
template <class T>
constexpr bool keyed_by_default() {
  using key = typename T::key_type;
  if constexpr (!std::is_same_v<typename T::allocator_type, std::allocator<typename T::value_type>>) {
    return false;
  } else if constexpr (hashed<T>) {
    return std::is_same_v<typename T::hasher, std::hash<key>> &&
           std::is_same_v<typename T::key_equal, std::equal_to<key>>;
  } else {
    return std::is_same_v<typename T::key_compare, std::less<key>>;
  }
}

}  // namespace detail
}  // namespace viceroy
