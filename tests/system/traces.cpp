// One message followed through two processes, and to an actor on a thread of its own.
#include <doctest/doctest.h>

#include "system/app.hpp"
#include "system/program.hpp"

using namespace system_test;

namespace {

vr::task<void> one_is_followed(vr::runtime<app>& rt) {
  auto client = client_of(rt);
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::extent::unity());
  auto probes = co_await procs.spawn<probe>(client, "probe");
  co_await probes.call_one<where>(client);
  const auto hops = rt.trace();
  co_await probes.call_one<where>(client);
  co_await probes.call_one<where>(client);
  write_line(1, "here " + std::to_string(hops.hops().size()));
}
template <auto F>
int run(int argc, char** argv) {
  return vr::main<app>(argc, argv, [](vr::runtime<app>& rt) { return F(rt); });
}
const scenario a("one_is_followed", run<one_is_followed>);

}  // namespace

TEST_CASE("a message is followed to another process and back: each process prints its hops") {
  const nothing_left check;
  program follows("one_is_followed");
  CHECK(follows.wait() == 0);
  INFO(follows.output());
  CHECK(follows.count(": post: unix:") == 2);  // the question here, the answer there
  CHECK(follows.count(": write: a frame on the link to ") == 2);
  CHECK(follows.count(": arrived: system_test::where from unix:") == 1);
  CHECK(follows.count(": arrived: system_test::place from unix:") == 1);
  CHECK(follows.count(": handle: unix:") == 1);
  CHECK(follows.count(": its handler has returned") == 1);
  CHECK(follows.count(": delivered to port ") == 1);
  CHECK(follows.count("viceroy: trace ") == 9);
  CHECK(follows.count("here 4") == 1);
}

TEST_CASE("a message to an actor on a thread of its own is followed there and back") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto root = vr::proc<app>::direct(rt, vr::transport::in_process, "root");
    auto client = root.instance("client");
    auto blocks = root.spawn<blocker>("blocks");
    const auto hops = rt.trace();
    co_await blocks.call<where>(client);
    std::string all;
    for (const std::string& each : hops.hops()) all += each + "\n";
    INFO(all);
    CHECK(has(all, ": hand over: to the loop of " + std::string(blocks.id().proc().text())));
    CHECK(has(all, ": handle: " + blocks.id().text() + " begins with system_test::where"));
    CHECK(has(all, ": hand over: to the loop of " + std::string(root.id().text())));
    CHECK(has(all, " of " + client.id().text()));
  });
}
