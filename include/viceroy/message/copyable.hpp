// copyable: whether a message can be copied, asked of all it holds: a std::vector by itself says yes.
#pragma once

#include <type_traits>

#include "viceroy/message/layout_parts.hpp"
#include "viceroy/message/reflect.hpp"
#include "viceroy/message/type_list.hpp"

namespace viceroy::detail {

// `Around` are the types that T is a part of: one of them again asks nothing new.
template <class T, class... Around>
consteval bool can_copy();

template <class... Around, class... Parts>
consteval bool can_copy_all(type_list<Parts...>) {
  const bool each[] = {true, can_copy<Parts, Around...>()...};
  for (const bool one : each)
    if (!one) return false;
  return true;
}

// A class with constructors of its own knows what its copy does; an aggregate's is that of its fields.
template <class T, class... Around>
consteval bool can_copy() {
  if constexpr (list_contains<type_list<Around...>, T> || is_number_text<T>) {
    return true;
  } else if constexpr (!__is_constructible(T, const T&)) {
    return false;
  } else if constexpr (has_parts<T>) {
    return can_copy_all<T, Around...>(typename layout_parts<T>::parts());
  } else if constexpr (__is_class(T) && std::is_aggregate_v<T> && is_reflected<T>) {
    return can_copy_all<T, Around...>(field_types<T>());
  } else {
    return true;
  }
}

// Asked of a message only where it is copied.
template <bool Asked, class M>
inline constexpr bool cannot_be_copied = false;
template <class M>
inline constexpr bool cannot_be_copied<true, M> = !can_copy<M>();

}  // namespace viceroy::detail
