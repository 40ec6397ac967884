// An actor lists a message and has no handler at all.
// expect: the_actor_lists_a_message_that_it_has_no_handler_for__write_R_handle_of_context_and_message
// expect: reject_test::get
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct get {};
struct counter {
  using handles = vr::messages<get>;
#ifndef REJECT
  long handle(vr::context<counter>&, get) { return 0; }
#endif
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
