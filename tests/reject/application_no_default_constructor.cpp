// The actor has no params, and cannot be made from nothing.
// expect: the_actor_has_no_params_and_no_default_constructor__add_using_params_or_a_default_constructor
// expect: reject_test::counter
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct counter {
  using handles = vr::messages<>;
#ifdef REJECT
  explicit counter(long) {}
#else
  counter() {}
#endif
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
