// taken: what was in a place, which is empty from then on.
#pragma once

#include <type_traits>

namespace viceroy {

// Moves a value out and leaves a new one. (std::exchange asks thirty type traits each time, and this stands
// in every file that defines actors.)
template <class T>
constexpr T taken(T& place) {
  T was = static_cast<T&&>(place);
  place = T();
  return was;
}
// The same, and leaves `next`.
template <class T>
constexpr T taken(T& place, std::type_identity_t<T> next) {
  T was = static_cast<T&&>(place);
  place = static_cast<T&&>(next);
  return was;
}

}  // namespace viceroy
