// A message whose name compilers would spell differently: a template.
// expect: compilers spell this type's name differently: give it one, static constexpr auto name
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

template <class T>
struct add {
#ifndef REJECT
  static constexpr auto name = "test::add_of_int";
#endif
  T n;
};
struct counter {
  using handles = vr::messages<add<int>>;
  void handle(vr::context<counter>&, add<int>) {}
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
