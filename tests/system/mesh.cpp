// The canonical path on real processes: shapes, transports, ranks, points, slices.
#include <doctest/doctest.h>

#include <set>

#include "system/app.hpp"
#include "system/processes.hpp"

using namespace system_test;
using vr::transport;

namespace {

vr::task<void> every_rank_answers(vr::runtime<app>& rt, transport over, vr::extent hosts, vr::extent procs) {
  auto client = client_of(rt, over);
  auto mesh = co_await whole_mesh(client, hosts, procs, over);
  const vr::extent shape = hosts.concat(procs);
  const std::size_t ranks = shape.ranks();
  REQUIRE(mesh.actors.extent() == shape);
  CHECK(living().size() == hosts.ranks() + ranks);

  auto answers = co_await mesh.actors.call<where>(client);
  CHECK(answers.extent() == shape);
  std::set<std::int64_t> processes;
  std::set<std::int64_t> hosts_of_all;
  for (std::size_t rank = 0; rank != ranks; ++rank) {
    const place& at = answers[rank];
    CHECK(at.rank == rank);
    CHECK(at.point == shape.point_of(rank).text());
    const auto indices = shape.point_of(rank).indices();
    CHECK(std::equal(indices.begin(), indices.end(), at.indices.begin(), at.indices.end()));
    CHECK(at.id == mesh.actors.values()[rank].id());
    CHECK(at.id.proc().address().transport() == over);
    processes.insert(at.pid);
    hosts_of_all.insert(at.parent);
  }
  CHECK(processes.size() == ranks);
  CHECK(hosts_of_all.size() == hosts.ranks());
  CHECK_FALSE(hosts_of_all.contains(::getpid()));

  auto [port, inbox] = client.open_port<place>();
  mesh.actors.cast<where_to>(client, port.bind());
  std::vector<int> heard(ranks);
  for (std::size_t i = 0; i != ranks; ++i) {
    const place at = co_await inbox.recv();
    REQUIRE(at.rank < ranks);
    ++heard[at.rank];
    CHECK(at.pid == answers[at.rank].pid);
    CHECK(at.point == shape.point_of(at.rank).text());
  }
  auto told = co_await mesh.actors.call<count>(client);  // behind the cast: what came twice has come
  for (std::size_t rank = 0; rank != ranks; ++rank) {
    CHECK(heard[rank] == 1);
    CHECK(told[rank] == 1);
  }
  CHECK_FALSE(inbox.try_recv().has_value());
  co_await mesh.hosts.shutdown(client);
  const auto left = living();
  CHECK_MESSAGE(left.empty(), "alive after shutdown:" << text_of(left));
}

void run(transport over, vr::extent hosts, vr::extent procs) {
  const nothing_left check;
  on_a_runtime([&](vr::runtime<app>& rt) { return every_rank_answers(rt, over, hosts, procs); });
}

}  // namespace

TEST_CASE("one host of one proc over unix") {
  run(transport::unix_domain, vr::extent::unity(), vr::extent::unity());
}
TEST_CASE("one host of one proc over tcp") { run(transport::tcp, vr::dim("hosts", 1), vr::extent::unity()); }
TEST_CASE("four hosts of one proc each over tcp") {
  run(transport::tcp, vr::dim("hosts", 4), vr::extent::unity());
}
TEST_CASE("four hosts of eight procs each over unix") {
  run(transport::unix_domain, vr::dim("hosts", 4), vr::dim("gpus", 8));
}
TEST_CASE("2 x 3 hosts of one proc each over unix") {
  run(transport::unix_domain, vr::extent(vr::dim("racks", 2), vr::dim("hosts", 3)), vr::dim("gpus", 1));
}
TEST_CASE("2 x 3 hosts of 2 x 4 procs each over tcp") {
  run(transport::tcp, vr::extent(vr::dim("racks", 2), vr::dim("hosts", 3)),
      vr::extent(vr::dim("rows", 2), vr::dim("gpus", 4)));
}
TEST_CASE("one host of 64 procs over unix") {
  run(transport::unix_domain, vr::extent::unity(), vr::dim("gpus", 64));
}
TEST_CASE("one host of 64 procs over tcp") { run(transport::tcp, vr::dim("hosts", 1), vr::dim("gpus", 64)); }

TEST_CASE("a slice is a mesh of its own: ranks and points are the slice's, actors the mesh's") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto mesh = co_await whole_mesh(client, vr::dim("hosts", 2), vr::dim("gpus", 3));
    auto all = co_await mesh.actors.call<where>(client);

    const auto column = mesh.actors.slice("gpus", 2);
    auto two = co_await column.call<where>(client);
    CHECK(two.extent() == vr::extent(vr::dim("hosts", 2)));
    CHECK(two[0].pid == all[2].pid);
    CHECK(two[1].pid == all[5].pid);
    CHECK(two[1].rank == 1);
    CHECK(two[1].point == "{hosts=1/2}");

    const auto one = column.slice("hosts", 1);
    auto single = co_await one.call_one<where>(client);
    CHECK(single.pid == all[5].pid);
    CHECK(single.rank == 0);
    CHECK_THROWS_AS(static_cast<void>(column.call_one<where>(client)), vr::error);
    CHECK_THROWS_AS(static_cast<void>(mesh.actors.slice("rows", 0)), vr::error);
    CHECK_THROWS_AS(static_cast<void>(mesh.actors.slice("gpus", 3)), vr::error);

    auto [port, inbox] = client.open_port<place>();
    mesh.actors.slice("hosts", 1).cast<where_to>(client, port.bind());
    for (int i = 0; i != 3; ++i) {
      const place at = co_await inbox.recv();
      CHECK(at.pid == all[3 + at.rank].pid);
    }
    auto told = co_await mesh.actors.call<count>(client);
    CHECK(told.values() == std::vector<int>{0, 0, 0, 1, 1, 1});

    // Procs are sliced too, and actors stand on the part.
    auto part = co_await mesh.procs.slice("gpus", 1).spawn<probe>(client, "part");
    auto on_part = co_await part.call<where>(client);
    CHECK(on_part.extent() == vr::extent(vr::dim("hosts", 2)));
    CHECK(on_part[1].pid == all[4].pid);
    co_await mesh.hosts.shutdown(client);
  });
}

TEST_CASE("the same name twice is two meshes, and a label twice an error") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto hosts = co_await hosts_of(client, vr::dim("hosts", 1));
    auto a = co_await hosts.spawn(client, "same", vr::dim("gpus", 1));
    auto b = co_await hosts.spawn(client, "same", vr::dim("gpus", 1));
    auto x = co_await a.spawn<probe>(client, "same");
    auto y = co_await a.spawn<probe>(client, "same");
    CHECK(x.values().front() != y.values().front());
    CHECK(a.values().front() != b.values().front());
    const std::string twice = co_await sentence_of(hosts.spawn(client, "x", vr::dim("hosts", 2)));
    CHECK_MESSAGE(has(twice, "hosts"), twice);
    co_await hosts.shutdown(client);
  });
}
