// A field of a type that does not convert.
// expect: the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible
// expect: add
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

void run(vr::instance& cx, vr::actor_ref<counter> ref) {
#ifdef REJECT
  ref.send<add>(cx, 1, "x");  // reject-here
#else
  ref.send<add>(cx, "x", 1);
#endif
}

}  // namespace reject_test
