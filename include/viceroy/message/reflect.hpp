// reflect: the fields of a message type, be it an aggregate, a class with VICEROY_FIELDS or a Hana Struct.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "viceroy/message/check_fields.hpp"
#include "viceroy/message/fields_of.hpp"
#include "viceroy/message/hana_struct.hpp"
#include "viceroy/message/type_list.hpp"

namespace viceroy {

// Tells whether a complete type has fields to visit: an aggregate without base class, array or reference, a
// class with VICEROY_FIELDS, or a type adapted with BOOST_HANA_ADAPT_STRUCT or BOOST_HANA_DEFINE_STRUCT.
template <class T>
inline constexpr bool is_reflected = !__is_base_of(detail::no_fields, detail::fields_of<T>);

// Counts the fields of a message type.
template <class T>
inline constexpr std::size_t field_count = detail::check_fields<T>() ? detail::fields_of<T>::size : 0;

// Calls f with all fields of an object, as lvalues, in order: f(field0, field1, ...); const if the object is.
// Returns: what f returns.
template <class T, class F>
constexpr decltype(auto) visit_fields(T& object, F&& f) {
  static_assert(detail::check_fields<std::remove_const_t<T>>());
  return detail::fields_of<std::remove_const_t<T>>::apply(object, static_cast<F&&>(f));
}

// The types of a message type's fields, in order, as a type_list.
template <class T>
using field_types = decltype(detail::fields_of<T>::store(std::declval<T&>(), nullptr));

// Names the fields of a message type, in order; those of a plain aggregate are "0", "1", ...
template <class T>
constexpr std::array<std::string_view, field_count<T>> field_names() {
  return detail::fields_of<T>::names();
}

}  // namespace viceroy
