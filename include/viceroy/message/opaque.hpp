// opaque_layout: by which ids and refs appear in a layout as a word, and port refs are told from all else.
#pragma once

#include <concepts>
#include <string_view>

namespace viceroy {

// A type that is written down by a codec of its own says how its layout is called; its members are never
// looked at:
//   template <> struct viceroy::opaque_layout<money> { static constexpr std::string_view name = "money"; };
// Types: T may be incomplete, as may what it refers to: actor_ref<A>.
template <class T>
struct opaque_layout {};

template <class T>
concept is_opaque = requires {
  { opaque_layout<T>::name } -> std::convertible_to<std::string_view>;
};

// Whether T is a port_ref or once_port_ref: what for_each_port finds in a message. Specialised where those
// are defined.
template <class T>
inline constexpr bool is_port_ref = false;

}  // namespace viceroy
