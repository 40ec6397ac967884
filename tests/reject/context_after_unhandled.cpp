// A message that its actor does not handle, sent to itself later.
// expect: the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler
// expect: drop
// expect: messages<
// max-lines-g++: 10
// max-lines-clang: 20
#include <string>

#include "viceroy/actor/actor.hpp"

namespace vr = viceroy;

namespace reject_test {

struct add {
  std::string what;
  long n;
};
struct get {};
struct counter {
  using handles = vr::messages<add, get>;
  void handle(vr::context<counter>&, const add&) {}
  long handle(vr::context<counter>&, get) { return 0; }
};
struct drop {
  int n;
};

void run(vr::context<counter>& cx) {
#ifdef REJECT
  cx.after<drop>(std::chrono::milliseconds(5), 1);  // reject-here
#else
  cx.after<add>(std::chrono::milliseconds(5), "x", 1);
#endif
}

}  // namespace reject_test
