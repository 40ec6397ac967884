// A hook does not take its context, and would never run.
// expect: a_hook_of_the_actor_does_not_take_its_context__write_init_stop_or_cleanup_of_context
// expect: reject_test::counter
// max-lines-g++: 16
// max-lines-clang: 20
#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct counter {
  using handles = vr::messages<>;
#ifdef REJECT
  void init() {}
#else
  void init(vr::context<counter>&) {}
#endif
  bool stop = false;  // no hook
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
