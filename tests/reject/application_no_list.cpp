// The list of what an actor handles is no list of messages, is private, or is not there.
// expect: the_actor_lists_no_messages__write_public_using_handles_messages_of_what_it_handles
// expect: reject_test::counter
// max-lines-g++: 16
// max-lines-clang: 20
#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct get {};

class counter {
#ifndef REJECT
 public:
#endif
  using handles = vr::messages<get>;

 public:
  void handle(vr::context<counter>&, get) {}
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
