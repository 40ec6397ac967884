// places: where the fields of an object are, and of which types they are.
#pragma once

#include <type_traits>

#include "viceroy/message/type_list.hpp"

namespace viceroy::detail {

// Writes down where fields are, one address after the other. Returns: their types. Of those types only, so
// that it is compiled once for all classes with the same fields, and a class gives the one function that
// finds them. A const object's fields, too: who only reads them may ask it of one.
template <class... Fs>
constexpr type_list<Fs...> store_places(void** at, Fs&... fields) {
  void* const all[] = {const_cast<std::remove_cv_t<Fs>*>(__builtin_addressof(fields))..., nullptr};
  for (unsigned i = 0; i != sizeof...(Fs); ++i) at[i] = all[i];
  return {};
}

}  // namespace viceroy::detail
