#include "viceroy/mesh/mesh_core.hpp"

#include <doctest/doctest.h>

#include "actors.hpp"
#include "world.hpp"

using namespace mesh_test;
using world::fate;
using world::machine;

namespace {

using namespace std::chrono_literals;

bool has(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != text.npos;
  if (!found) MESSAGE("'", text, "' has no '", part, "'");
  return found;
}

// Runs f(machine) with typed messages and with encoded ones; nothing may be left of it.
template <class F>
void in_both_worlds(F f) {
  for (const bool encoded : {false, true}) {
    CAPTURE(encoded);
    machine m(vr::remote<app>::table, encoded);
    f(m);
    m.run_dry();
    CHECK(m.living() == 1);
    CHECK(m.root->holds.empty());
  }
}

vr::task<void> canonical(machine& m, vr::instance& client) {
  auto hosts =
      co_await vr::host_mesh<app>::allocate(client, m.allocate(vr::extent(vr::dim("replicas", 1))), "test");
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

vr::task<void> shapes(machine& m, vr::instance& client, std::size_t rows, std::size_t gpus) {
  const vr::extent on_hosts(vr::dim("rows", rows), vr::dim("columns", 2));
  auto hosts = co_await vr::host_mesh<app>::allocate(client, m.allocate(on_hosts), "test",
                                                     vr::bootstrap_command("other"));
  CHECK(hosts.extent() == on_hosts);
  auto procs = co_await hosts.slice("columns", 1).spawn(client, "p", vr::dim("gpus", gpus));
  CHECK(procs.extent().text() == "{rows=" + std::to_string(rows) + ", gpus=" + std::to_string(gpus) + "}");
  CHECK(procs.values().size() == rows * gpus);
  CHECK(m.living() == 1 + 2 * rows + rows * gpus);
  auto some = co_await procs.slice("gpus", gpus - 1).spawn<counter>(client, "c", 2);
  CHECK(some.extent().ranks() == rows);
  for (std::size_t r = 0; r != rows; ++r)
    CHECK(some.values()[r].id().proc() == procs.values()[r * gpus + gpus - 1]);
  auto points = co_await some.call<where>(client);
  for (std::size_t r = 0; r != rows; ++r)
    CHECK(points[r] == some.extent().point_of(r).text() + "#" + std::to_string(r));
  co_await some.stop(client);
  CHECK_THROWS_WITH_AS(some.cast<add>(client, 1),
                       doctest::Contains("was stopped; a handle to it does nothing any more"), vr::error);
  co_await procs.stop(client);
  CHECK(m.living() == 1 + 2 * rows);
  co_await hosts.shutdown(client);
}

vr::task<void> labels_twice(machine& m, vr::instance& client) {
  auto hosts = co_await vr::host_mesh<app>::allocate(client, m.allocate(vr::dim("gpus", 2)), "test");
  auto procs = co_await hosts.spawn(client, "p", vr::dim("gpus", 2));
}

// What each of these leaves is cleaned up behind it.
vr::task<void> allocated(machine& m, vr::instance& client) {
  auto hosts = co_await vr::host_mesh<app>::allocate(client, m.allocate(vr::dim("replicas", 3)), "test");
}
vr::task<void> spawned(machine& m, vr::instance& client) {
  auto hosts = co_await vr::host_mesh<app>::allocate(client, m.allocate(vr::extent()), "test");
  auto procs = co_await hosts.spawn(client, "p0", vr::dim("gpus", 4));
}
vr::task<void> unlucky(machine& m, vr::instance& client) {
  auto hosts = co_await vr::host_mesh<app>::allocate(client, m.allocate(vr::extent()), "test");
  auto procs = co_await hosts.spawn(client, "p0", vr::dim("gpus", 4));
  auto counters = co_await procs.spawn<counter>(client, "c", 13);
}
vr::task<void> on_this_host(machine& m, vr::instance& client) {
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2));
  CHECK(m.living() == 3);
  auto counters = co_await procs.spawn<counter>(client, "c", 1);
  co_await counters.call<get>(client);
  auto more = co_await vr::this_host<app>(client).spawn(client, "more", vr::dim("gpus", 1));
  CHECK(m.living() == 4);
}

}  // namespace

TEST_CASE("the canonical mesh comes up, answers and leaves nothing behind") {
  in_both_worlds([](machine& m) {
    CHECK(m.fails(canonical(m, *m.client)) == "");
    m.settle();
    for (const auto& each : m.root->failures) FAIL_CHECK(each);
  });
}

TEST_CASE("meshes have the extents of what they stand on and their own") {
  for (const auto& [rows, gpus] : {std::pair(1, 1), std::pair(2, 3), std::pair(1, 64)})
    in_both_worlds([&](machine& m) {
      CHECK(m.fails(shapes(m, *m.client, static_cast<std::size_t>(rows), static_cast<std::size_t>(gpus))) ==
            "");
      for (const auto& each : m.root->failures) FAIL_CHECK(each);
    });
}

