// Fewer fields than the message needs: one of them cannot be made from nothing.
// expect: the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible
// expect: precise
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
struct exact {
  explicit exact(long);
};
struct precise {
  using local = std::true_type;
  int n;
  exact value;
};
struct measure {
  using handles = vr::messages<precise>;
  void handle(vr::context<measure>&, const precise&) {}
};

void run(vr::instance& cx, vr::actor_ref<counter> ref) {
#ifdef REJECT
  vr::actor_ref<measure>(ref.id()).send<precise>(cx, 1);  // reject-here
#else
  vr::actor_ref<measure>(ref.id()).send<precise>(cx, 1, exact(2));
#endif
}

}  // namespace reject_test
