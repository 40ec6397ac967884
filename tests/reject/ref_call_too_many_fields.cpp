// More fields than the message has.
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

vr::task<void> run(vr::instance& cx, vr::actor_ref<counter> ref) {
  static_cast<void>(ref);
#ifdef REJECT
  co_await ref.call<add>(cx, "x", 1, 2);  // reject-here
#else
  co_await ref.call<add>(cx, "x", 1);
#endif
  co_return;
}

}  // namespace reject_test
