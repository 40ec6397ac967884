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

template <std::size_t>
using any_at = any_field;

template <class T, std::size_t... I>
consteval bool takes_braces(std::index_sequence<I...>) {
  return requires { T{any_at<I>()...}; };
}

// Parentheses, unlike braces, never reach into a member that is an array. A base class comes first, so that
// only what stands first needs a type of T's own, and what it converts to is found out once for each T.
template <class T, class First, std::size_t... I>
consteval bool takes_parentheses(std::index_sequence<0, I...>) {
  return requires { T(First(), any_at<I>()...); };
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

// What the number of initialisers that braces take, and no more of them, says of the fields.
template <class T, aggregate_count Found>
consteval aggregate_count check_count() {
  if constexpr (Found.fault != aggregate_fault::none || Found.fields == 0) {
    return Found;
  } else {
    using every = std::make_index_sequence<Found.fields>;
    if constexpr (takes_parentheses<T, any_member<T, true>>(every()))
      return Found;
    else if constexpr (takes_parentheses<T, any_member<T, false>>(every()))
      return {0, aggregate_fault::base_class};
    else
      return {0, aggregate_fault::array};
  }
}

template <class T>
consteval aggregate_count count_fields() {
  using a = any_field;
  if constexpr (!requires { T{}; }) {
    return check_count<T, count_initialisers<T>()>();
  } else if constexpr (requires { T{a(), a(), a(), a(), a(), a(), a(), a()}; }) {
    return check_count<T, count_initialisers<T, 8, true>()>();
  } else {  // may be left empty and has few fields, as most: in one instantiation
    constexpr std::size_t found = [] {
      if constexpr (requires { T{a(), a(), a(), a()}; }) {
        if constexpr (requires { T{a(), a(), a(), a(), a(), a()}; })
          return requires { T{a(), a(), a(), a(), a(), a(), a()}; } ? 7 : 6;
        else
          return requires { T{a(), a(), a(), a(), a()}; } ? 5 : 4;
      } else if constexpr (requires { T{a(), a()}; }) {
        return requires { T{a(), a(), a()}; } ? 3 : 2;
      } else {
        return requires { T{a()}; } ? 1 : 0;
      }
    }();
    return check_count<T, aggregate_count{found, aggregate_fault::none}>();
  }
}

}  // namespace viceroy::detail
