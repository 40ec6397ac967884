// for_each_port: visits the port refs that a message carries, wherever in it they stand.
#pragma once

#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "viceroy/message/layout.hpp"
#include "viceroy/message/opaque.hpp"
#include "viceroy/message/reflect.hpp"

namespace viceroy {

// Whether a complete type carries a port ref: as a member, in a nested message, container, optional, variant
// or tuple.
template <class M>
inline constexpr bool has_ports = detail::layout_of<M>::facts.ports;

template <class M, class F>
void for_each_port(M& message, F&& f);

namespace detail {

template <class F>
struct visit_ports {
  F& f;
  template <class... Fs>
  void operator()(Fs&... fields) const {
    const int in_order[] = {0, (for_each_port(fields, f), 0)...};
    static_cast<void>(in_order);
  }
};

template <class T>
concept mapping = requires { typename T::mapped_type; };
template <class T>
concept tuple_like = requires { std::tuple_size<T>::value; } && !requires(T& t) { t.begin(); };

}  // namespace detail

// Calls f with each port_ref and once_port_ref of a message, as an lvalue, in the order in which they are
// written down. A map is searched in its values, a set not at all. Cost: nothing for a type that can have
// none.
template <class M, class F>
void for_each_port(M& message, F&& f) {
  using type = std::remove_const_t<M>;
  if constexpr (is_port_ref<type>) {
    f(message);
  } else if constexpr (!has_ports<type>) {
    return;
  } else if constexpr (detail::mapping<type>) {
    for (auto& [key, value] : message) for_each_port(value, f);
  } else if constexpr (requires { typename type::key_type; }) {
    return;  // a key must not change
  } else if constexpr (requires { std::variant_size<type>::value; }) {
    if (!message.valueless_by_exception())
      std::visit([&f](auto& value) { for_each_port(value, f); }, message);
  } else if constexpr (requires { message.has_value(); }) {
    if (message.has_value()) for_each_port(*message, f);
  } else if constexpr (requires { typename type::deleter_type; }) {
    if (message) for_each_port(*message, f);
  } else if constexpr (detail::tuple_like<type>) {
    std::apply(detail::visit_ports<std::remove_reference_t<F>>{f}, message);
  } else if constexpr (detail::has_parts<type>) {
    for (auto& element : message) for_each_port(element, f);
  } else {
    visit_fields(message, detail::visit_ports<std::remove_reference_t<F>>{f});
  }
}

}  // namespace viceroy
