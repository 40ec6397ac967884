// layout_parts: how the standard library's containers and choices appear in a layout, and what is in them.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "viceroy/base/clock.hpp"
#include "viceroy/message/keyed.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/message/row.hpp"
#include "viceroy/message/sole_owner.hpp"
#include "viceroy/message/type_list.hpp"

namespace viceroy {

// The layout of a template's instance: open, its parts' layouts with a separator between them, close.
// Comparison, hash and allocator are not written down, so they do not count.
template <class T>
struct layout_parts {};

namespace detail {

template <fixed_string Open, fixed_string Close, class... Parts>
struct parts_between {
  using parts = type_list<Parts...>;
  static constexpr std::string_view open = Open.view();
  static constexpr std::string_view separator = ",";
  static constexpr std::string_view close = Close.view();
};

template <class T>
concept has_parts = requires { typename layout_parts<T>::parts; };

// A number as a part of a layout: an array's length.
template <class T>
inline constexpr bool is_number_text = false;
template <auto N>
inline constexpr bool is_number_text<number_text<N>> = true;

}  // namespace detail

template <class Char, class Traits, class Allocator>
struct layout_parts<std::basic_string<Char, Traits, Allocator>> : detail::parts_between<"str[", "]", Char> {};
template <class T, class Allocator>
struct layout_parts<std::vector<T, Allocator>> : detail::parts_between<"[", "]", T> {};
template <class T, std::size_t N>
struct layout_parts<std::array<T, N>> : detail::parts_between<"[", "]", T, detail::number_text<N>> {};
template <template <class...> class C, class... Ts>
  requires detail::keyed_set<C<Ts...>>
struct layout_parts<C<Ts...>> : detail::parts_between<"set[", "]", typename C<Ts...>::key_type> {};
template <template <class...> class C, class... Ts>
  requires detail::keyed_map<C<Ts...>>
struct layout_parts<C<Ts...>>
    : detail::parts_between<"map[", "]", typename C<Ts...>::key_type, typename C<Ts...>::mapped_type> {};
template <template <class...> class C, class... Ts>
  requires detail::row<C<Ts...>>
struct layout_parts<C<Ts...>> : detail::parts_between<"[", "]", typename C<Ts...>::value_type> {};
template <class T>
struct layout_parts<std::optional<T>> : detail::parts_between<"", "?", T> {};
template <template <class...> class C, class T, class... More>
  requires detail::sole_owner<C, T, More...>
struct layout_parts<C<T, More...>> : detail::parts_between<"", "?", T> {};
template <class... Ts>
struct layout_parts<std::variant<Ts...>> : detail::parts_between<"<", ">", Ts...> {
  static constexpr std::string_view separator = "|";
};
template <class A, class B>
struct layout_parts<std::pair<A, B>> : detail::parts_between<"(", ")", A, B> {};
template <class... Ts>
struct layout_parts<std::tuple<Ts...>> : detail::parts_between<"(", ")", Ts...> {};
template <class Rep, class Period>
struct layout_parts<std::chrono::duration<Rep, Period>>
    : detail::parts_between<"time[", "]", Rep, detail::number_text<Period::num>,
                            detail::number_text<Period::den>> {};
template <class Duration>
struct layout_parts<std::chrono::sys_time<Duration>> : detail::parts_between<"date[", "]", Duration> {};

}  // namespace viceroy
