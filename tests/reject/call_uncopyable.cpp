// call of a message that cannot be copied to every rank
// expect: a_cast_copies_its_message
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
  co_await mesh.call<moved>(cx);  // reject-here
#else
  co_await mesh.call<add>(cx, 5);
#endif
  co_return;
}