TEST_CASE("a label twice is an error, and what was there is ended") {
  in_both_worlds([](machine& m) {
    CHECK(has(m.fails(labels_twice(m, *m.client)), "dimension 'gpus' is in {gpus=2} and again"));
  });
}

TEST_CASE("a process that exits at once fails the allocation with its rank and last lines") {
  in_both_worlds([](machine& m) {
    m.plan = [](const vr::launch_request& r) { return r.rank == 1 ? fate::exits_at_once : fate::runs; };
    const std::string text = m.fails(allocated(m, *m.client));
    CHECK(text.find("allocating hosts test: rank 1: process 1002 (proc alloc1) exited with status 3; last "
                    "lines: oops") == 0);
  });
}

TEST_CASE("a process that never says hello is named when the limit has passed") {
  in_both_worlds([](machine& m) {
    m.plan = [](const vr::launch_request& r) { return r.rank == 2 ? fate::says_nothing : fate::runs; };
    CHECK(m.fails(allocated(m, *m.client)) == "allocating hosts test: rank 2 did not report within 60 s");
  });
}

TEST_CASE("procs that do not start fail the spawn by rank, all of them") {
  in_both_worlds([](machine& m) {
    m.plan = [](const vr::launch_request& r) {
      return r.mode == vr::bootstrap_mode::proc && r.rank != 1 ? fate::exits_at_once : fate::runs;
    };
    const std::string text = m.fails(spawned(m, *m.client));
    CHECK(text.find("spawning procs p0: rank 0: process 1001 (proc p0-") == 0);
    CHECK(has(text, "exited with status 3; last lines: oops (and ranks 2, 3)"));
  });
  in_both_worlds([](machine& m) {
    m.plan = [](const vr::launch_request& r) {
      return r.mode == vr::bootstrap_mode::proc && r.rank % 2 == 1 ? fate::says_nothing : fate::runs;
    };
    CHECK(m.fails(spawned(m, *m.client)) == "spawning procs p0: ranks 1, 3 did not report within 30 s");
  });
}

TEST_CASE("an actor whose constructor throws fails the spawn with the text") {
  in_both_worlds([](machine& m) {
    const std::string text = m.fails(unlucky(m, *m.client));
    CHECK(text.find("spawning actors c (mesh_test::counter): rank 0: 13 is unlucky") == 0);
    CHECK(has(text, "(and ranks 1-3)"));
  });
}

TEST_CASE("a task that is dropped ends what it had started, at any step") {
  for (int steps = 1; steps < 200; steps += 3) {
    CAPTURE(steps);
    machine m(vr::remote<app>::table, steps % 2 == 0);
    {
      auto run = vr::running::start<void>(spawned(m, *m.client), [](vr::outcome<void>) {});
      for (int i = 0; i != steps; ++i) m.clock.turn_now(m.queue);
    }
    m.run_dry();
    CHECK(m.living() == 1);
    CHECK(m.root->holds.empty());
    CHECK(m.root->failures.empty());
  }
}

TEST_CASE("a task whose owner ends first ends with owner_gone, and so does what it had started") {
  for (int steps = 1; steps < 120; steps += 5) {
    CAPTURE(steps);
    machine m(vr::remote<app>::table, steps % 2 == 0);
    std::string text = "it never ended";
    vr::instance other(*m.home, vr::label::parse("other"));
    auto run = vr::running::start<void>(
        spawned(m, other), [&](vr::outcome<void> o) { text = o.ok() ? "" : vr::sentence_of(o.failure()); });
    for (int i = 0; i != steps && text == "it never ended"; ++i) m.clock.turn_now(m.queue);
    const bool finished = text != "it never ended";
    other.stop();
    m.run_dry();
    if (!finished) CHECK(has(text, "ended"));
    CHECK(m.living() == 1);
    CHECK(m.root->holds.empty());
  }
}

TEST_CASE("this_host is made once in a process that has none, and its procs are owned like others") {
  for (const bool encoded : {false, true}) {
    machine m(vr::remote<app>::table, encoded);
    CHECK(m.fails(on_this_host(m, *m.client)) == "");
    m.settle();
    CHECK(m.living() == 1);
    CHECK_FALSE(m.root->host_agent().empty());
    m.root->meshes().abandon_all();
    m.settle();
    CHECK(m.root->host_agent().empty());
    CHECK(m.root->holds.empty());
  }
}

TEST_CASE("a mesh's name leaves room for what is put behind it") {
  machine m(vr::remote<app>::table, false);
  const std::string text =
      m.fails(vr::host_mesh<app>::allocate(*m.client, m.allocate(vr::extent()), std::string(60, 'x')));
  CHECK(has(text, "a mesh's name has at most 55 characters"));
}

TEST_CASE("a mesh of more ranks than any machine has is refused before anything is made for it") {
  machine m(vr::remote<app>::table, false);
  auto host = vr::this_host<app>(*m.client);
  CHECK(m.fails(host.spawn_procs(vr::extent(vr::dim("rows", 1u << 20), vr::dim("gpus", 2)))) ==
        "{rows=1048576, gpus=2} has 2097152 ranks, and a mesh or an allocation has at most 1048576");
}
