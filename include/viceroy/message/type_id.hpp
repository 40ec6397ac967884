// type_id: the number by which a type is known on the wire, of its stable name and its layout.
#pragma once

#include <cstdint>
#include <string_view>

#include "viceroy/id/hash.hpp"
#include "viceroy/message/layout.hpp"
#include "viceroy/message/library_names.hpp"
#include "viceroy/message/name.hpp"

namespace viceroy {

// Set in every type id, never in the number of an ephemeral port, which count up from 1.
inline constexpr std::uint64_t type_id_bit = std::uint64_t{1} << 63;

// The id of what is known by name alone: an actor.
constexpr std::uint64_t id_of_name(std::string_view name, std::uint64_t seed = 0) {
  return hash_bytes(name, seed) | type_id_bit;
}

namespace detail {

template <class T>
inline constexpr std::uint64_t type_id_of = id_of_name(type_name<T>(), layout_of<T>::facts.hash);

}  // namespace detail

// The id of a complete type: equal in every program that knows the type by this name and layout, whatever
// compiled it. A void result has one too.
template <class T>
constexpr std::uint64_t type_id() {
  return detail::type_id_of<T>;
}

}  // namespace viceroy
