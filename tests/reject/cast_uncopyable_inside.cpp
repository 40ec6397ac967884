// cast of a message that cannot be copied because of what its containers hold
// expect: a_cast_copies_its_message
// max-lines-g++: 10
// max-lines-clang: 20
#include <memory>

#include "viceroy/actor/instance.hpp"
#include "viceroy/mesh/actor_mesh.hpp"

namespace vr = viceroy;

struct part {
  std::vector<std::unique_ptr<long>> all;
};
struct moved {
  std::optional<std::pair<int, part>> parts;
};
struct tree {
  std::vector<tree> below;
  std::string name;
};
struct counter {
  using handles = vr::messages<moved, tree>;
  void handle(vr::context<counter>&, moved) {}
  void handle(vr::context<counter>&, tree) {}
};

vr::task<void> body(vr::instance& cx, vr::actor_mesh<counter>& mesh) {
  static_cast<void>(cx);
#ifdef REJECT
  mesh.cast<moved>(cx);  // reject-here
#else
  mesh.cast<tree>(cx);
#endif
  co_return;
}
