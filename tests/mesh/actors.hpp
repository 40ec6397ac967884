// actors: an application for tests of meshes.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/actor/supervision.hpp"
#include "viceroy/mesh/actor_mesh.hpp"
#include "viceroy/mesh/host_mesh.hpp"
#include "viceroy/mesh/proc_mesh.hpp"
#include "viceroy/proc/application.hpp"

namespace mesh_test {

namespace vr = viceroy;

struct add {
  long n;
};
struct get {};
struct where {};  // answers with the point
struct text {
  std::string what;
};
struct reads {};  // answers with the address of the last text
struct takes {
  std::string what;
};
struct boom {
  std::uint32_t rank;
};
struct fails {};
struct sleeps {};
struct stops {};
struct tells {
  vr::once_port_ref<vr::actor_id> reply;
};
struct secret {
  using local = std::true_type;
  int n;
};

struct counter {
  using params = long;
  using handles =
      vr::messages<add, get, where, text, reads, takes, boom, fails, sleeps, stops, tells, secret>;

  explicit counter(long start) : total(start) {
    if (start == 13) throw std::runtime_error("13 is unlucky");
  }

  void handle(vr::context<counter>&, add m) { total += m.n; }
  long handle(vr::context<counter>&, const get&) { return total; }
  std::string handle(vr::context<counter>& cx, where) {
    return cx.point().text() + "#" + std::to_string(cx.rank());
  }
  void handle(vr::context<counter>&, const text& m) { last = &m, read = m.what; }
  std::string handle(vr::context<counter>&, reads) { return read; }
  void handle(vr::context<counter>&, takes m) { read = std::move(m.what); }
  std::uint32_t handle(vr::context<counter>& cx, const boom& m) {
    if (cx.rank() == m.rank) throw std::runtime_error("boom");
    return cx.rank();
  }
  void handle(vr::context<counter>&, fails) { throw std::runtime_error("it fails"); }
  vr::task<long> handle(vr::context<counter>& cx, sleeps) {
    auto [p, inbox] = cx.open_port<int>();
    co_return co_await inbox.recv();
  }
  void handle(vr::context<counter>& cx, stops) { cx.stop(); }
  void handle(vr::context<counter>& cx, tells m) { m.reply.send(cx, cx.self().id()); }
  void handle(vr::context<counter>&, secret m) { total += m.n; }

  long total;
  const text* last = nullptr;
  std::string read;
};

using app = vr::application<"mesh_test", vr::actors<counter>>;

}  // namespace mesh_test
