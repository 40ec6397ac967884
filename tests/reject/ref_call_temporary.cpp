// A temporary message in an awaited call: g++ 12 would destroy it twice.
// expect-g++: gcc_12_would_destroy_this_temporary_twice__name_it_first_or_write_call_M_of_cx_and_fields
// expect-g++: add
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
  co_await ref.call(cx, add{"x", 1});  // reject-here
#else
  co_await ref.call<add>(cx, "x", 1);
#endif
  co_return;
}

}  // namespace reject_test
