// A name that compilers spell differently must be given.
// expect: compilers spell this type's name differently: give it one, static constexpr auto name = "..."
// expect: reject_test::box<int>
#include "viceroy/message/message.hpp"

namespace reject_test {

template <class T>
struct box {
  T value;
#ifndef REJECT
  static constexpr auto name = "int box";
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::box<int>>());  // reject-from
