// taken: what was in a place, which is empty from then on.
#pragma once

namespace viceroy {

// Moves a value out and leaves a new one. (std::exchange asks thirty type traits each time, and this stands
// in every file that defines actors.)
template <class T>
constexpr T taken(T& place) {
  T was = static_cast<T&&>(place);
  place = T();
  return was;
}

}  // namespace viceroy
