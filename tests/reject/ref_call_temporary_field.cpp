// A temporary aggregate as a field of an awaited call.
// expect-g++: gcc_12_would_destroy_this_temporary_twice__name_it_first_or_write_call_M_of_cx_and_fields
// expect-g++: nested
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
struct inner {
  std::string text;
};
struct nested {
  inner in;
};
struct box {
  using handles = vr::messages<nested>;
  void handle(vr::context<box>&, const nested&) {}
};

vr::task<void> run(vr::instance& cx, vr::actor_ref<counter> ref) {
  static_cast<void>(ref);
  const inner given{"x"};
  static_cast<void>(given);
#ifdef REJECT
  co_await vr::actor_ref<box>(ref.id()).call<nested>(cx, inner{"x"});  // reject-here
#else
  co_await vr::actor_ref<box>(ref.id()).call<nested>(cx, given);
#endif
  co_return;
}

}  // namespace reject_test
