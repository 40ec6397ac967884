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

namespace detail {

// Where the fields of an object are, and in its type of which types they are: so that what walks over fields
// is compiled once for all classes with the same ones, and a class gives one function to find them.
template <class... Fs>
struct field_places {
  using types = type_list<Fs...>;
  void* at[sizeof...(Fs) + 1];
};
struct to_places {
  template <class... Fs>
  [[gnu::always_inline]] constexpr field_places<Fs...> operator()(Fs&... fields) const {
    return {{const_cast<std::remove_cv_t<Fs>*>(__builtin_addressof(fields))..., nullptr}};
  }
};
// The same, into an array of their number.
struct store_places {
  void** at;
  template <class... Fs>
  [[gnu::always_inline]] constexpr void operator()(Fs&... fields) const {
    void** next = at;
    const int in_order[] = {0,
                            (*next++ = const_cast<std::remove_cv_t<Fs>*>(__builtin_addressof(fields)), 0)...};
    static_cast<void>(in_order);
  }
};

}  // namespace detail

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
using field_types =
    typename decltype(detail::fields_of<T>::apply(std::declval<T&>(), detail::to_places()))::types;

// Names the fields of a message type, in order; those of a plain aggregate are "0", "1", ...
template <class T>
constexpr std::array<std::string_view, field_count<T>> field_names() {
  return detail::fields_of<T>::names();
}

}  // namespace viceroy
