// library_names: names of the standard library's templates, composed from their arguments' names.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "viceroy/base/clock.hpp"
#include "viceroy/message/keyed.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/message/row.hpp"
#include "viceroy/message/sole_owner.hpp"

namespace viceroy {

// Only with the default comparison, hash and allocator: another one is another type, and asks for a name.

template <>
struct name_of<std::string> {
  static constexpr std::string_view value = "string";
};
template <>
struct name_of<std::byte> {
  static constexpr std::string_view value = "byte";
};
template <class T>
struct name_of<std::vector<T>> : composed_name<"vector", T> {};
template <class T, std::size_t N>
struct name_of<std::array<T, N>> : composed_name<"array", T, detail::number_text<N>> {};
template <template <class...> class C, class... Ts>
  requires(detail::keyed_set<C<Ts...>> && !detail::hashed<C<Ts...>> && detail::keyed_by_default<C<Ts...>>())
struct name_of<C<Ts...>> : composed_name<"set", typename C<Ts...>::key_type> {};
template <template <class...> class C, class... Ts>
  requires(detail::keyed_set<C<Ts...>> && detail::hashed<C<Ts...>> && detail::keyed_by_default<C<Ts...>>())
struct name_of<C<Ts...>> : composed_name<"unordered_set", typename C<Ts...>::key_type> {};
template <template <class...> class C, class... Ts>
  requires(detail::keyed_map<C<Ts...>> && !detail::hashed<C<Ts...>> && detail::keyed_by_default<C<Ts...>>())
struct name_of<C<Ts...>> : composed_name<"map", typename C<Ts...>::key_type, typename C<Ts...>::mapped_type> {
};
template <template <class...> class C, class... Ts>
  requires(detail::keyed_map<C<Ts...>> && detail::hashed<C<Ts...>> && detail::keyed_by_default<C<Ts...>>())
struct name_of<C<Ts...>>
    : composed_name<"unordered_map", typename C<Ts...>::key_type, typename C<Ts...>::mapped_type> {};
template <template <class...> class C, class... Ts>
  requires(detail::indexed_row<C<Ts...>> && detail::has_default_allocator<C<Ts...>>)
struct name_of<C<Ts...>> : composed_name<"deque", typename C<Ts...>::value_type> {};
template <template <class...> class C, class... Ts>
  requires(detail::row<C<Ts...>> && !detail::indexed_row<C<Ts...>> && detail::has_default_allocator<C<Ts...>>)
struct name_of<C<Ts...>> : composed_name<"list", typename C<Ts...>::value_type> {};
template <class T>
struct name_of<std::optional<T>> : composed_name<"optional", T> {};
template <template <class...> class C, class T, class... More>
  requires detail::sole_owner<C, T, More...>
struct name_of<C<T, More...>> : composed_name<"unique_ptr", T> {};
template <class... Ts>
struct name_of<std::variant<Ts...>> : composed_name<"variant", Ts...> {};
template <class A, class B>
struct name_of<std::pair<A, B>> : composed_name<"pair", A, B> {};
template <class... Ts>
struct name_of<std::tuple<Ts...>> : composed_name<"tuple", Ts...> {};
template <class Rep, class Period>
struct name_of<std::chrono::duration<Rep, Period>>
    : composed_name<"duration", Rep, detail::number_text<Period::num>, detail::number_text<Period::den>> {};
template <class Duration>
struct name_of<std::chrono::sys_time<Duration>> : composed_name<"sys_time", Duration> {};

}  // namespace viceroy
