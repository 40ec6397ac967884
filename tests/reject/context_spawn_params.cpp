// A child is spawned with fields that do not make its params.
// expect: (the_actor_cannot_be_constructed_from_these_parameters__give_what_its_params_type_takes)
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
struct settings {
  long start;
};
struct child {
  using handles = vr::messages<>;
  using params = settings;
  explicit child(settings) {}
};

void run(vr::instance& cx, vr::actor_ref<counter> ref) {
  static_cast<void>(ref);
#ifdef REJECT
  cx.spawn<child>("one");  // reject-here
#else
  cx.spawn<child>(1);
#endif
}

}  // namespace reject_test
