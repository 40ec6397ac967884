// hana_struct: every message with fields models Hana's Struct, for programs that include <boost/hana.hpp>.
#pragma once

#include <boost/hana/accessors.hpp>
#include <boost/hana/fwd/pair.hpp>
#include <boost/hana/fwd/string.hpp>
#include <boost/hana/fwd/tuple.hpp>
#include <boost/hana/integral_constant.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "viceroy/message/fields_of.hpp"

namespace viceroy::detail {

// Hana asks this of every type it meets, its own tags included: those are empty, so an aggregate is taken for
// a message only if it has members; an empty message models Struct once it says VICEROY_FIELDS(type).
template <class T>
concept models_struct = lists_fields<T> || (__is_class(T) && requires { sizeof(T); } && __is_aggregate(T) &&
                                            !__is_empty(T) && !requires { typename T::hana_accessors_impl; } &&
                                            count_fields<T>().fields != 0);

// Picks one field of those that a visit hands over.
template <std::size_t I>
struct pick_field {
  template <class... Fs>
  constexpr auto& operator()(Fs&... fields) const {
    return pick(std::make_index_sequence<I>(), fields...);
  }

 private:
  struct skipped {
    template <class Field>
    constexpr skipped(Field&) {}  // NOLINT: implicit, it takes the place of a parameter
  };
  template <std::size_t>
  using skip = skipped;

  template <std::size_t... Before, class... Fs>
  static constexpr auto& pick(std::index_sequence<Before...>, Fs&... fields) {
    return [](skip<Before>..., auto& field, auto&...) -> auto& { return field; }(fields...);
  }
};

// An accessor, as Hana wants them: from the object to its field, with the object's constness and value
// category.
template <class T, std::size_t I>
struct field_accessor {
  template <class Object>
  constexpr decltype(auto) operator()(Object&& object) const {
    auto& field = fields_of<T>::apply(object, pick_field<I>());
    if constexpr (std::is_lvalue_reference_v<Object>)
      return (field);
    else
      return std::move(field);
  }
};

template <class T, std::size_t I>
constexpr auto field_key() {
  if constexpr (lists_fields<T>) {
    return []<std::size_t... C>(std::index_sequence<C...>) {
      return boost::hana::string_c<fields_of<T>::names()[I][C]...>;
    }(std::make_index_sequence<fields_of<T>::names()[I].size()>());
  } else {
    return boost::hana::size_c<I>;
  }
}

}  // namespace viceroy::detail

namespace boost::hana {

// Keys are the fields' names as hana::string where they are listed, and positions (size_c) for a plain
// aggregate.
template <class T>
struct accessors_impl<T, when<viceroy::detail::models_struct<T>>> : viceroy::detail::our_accessors {
  static constexpr auto apply() {
    return each_accessor(std::make_index_sequence<viceroy::detail::fields_of<T>::size>());
  }

 private:
  template <std::size_t... I>
  static constexpr auto each_accessor(std::index_sequence<I...>) {
    return hana::make_tuple(
        hana::make_pair(viceroy::detail::field_key<T, I>(), viceroy::detail::field_accessor<T, I>())...);
  }
};

}  // namespace boost::hana
