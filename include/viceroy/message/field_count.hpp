// field_count: how many fields an aggregate has, and why one cannot be taken apart.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "viceroy/base/limits.hpp"

namespace viceroy::detail {

struct any_field {
  template <class U>
  operator U() const;
};

// Converts to what a member may be, never to T; if Strict not to a base of it either: tells a member from a
// base class.
template <class T, bool Strict>
struct any_member {
  template <class U>
    requires(!(Strict ? __is_base_of(U, T) : __is_same(U, T)))  // builtins: no instantiation per member
  operator U() const;
};

template <class Any, std::size_t>
using any_at = Any;

template <class T, std::size_t... I>
consteval bool takes_braces(std::index_sequence<I...>) {
  return requires { T{any_at<any_field, I>()...}; };
}

// Parentheses, unlike braces, never reach into a member that is an array.
template <class T, class Any, std::size_t... I>
consteval bool takes_parentheses(std::index_sequence<I...>) {
  return requires { T(any_at<Any, I>()...); };
}

// What counting an aggregate's fields came to.
enum class aggregate_fault { none, uninitialisable, too_many, base_class, array };

struct aggregate_count {
  std::size_t fields;
  aggregate_fault fault;
};

// Fewer initialisers than fields are valid unless a later member must have one: the first valid number is a
// start.
template <class T, std::size_t N = 0, bool Valid = false>
consteval aggregate_count count_initialisers() {
  constexpr bool valid = takes_braces<T>(std::make_index_sequence<N>());
  if constexpr (Valid && !valid) {
    return {N - 1, aggregate_fault::none};
  } else if constexpr (N > limit::fields) {
    return {0, valid ? aggregate_fault::too_many : aggregate_fault::uninitialisable};
  } else {
    return count_initialisers<T, N + 1, valid>();
  }
}

// The same for an aggregate that may be left empty, in one instantiation if it has few fields, as most have.
template <class T>
consteval aggregate_count count_from_none() {
  using a = any_field;
  if constexpr (!requires { T{a(), a()}; }) {
    if constexpr (requires { T{a()}; }) return {1, aggregate_fault::none};
    return {0, aggregate_fault::none};
  } else if constexpr (!requires { T{a(), a(), a(), a()}; }) {
    if constexpr (requires { T{a(), a(), a()}; }) return {3, aggregate_fault::none};
    return {2, aggregate_fault::none};
  } else if constexpr (!requires { T{a(), a(), a(), a(), a(), a()}; }) {
    if constexpr (requires { T{a(), a(), a(), a(), a()}; }) return {5, aggregate_fault::none};
    return {4, aggregate_fault::none};
  } else if constexpr (!requires { T{a(), a(), a(), a(), a(), a(), a(), a()}; }) {
    if constexpr (requires { T{a(), a(), a(), a(), a(), a(), a()}; }) return {7, aggregate_fault::none};
    return {6, aggregate_fault::none};
  } else {
    return count_initialisers<T, 8, true>();
  }
}

template <class T>
consteval aggregate_count find_initialisers() {
  if constexpr (requires { T{}; })
    return count_from_none<T>();
  else
    return count_initialisers<T>();
}

template <class T>
consteval aggregate_count count_fields() {
  constexpr aggregate_count found = find_initialisers<T>();
  if constexpr (found.fault != aggregate_fault::none || found.fields == 0) {
    return found;
  } else {
    using every = std::make_index_sequence<found.fields>;
    if constexpr (takes_parentheses<T, any_member<T, true>>(every()))
      return found;
    else if constexpr (takes_parentheses<T, any_member<T, false>>(every()))
      return {0, aggregate_fault::base_class};
    else
      return {0, aggregate_fault::array};
  }
}

}  // namespace viceroy::detail
