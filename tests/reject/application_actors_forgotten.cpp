// What an application is made of is an actor, and no list of actors.
// expect: an application is viceroy::application
// max-lines-g++: 16
// max-lines-clang: 20
#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct counter {
  using handles = vr::messages<>;
};

}  // namespace reject_test

#ifdef REJECT
using app = vr::application<"reject", reject_test::counter>;
#else
using app = vr::application<"reject", vr::actors<reject_test::counter>>;
#endif
inline const auto& table = viceroy::remote<app>::table;  // reject-from
