// fields_of: how the fields of a type are reached: VICEROY_FIELDS, a Hana adaptation, or structured bindings.
#pragma once

#include <array>
#include <boost/hana/accessors.hpp>
#include <boost/hana/fwd/pair.hpp>
#include <boost/hana/fwd/tuple.hpp>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "viceroy/message/bindings.hpp"
#include "viceroy/message/field_count.hpp"
#include "viceroy/message/fields.hpp"

namespace viceroy::detail {

// Base of the accessors that this library gives Hana (message/hana_struct.hpp): they say nothing new about a
// type.
struct our_accessors {};

template <class T>
concept adapted_for_hana = !__is_base_of(our_accessors, boost::hana::accessors_impl<T>) &&
                           requires { boost::hana::accessors_impl<T>::apply(); };

template <class Accessors>
struct adapted_fields;

template <class... Names, class... Members>
struct adapted_fields<boost::hana::tuple<boost::hana::pair<Names, Members>...>> {
  static constexpr std::size_t size = sizeof...(Names);

  template <class U, class F>
  static constexpr decltype(auto) apply(U& object, F&& f) {
    return static_cast<F&&>(f)(Members{}(object)...);
  }
  template <class U>
  static constexpr auto store(U& object, void** at) {
    return store_places(at, Members{}(object)...);
  }

  static constexpr std::array<std::string_view, size> names() {
    return {std::string_view(Names::c_str())...};
  }
};

// "0", "1", ...: what a field of a plain aggregate is called.
inline constexpr auto position_digits = [] {
  std::array<char, limit::fields * 2> digits{};
  for (std::size_t i = 0; i != limit::fields; ++i) {
    digits[2 * i] = static_cast<char>('0' + i / 10);
    digits[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return digits;
}();
static_assert(limit::fields <= 100, "two digits a position");

template <std::size_t N>
struct aggregate_fields : bindings<N> {
  static constexpr std::size_t size = N;

  static constexpr std::array<std::string_view, N> names() {
    std::array<std::string_view, N> result{};
    for (std::size_t i = 0; i != N; ++i) {
      result[i] = std::string_view(position_digits.data() + 2 * i, 2);
      if (i < 10) result[i].remove_prefix(1);
    }
    return result;
  }
};

struct no_fields : aggregate_fields<0> {};

template <class T>
consteval auto find_fields() {
  if constexpr (lists_fields<T>) {
    return listed_fields<T>();
  } else if constexpr (!__is_class(T)) {  // builtins, as elsewhere: no instantiation per message
    return no_fields();
  } else if constexpr (adapted_for_hana<T>) {
    return adapted_fields<decltype(boost::hana::accessors_impl<T>::apply())>();
  } else if constexpr (!__is_aggregate(T)) {
    return no_fields();
  } else {
    constexpr aggregate_count found = count_fields<T>();
    if constexpr (found.fault == aggregate_fault::none)
      return aggregate_fields<found.fields>();
    else
      return no_fields();
  }
}

// What every question about T's fields shares.
template <class T>
using fields_of = decltype(find_fields<T>());

}  // namespace viceroy::detail
