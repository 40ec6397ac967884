// spawn of procs from an actor that does not handle mesh_failure
// expect: an_actor_that_spawns_a_mesh_needs_a_mesh_failure_handler
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

struct quiet {
  using handles = vr::messages<get>;
  long handle(vr::context<quiet>&, const get&) { return 1; }
};
struct careful {
  using handles = vr::messages<get>;
  long handle(vr::context<careful>&, const get&) { return 1; }
  void handle(vr::context<careful>&, const vr::mesh_failure&) {}
};
#ifdef REJECT
using owner = quiet;
#else
using owner = careful;
#endif

vr::task<void> body(vr::context<owner>& cx, vr::proc_mesh<app>& procs, vr::host_mesh<app>& hosts) {
  static_cast<void>(procs);
  static_cast<void>(hosts);
  co_await hosts.spawn(cx, "p", vr::extent::unity());  // reject-here
  co_return;
}
