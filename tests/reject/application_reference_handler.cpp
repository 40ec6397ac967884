// The handler takes the message by a reference that could change it.
// expect: (the_actor_lists_a_message_that_it_has_no_handler_for__write_R_handle_of_context_and_message|the_handler_has_another_signature__write_R_handle_of_context_A_and_M_or_const_M)
// expect: reject_test::add
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct add {
  long n;
};
struct counter {
  using handles = vr::messages<add>;
#ifdef REJECT
  void handle(vr::context<counter>&, add&) {}
#else
  void handle(vr::context<counter>&, const add&) {}
#endif
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
