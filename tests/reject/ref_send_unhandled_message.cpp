// The same, sent as a message that exists already.
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
  const add m{"x", 1};
  const drop d{1};
  static_cast<void>(m);
  static_cast<void>(d);
#ifdef REJECT
  ref.send(cx, d);  // reject-here
#else
  ref.send(cx, m);
#endif
}

}  // namespace reject_test
