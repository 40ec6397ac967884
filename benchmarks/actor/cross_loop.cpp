// Two actors on two loops of one process that play ping-pong, against two threads that pass a number through
// two atomics and yield while they wait. One thread on each core.
#include <sched.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "harness_awaited.hpp"

namespace vr = viceroy;

namespace cross_loop {

constexpr std::uint64_t trips = 1'000;

struct move_to {
  int core;
};
struct player;
struct meet {
  vr::actor_ref<player> other;
  vr::port_ref<std::uint64_t> done;
};
struct ball {
  std::uint64_t left;
};
struct player {
  using handles = vr::messages<move_to, meet, ball>;
  void handle(vr::context<player>&, const move_to& m) { vr::benchmark::pin(m.core); }
  void handle(vr::context<player>&, const meet& m) { state = m; }
  void handle(vr::context<player>& cx, const ball& b) {
    if (b.left != 0) {
      state.other.send<ball>(cx, b.left - 1);
    } else {
      state.done.send(cx, std::uint64_t{0});
    }
  }
  meet state{};
};

using app = vr::application<"cross_loop", vr::actors<player>>;

vr::task<vr::actor_ref<player>> spawn_there(vr::runtime<app>& rt) {
  co_return vr::proc<app>::direct(rt, vr::transport::in_process, "there").spawn<player>("player");
}

vr::task<double> play(vr::instance& client, vr::actor_ref<player> here, vr::actor_ref<player> there) {
  auto [port, inbox] = client.open_port<std::uint64_t>();
  here.send<meet>(client, there, port.bind());
  there.send<meet>(client, here, port.bind());
  const auto start = std::chrono::steady_clock::now();
  here.send<ball>(client, 2 * trips);
  vr::benchmark::keep(co_await inbox.recv());
  co_return vr::benchmark::ns_since(start) / static_cast<double>(trips);
}

double raw() {
  alignas(64) std::atomic<std::uint64_t> ping{0};
  alignas(64) std::atomic<std::uint64_t> pong{0};
  std::thread other([&] {
    vr::benchmark::pin(1);
    for (std::uint64_t i = 1; i <= trips; ++i) {
      while (ping.load(std::memory_order_acquire) != i) ::sched_yield();
      pong.store(i, std::memory_order_release);
    }
  });
  ping.store(1, std::memory_order_release);
  while (pong.load(std::memory_order_acquire) != 1) ::sched_yield();
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t i = 2; i <= trips; ++i) {
    ping.store(i, std::memory_order_release);
    while (pong.load(std::memory_order_acquire) != i) ::sched_yield();
  }
  const double ns = vr::benchmark::ns_since(start) / static_cast<double>(trips - 1);
  other.join();
  return ns;
}

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  vr::runtime<app> second;  // a loop with a thread of its own
  auto root = vr::proc<app>::direct(rt, vr::transport::in_process, "here");
  auto client = root.instance("client");
  auto here = root.spawn<player>("player");
  auto there = vr::block_on(second, spawn_there(second));
  co_await there.call<move_to>(client, 1);
  const auto both = [&] { return play(client, here, there); };
  co_await vr::benchmark::compare_awaited(suite, "cross_loop_round_trip", "ns", "two_atomics", both, raw);
}

}  // namespace cross_loop

int main(int argc, char** argv) {
  vr::benchmark::pin(0);
  return vr::benchmark::main<cross_loop::app>(argc, argv, cross_loop::measure);
}
