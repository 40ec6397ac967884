// spawn of an actor that is not in the application
// expect: the_actor_is_not_in_the_application
// max-lines-g++: 10
// max-lines-clang: 20
#include "viceroy/actor/instance.hpp"
#include "viceroy/mesh/host_mesh.hpp"
#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

struct get {};
struct settings {
  std::string what;
};
struct counter {
  using params = long;
  using handles = vr::messages<get>;
  explicit counter(long) {}
  long handle(vr::context<counter>&, const get&) { return 1; }
};
struct set_up {
  using params = settings;
  using handles = vr::messages<get>;
  explicit set_up(settings) {}
  long handle(vr::context<set_up>&, const get&) { return 1; }
};
struct stranger {
  using handles = vr::messages<get>;
  long handle(vr::context<stranger>&, const get&) { return 1; }
};
using app = vr::application<"reject", vr::actors<counter, set_up>>;

vr::task<void> body(vr::instance& cx, vr::proc_mesh<app>& procs) {
  static_cast<void>(cx);
#ifdef REJECT
  co_await procs.spawn<stranger>(cx, "c");  // reject-here
#else
  co_await procs.spawn<counter>(cx, "c", 1);
#endif
  co_return;
}
