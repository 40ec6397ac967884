// with separate compilation, a bridge to Asio in a file that included none of it
// expect: a_file_that_bridges_to_asio_includes_viceroy_bootstrap_asio_hpp
// max-lines-g++: 10
// max-lines-clang: 20
#define VICEROY_SEPARATE_COMPILATION
#ifndef REJECT
#include <boost/asio/post.hpp>  // now viceroy.hpp brings the bridge along
#endif
#include "viceroy/viceroy.hpp"

namespace vr = viceroy;

struct ping {};
struct one {
  using handles = vr::messages<ping>;
  void handle(vr::context<one>&, ping) {}
};
using app = vr::application<"bridge", vr::actors<one>>;

vr::task<int> nothing() { co_return 1; }

vr::task<void> body(vr::runtime<app>& rt) {
  const auto ended = [](std::exception_ptr, int) {};
  vr::spawn(rt, nothing(), ended);  // reject-here
#ifndef REJECT
  co_await vr::use(rt, [&rt](auto token) { return boost::asio::post(vr::io_context_of(rt), token); });
#endif
  co_return;
}
