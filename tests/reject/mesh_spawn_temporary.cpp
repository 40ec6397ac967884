// spawn given a temporary that g++ 12 would destroy twice
// expect-g++: gcc_12_would_destroy_this_temporary_twice
// expect-clang: only g\+\+ 12 has to refuse this
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
#if defined(REJECT) && defined(__clang__)
#error "only g++ 12 has to refuse this"  // reject-here
#elif defined(REJECT)
  co_await procs.spawn<set_up>(cx, "c", settings{"x"});  // reject-here
#else
  settings named{"x"};
  co_await procs.spawn<set_up>(cx, "c", named);
#endif
  co_return;
}
