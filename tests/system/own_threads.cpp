// Actors that block, each on a thread of its own, in other processes and in ours.
#include <doctest/doctest.h>

#include "system/app.hpp"
#include "system/program.hpp"

using namespace system_test;
using vr::errc;

namespace {

// Sends one of ours into a handler that never returns, and ends.
vr::task<void> one_never_returns(vr::runtime<app>& rt) {
  rt.limits().drain = 100ms;
  auto root = vr::proc<app>::direct(rt, vr::transport::unix_domain, "root");
  auto client = root.instance("client");
  auto blocks = root.spawn<blocker>("blocks");
  auto [port, inbox] = client.open_once_port<int>();
  blocks.send<block>(client, port.bind());
  co_await inbox.recv();
}
template <auto F>
int run(int argc, char** argv) {
  return vr::main<app>(argc, argv, [](vr::runtime<app>& rt) { return F(rt); });
}
const scenario a("one_never_returns", run<one_never_returns>);

}  // namespace

TEST_CASE(
    "actors that block are spawned, cast to and called in other processes; their procs answer meanwhile") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    rt.limits().drain = 500ms;
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 3));
    auto blockers = co_await procs.spawn<blocker>(client, "blockers");
    auto probes = co_await procs.spawn<probe>(client, "probes");
    const auto there = co_await blockers.call<where>(client);
    const auto beside = co_await probes.call<where>(client);
    for (std::size_t i = 0; i != 3; ++i) {
      CHECK(there.values()[i].pid == beside.values()[i].pid);
      CHECK(there.values()[i].rank == i);
      CHECK(there.values()[i].id == blockers.values()[i].id());
    }
    auto [port, inbox] = client.open_port<place>();
    blockers.cast<where_to>(client, port.bind());
    for (int i = 0; i != 3; ++i) co_await inbox.recv();
    // One blocks for ever; the others, and all else in its process, go on.
    auto [begun, begins] = client.open_once_port<int>();
    blockers.slice("gpus", 1).cast<block>(client, begun.bind());
    co_await begins.recv();
    const auto still = co_await probes.call<where>(client);
    CHECK(still.values().size() == 3);
    auto waits = blockers.slice("gpus", 1).call_one<where>(client);
    // A process that dies takes its threads along: who waits for them is told why.
    probes.slice("gpus", 1).cast<die>(client, SIGKILL);
    errc kind{};
    const std::string why = co_await sentence_of(vr::as_task(std::move(waits)), &kind);
    CHECK_MESSAGE((kind == errc::process_died && has(why, "SIGKILL")), why);
  });
}

TEST_CASE("what was cast to actors on their own threads before their procs were stopped is handled first") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    for (int round = 0; round != 5; ++round) {
      auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2));
      auto blockers = co_await procs.spawn<blocker>(client, "blockers");
      auto [port, inbox] = client.open_port<place>();
      const auto to = port.bind();
      for (int i = 0; i != 50; ++i) blockers.cast<where_to>(client, to);
      co_await procs.stop(client);
      for (int i = 0; i != 100; ++i) co_await vr::within(10s, inbox.recv());
    }
  });
}

TEST_CASE("a mesh whose actor never returns is shut down within its limits, and nothing is left") {
  const nothing_left check;
  const auto begin = std::chrono::steady_clock::now();
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    rt.limits().drain = 500ms;
    rt.limits().terminate = 300ms;
    auto client = client_of(rt);
    auto mesh = co_await whole_mesh(client, vr::dim("hosts", 1), vr::dim("gpus", 2));
    auto blockers = co_await mesh.procs.spawn<blocker>(client, "blockers");
    auto [port, inbox] = client.open_once_port<int>();
    blockers.slice("gpus", 0).cast<block>(client, port.bind());
    co_await inbox.recv();
    co_await sentence_of(mesh.hosts.shutdown(client));
  });
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("our own process ends although an actor of it never returns, and names it") {
  const nothing_left check;
  program ends("one_never_returns");
  CHECK(ends.wait() == 1);
  INFO(ends.output());
  CHECK(ends.count("viceroy: the runtime ends although system_test::blocker unix:") == 1);
  CHECK(ends.count("still handles system_test::block; its thread is left behind") == 1);
}
