// an awaited verb of one rank given a temporary that g++ 12 would destroy twice
// expect-g++: gcc_12_would_destroy_this_temporary_twice
// expect-clang: only g\+\+ 12 has to refuse this
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
#if defined(REJECT) && defined(__clang__)
#error "only g++ 12 has to refuse this"  // reject-here
#elif defined(REJECT)
  co_await mesh.call_one(cx, text{"x"});  // reject-here
#else
  co_await mesh.call_one<text>(cx, "x");
#endif
  co_return;
}
