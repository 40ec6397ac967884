// list: messages<...> and actors<...>, the typed lists that programs are declared with, as Hana sequences.
#pragma once

#include <boost/hana/fwd/at.hpp>
#include <boost/hana/fwd/concept/sequence.hpp>
#include <boost/hana/fwd/contains.hpp>
#include <boost/hana/fwd/core/make.hpp>
#include <boost/hana/fwd/drop_front.hpp>
#include <boost/hana/fwd/equal.hpp>
#include <boost/hana/fwd/front.hpp>
#include <boost/hana/fwd/group.hpp>
#include <boost/hana/fwd/is_empty.hpp>
#include <boost/hana/fwd/length.hpp>
#include <boost/hana/fwd/transform.hpp>
#include <boost/hana/fwd/tuple.hpp>
#include <boost/hana/fwd/unique.hpp>
#include <boost/hana/fwd/unpack.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/type.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "viceroy/message/type_list.hpp"

namespace viceroy {

// The Hana tag of a list template whose elements are types: gives it Hana's algebra. Include <boost/hana.hpp>
// to use it. Filtering, concatenating, dropping give the same kind of list; what turns its types into values
// gives a hana::tuple.
template <template <class...> class List>
struct list_tag {};

// What an actor handles: using handles = messages<add, get>. Checks nothing when named.
template <class... Ms>
struct messages {
  using hana_tag = list_tag<messages>;
};

// What an application consists of: application<"name", actors<a, b>>. Checks nothing when named.
template <class... As>
struct actors {
  using hana_tag = list_tag<actors>;
};

}  // namespace viceroy

namespace boost::hana {

template <template <class...> class List>
struct Sequence<viceroy::list_tag<List>> {
  static constexpr bool value = true;
};

template <template <class...> class List>
struct make_impl<viceroy::list_tag<List>> {
  template <class... Xs>
  static constexpr auto apply(Xs&&... xs) {
    constexpr bool types[] = {std::is_same_v<typename tag_of<Xs>::type, type_tag>..., true};
    constexpr bool only_types = [&] {
      for (bool is_type : types)
        if (!is_type) return false;
      return true;
    }();
    if constexpr (only_types)
      return List<typename std::remove_cvref_t<Xs>::type...>();
    else
      return hana::make_tuple(static_cast<Xs&&>(xs)...);
  }
};

template <template <class...> class List>
struct unpack_impl<viceroy::list_tag<List>> {
  template <class... Ts, class F>
  static constexpr decltype(auto) apply(const List<Ts...>&, F&& f) {
    return static_cast<F&&>(f)(type<Ts>()...);
  }
};

template <template <class...> class List>
struct length_impl<viceroy::list_tag<List>> {
  template <class... Ts>
  static constexpr auto apply(const List<Ts...>&) {
    return size_t<sizeof...(Ts)>();
  }
};

template <template <class...> class List>
struct at_impl<viceroy::list_tag<List>> {
  template <class... Ts, class N>
  static constexpr auto apply(const List<Ts...>&, const N&) {
    return type<viceroy::list_at<List<Ts...>, N::value>>();
  }
};

template <template <class...> class List>
struct is_empty_impl<viceroy::list_tag<List>> {
  template <class... Ts>
  static constexpr auto apply(const List<Ts...>&) {
    return bool_<sizeof...(Ts) == 0>();
  }
};

template <template <class...> class List>
struct drop_front_impl<viceroy::list_tag<List>> {
  template <class... Ts, class N>
  static constexpr auto apply(const List<Ts...>& list, const N&) {
    constexpr std::size_t n = N::value < sizeof...(Ts) ? N::value : sizeof...(Ts);
    return rest<n>(list, std::make_index_sequence<sizeof...(Ts) - n>());
  }

 private:
  template <std::size_t N, class L, std::size_t... I>
  static constexpr auto rest(const L&, std::index_sequence<I...>) {
    return List<viceroy::list_at<L, N + I>...>();
  }
};

template <template <class...> class List>
struct contains_impl<viceroy::list_tag<List>> {
  template <class L, class T>
  static constexpr auto apply(const L&, const T&) {
    return bool_<viceroy::list_contains<L, typename T::type>>();
  }
};

// Hana's own takes the road through groups, which are no types, and would end with a tuple.
template <template <class...> class List>
struct unique_impl<viceroy::list_tag<List>> {
  template <class L, class Same>
  static constexpr auto apply(const L& list, Same&& same) {
    return hana::unpack(hana::transform(hana::group(list, static_cast<Same&&>(same)), hana::front),
                        hana::make<viceroy::list_tag<List>>);
  }
  template <class L>
  static constexpr auto apply(const L& list) {
    return unique_impl::apply(list, hana::equal);
  }
};

}  // namespace boost::hana
