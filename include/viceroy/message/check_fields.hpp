// check_fields: the sentence for a class whose fields cannot be told, or were not all told.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "viceroy/message/field_count.hpp"
#include "viceroy/message/fields.hpp"
#include "viceroy/message/fields_of.hpp"

namespace viceroy::detail {

template <class T, class Pointer>
inline constexpr bool is_inherited = false;
template <class T, class Base, class Field>
inline constexpr bool is_inherited<T, Field Base::*> = !std::is_same_v<T, Base>;

template <class T, class Fields>
struct listed_members;

template <class T, fixed_string Names, auto... Pointers>
struct listed_members<T, fields<T, Names, Pointers...>> {
  static constexpr bool twice() {
    constexpr auto names = fields<T, Names, Pointers...>::names();
    for (std::size_t i = 0; i != names.size(); ++i)
      for (std::size_t j = 0; j != i; ++j)
        if (names[i] == names[j]) return true;
    return false;
  }

  static constexpr bool inherits() {
    const bool inherited[] = {is_inherited<T, decltype(Pointers)>..., false};
    for (const bool one : inherited)
      if (one) return true;
    return false;
  }

  // The size that no class of just these members exceeds, whatever their order and padding.
  static constexpr std::size_t largest() {
    const std::size_t sizes[] = {sizeof(std::declval<T&>().*Pointers)..., 0};
    const std::size_t alignments[] = {
        alignof(std::remove_reference_t<decltype(std::declval<T&>().*Pointers)>)..., 1};
    std::size_t least = alignof(T);
    for (std::size_t i = 0; i != sizeof...(Pointers); ++i)
      if (alignments[i] < least) least = alignments[i];
    std::size_t sum = alignof(T) - least + (std::is_polymorphic_v<T> ? sizeof(void*) : 0);
    for (std::size_t i = 0; i != sizeof...(Pointers); ++i) sum += sizes[i] + alignments[i] - least;
    return sum + (inherits() ? alignof(T) : 0);
  }

  // An aggregate is counted; of any other class only a member too large for padding is noticed.
  static constexpr bool all() {
    if constexpr (requires { requires T::unlisted_members::value; }) {
      return true;
    } else if constexpr (std::is_empty_v<T>) {
      return true;
    } else if constexpr (std::is_aggregate_v<T> && count_fields<T>().fault == aggregate_fault::none) {
      return count_fields<T>().fields == sizeof...(Pointers);
    } else {
      return sizeof(T) <= largest();
    }
  }
};

// Says in one sentence why T's fields cannot be told, and is true, so that no second error follows.
template <class T>
consteval bool check_fields() {
  if constexpr (lists_fields<T>) {
    using listed = listed_members<T, listed_fields<T>>;
    static_assert(!listed::twice(), "VICEROY_FIELDS lists a member twice");
    static_assert(
        listed::all(),
        "VICEROY_FIELDS leaves a member out: list it, or say using unlisted_members = std::true_type;");
  } else if constexpr (__is_base_of(no_fields, fields_of<T>)) {
    constexpr bool aggregate = std::is_class_v<T> && std::is_aggregate_v<T>;
    static_assert(
        aggregate,
        "a message must be an aggregate, or list its members with VICEROY_FIELDS in its public part");
    if constexpr (aggregate) {
      constexpr aggregate_fault fault = count_fields<T>().fault;
      static_assert(fault != aggregate_fault::base_class,
                    "an aggregate with a base class needs VICEROY_FIELDS, to list the base's members too");
      static_assert(fault != aggregate_fault::array,
                    "a message may not have a C array as a member: make it a std::array");
      static_assert(fault != aggregate_fault::too_many,
                    "an aggregate with more than limit::fields members needs VICEROY_FIELDS");
      static_assert(fault != aggregate_fault::uninitialisable,
                    "a message may not have a reference as a member: hold the value, or an id");
    }
  }
  return true;
}

}  // namespace viceroy::detail
