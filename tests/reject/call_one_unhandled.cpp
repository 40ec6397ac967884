// call_one of a message that the actor does not list
// expect: the_actor_does_not_handle_this_message
// expect: messages<add, get, text, moved>
// max-lines-g++: 10
// max-lines-clang: 20
#include <memory>

#include "viceroy/actor/instance.hpp"
#include "viceroy/mesh/actor_mesh.hpp"

namespace vr = viceroy;

struct add {
  long n;
};
struct get {};
struct unknown {};
struct moved {
  std::unique_ptr<int> only;
};
struct text {
  std::string what;
};
struct counter {
  using handles = vr::messages<add, get, text, moved>;
  void handle(vr::context<counter>&, add) {}
  long handle(vr::context<counter>&, const get&) { return 1; }
  void handle(vr::context<counter>&, const text&) {}
  void handle(vr::context<counter>&, moved) {}
};

vr::task<void> body(vr::instance& cx, vr::actor_mesh<counter>& mesh) {
  static_cast<void>(cx);
#ifdef REJECT
  co_await mesh.call_one<unknown>(cx);  // reject-here
#else
  co_await mesh.call_one<add>(cx, 5);
#endif
  co_return;
}
