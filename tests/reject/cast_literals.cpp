// literals make narrow, unsigned and floating fields in silence, with every verb; a text does not
// expect: the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible
// max-lines-g++: 10
// max-lines-clang: 20
#include "viceroy/viceroy.hpp"

namespace vr = viceroy;

struct add {
  std::uint32_t n;
  float weight;
  std::uint8_t small;
};
struct put {
  std::string what;
  std::uint16_t n;
};
struct start {
  std::uint64_t n;
  float weight;
};
struct counter {
  using handles = vr::messages<add, put>;
  using params = start;
  explicit counter(start) {}
  void handle(vr::context<counter>& cx, add) {
    cx.after<add>(std::chrono::milliseconds(1), 1, 2, 3);
    cx.every<add>(std::chrono::milliseconds(1), 1, 2, 3);
    cx.spawn<counter>(1, 2);
  }
  vr::task<std::uint8_t> handle(vr::context<counter>&, put) { co_return 7; }
};
using app = vr::application<"literals", vr::actors<counter>>;

vr::task<std::uint32_t> body(vr::instance& cx, vr::proc<app>& proc, vr::proc_mesh<app>& procs) {
  auto mesh = co_await procs.spawn<counter>(cx, "counter", 1, 2);
  const auto one = mesh.values().front();
  mesh.cast<add>(cx, 5, 1, 2);
  mesh.cast<put>(cx, "x", 1);
  one.send<add>(cx, 5, 1, 2);
  co_await one.call<put>(cx, "x", 1);
  co_await mesh.call<put>(cx, "x", 1);
  co_await mesh.choose<put>(cx, "x", 1);
  co_await mesh.slice("gpus", 0).call_one<add>(cx, 5, 1, 2);
  proc.spawn<counter>("other", 1, 2).send<add>(cx, 5, 1, 2);
  auto [port, inbox] = cx.open_port<std::uint8_t>();
  port.bind().send(cx, 1);
#ifdef REJECT
  mesh.cast<add>(cx, "five", 1, 2);  // reject-here
#endif
  co_return 0;
}
