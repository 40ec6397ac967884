#include "viceroy/mesh/mesh_core.hpp"

#include <doctest/doctest.h>

#include "actors.hpp"
#include "world.hpp"

using namespace mesh_test;
using world::machine;

namespace {

vr::task<void> canonical(machine& m, vr::instance& client) {
  auto hosts = co_await vr::host_mesh<app>::allocate(client, m.allocate(vr::extent(vr::dim("replicas", 1))), "test");
  auto procs = co_await hosts.spawn(client, "p0", vr::extent::unity());
  auto actors = co_await procs.spawn<counter>(client, "a0", 1);
  CHECK(m.living() == 3);
  auto [port, inbox] = client.open_once_port<vr::actor_id>();
  actors.cast<tells>(client, port.bind());
  vr::actor_id id = co_await inbox.recv();
  CHECK(id == actors.values().front().id());
  CHECK(id.name().text().substr(0, 3) == "a0-");
  co_await hosts.shutdown(client);
  CHECK(m.living() == 1);
}

}  // namespace

TEST_CASE("the canonical mesh comes up, answers and leaves nothing behind") {
  for (const bool encoded : {false, true}) {
    CAPTURE(encoded);
    machine m(vr::remote<app>::table, encoded);
    CHECK(m.fails(canonical(m, *m.client)) == "");
    m.settle();
    CHECK(m.living() == 1);
    CHECK(m.root->holds.empty());
    for (const auto& each : m.root->failures) FAIL_CHECK(each);
  }
}
