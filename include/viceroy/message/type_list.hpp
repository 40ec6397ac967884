// type_list: a pack of types as one type, and the cheap questions the library asks of any such list.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace viceroy {

// A pack of types; checks nothing about them, so they may be incomplete.
template <class... Ts>
struct type_list {};

namespace detail {

template <std::size_t I, class T>
struct indexed_type {};

template <class List>
struct list_traits;

// Works on every template of types (type_list, messages, actors): the list itself need not be complete
// either.
template <template <class...> class List, class... Ts>
struct list_traits<List<Ts...>> {
  static constexpr std::size_t size = sizeof...(Ts);

  template <class T>
  static constexpr std::size_t index() {
    constexpr bool same[] = {__is_same(T, Ts)..., true};  // a builtin: no instantiation per pair of types
    std::size_t i = 0;
    while (!same[i]) ++i;
    return i;
  }

  template <template <class...> class To>
  using as = To<Ts...>;

  template <class Indices>
  struct indexed;
  template <std::size_t... I>
  struct indexed<std::index_sequence<I...>> : indexed_type<I, Ts>... {};
};

template <std::size_t I, class T>
std::type_identity<T> find_indexed(const indexed_type<I, T>&);

}  // namespace detail

// Counts the types of a list.
template <class List>
inline constexpr std::size_t list_size = detail::list_traits<List>::size;

// Finds the position of a type in a list: the first one, or list_size if it is not there.
template <class List, class T>
inline constexpr std::size_t list_index = detail::list_traits<List>::template index<T>();

// Tells whether a list names a type.
template <class List, class T>
inline constexpr bool list_contains = list_index<List, T> != list_size<List>;

// The type at a position of a list.
template <class List, std::size_t I>
using list_at = typename decltype(detail::find_indexed<I>(
    typename detail::list_traits<List>::template indexed<std::make_index_sequence<list_size<List>>>()))::type;

// The same types in another list template.
template <class List, template <class...> class To>
using list_as = typename detail::list_traits<List>::template as<To>;

}  // namespace viceroy
