// A message is listed, and no handler takes it.
// expect: the_actor_lists_a_message_that_it_has_no_handler_for__write_R_handle_of_context_and_message
// expect: reject_test::counter
// expect: reject_test::get
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct add {
  long n;
};
struct get {};
struct counter {
  using handles = vr::messages<add, get>;
  void handle(vr::context<counter>&, add) {}
#ifndef REJECT
  long handle(vr::context<counter>&, get) { return 0; }
#endif
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
