// The actor says how it runs by a type that is nothing of the kind.
// expect: the_actor_has_an_unknown_execution__write_using_execution_own_thread_or_leave_it_out
// expect: reject_test::counter
// max-lines-g++: 16
// max-lines-clang: 20
#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct thread_pool {};

struct counter {
#ifdef REJECT
  using execution = thread_pool;
#else
  using execution = vr::own_thread;
#endif
  using handles = vr::messages<>;
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
