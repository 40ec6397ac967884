// A container's name is composed of its elements' names, so an element without one leaves it without.
// expect: compilers spell this type's name differently: give it one, static constexpr auto name = "..."
// expect: reject_test::box<int>
#include <vector>

#include "viceroy/message/library_names.hpp"
#include "viceroy/message/message.hpp"

namespace reject_test {

template <class T>
struct box {
  T value;
};

}  // namespace reject_test

#ifndef REJECT
template <class T>
struct viceroy::name_of<reject_test::box<T>> : composed_name<"box", T> {};
#endif

static_assert(viceroy::type_name<std::vector<reject_test::box<int>>>().size() > 0);  // reject-from
