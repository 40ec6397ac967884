// A message that its actor does not handle, sent by its fields.
// expect: the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler
// expect: drop
// expect: messages<
// max-lines-g++: 10
// max-lines-clang: 20
#include <string>

#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

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

void run(vr::instance& cx, vr::actor_ref<counter> ref) {
#ifdef REJECT
  ref.send<drop>(cx, 1);  // reject-here
#else
  ref.send<add>(cx, "x", 1);
#endif
}

}  // namespace reject_test
