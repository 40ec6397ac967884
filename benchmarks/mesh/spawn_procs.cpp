// 64 procs from nothing to ready (each a process whose agent has answered), and to the first answer of an
// actor in each, against 64 copies of this program that are spawned, connect back and answer once.
#include <unistd.h>

#include <chrono>
#include <cstddef>

#include "harness_awaited.hpp"
#include "host/spawn_baseline.hpp"

namespace vr = viceroy;

namespace spawn_procs {

constexpr std::size_t count = 64;

struct ask {};
struct answerer {
  using handles = vr::messages<ask>;
  int handle(vr::context<answerer>&, ask) { return ::getpid(); }
};

using app = vr::application<"spawn_procs", vr::actors<answerer>>;

// Ending the procs is not part of it.
vr::task<double> ready(vr::instance& client) {
  const auto start = std::chrono::steady_clock::now();
  auto procs = co_await vr::this_host<app>(client).spawn_procs(client, vr::dim("procs", count));
  const double took = vr::benchmark::ns_since(start);
  co_await procs.stop(client);
  co_return took / 1e6;
}

vr::task<double> answered(vr::instance& client) {
  const auto start = std::chrono::steady_clock::now();
  auto procs = co_await vr::this_host<app>(client).spawn_procs(client, vr::dim("procs", count));
  auto actors = co_await procs.spawn<answerer>(client, "answerer");
  vr::benchmark::keep(co_await actors.call<ask>(client));
  const double took = vr::benchmark::ns_since(start);
  co_await procs.stop(client);
  co_return took / 1e6;
}

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  auto client = vr::proc<app>::direct(rt, vr::transport::unix_domain, "root").instance("client");
  const auto raw = [] {
    return std::chrono::duration<double, std::milli>(benchmarks::spawn_baseline(count)).count();
  };
  const auto procs_ready = [&] { return ready(client); };
  const auto actors_answered = [&] { return answered(client); };
  co_await vr::benchmark::compare_awaited(suite, "procs_ready_64", "ms", "spawn_and_connect", procs_ready,
                                          raw);
  co_await vr::benchmark::compare_awaited(suite, "actors_answered_64", "ms", "spawn_and_connect",
                                          actors_answered, raw);
}

}  // namespace spawn_procs

int main(int argc, char** argv) {
  if (const auto status = benchmarks::spawn_baseline_child()) return *status;
  return vr::benchmark::main<spawn_procs::app>(argc, argv, spawn_procs::measure);
}
