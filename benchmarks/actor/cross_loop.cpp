// Two actors on two loops of one process, one thread on each core. They play ping-pong, against two threads
// that pass a number through two atomics and yield while they wait; and one sends what the other adds up,
// with four windows on their way at most, against two threads with a raw lock-free queue for many senders,
// node for node as large. That queue is measured itself, against the same when each window is handed over as
// one chain.
#include <sched.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "harness_awaited.hpp"
#include "raw_queue.hpp"

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

// One way: the source sends a window for each credit that it has.
constexpr std::uint64_t window = 256, windows_ahead = 4, windows = 4'000;
constexpr std::uint64_t sum_of_items = windows * (window * (window - 1) / 2);
struct sink;
struct source;
struct item {
  std::uint64_t number;
};
struct credit {
  std::uint64_t windows;
};
struct send_all {
  vr::actor_ref<sink> to;
};
struct add_all {
  vr::actor_ref<source> from;
  vr::port_ref<std::uint64_t> done;
};
struct source {
  using handles = vr::messages<send_all, credit>;
  void handle(vr::context<source>& cx, const send_all& s) {
    to = s.to;
    left = windows;
    feed(cx, windows_ahead);
  }
  void handle(vr::context<source>& cx, const credit& c) { feed(cx, c.windows); }
  inline void feed(vr::context<source>& cx, std::uint64_t wanted);
  vr::actor_ref<sink> to;
  std::uint64_t left = 0;
};
struct sink {
  using handles = vr::messages<move_to, add_all, item>;
  void handle(vr::context<sink>&, const move_to& m) { vr::benchmark::pin(m.core); }
  void handle(vr::context<sink>&, const add_all& a) {
    state = a;
    left = windows * window;
    sum = 0;
  }
  void handle(vr::context<sink>& cx, const item& i) {
    sum += i.number;
    if (--left % window != 0) return;
    if (left != 0) {
      state.from.send<credit>(cx, 1u);
    } else {
      state.done.send(cx, sum);
    }
  }
  add_all state{};
  std::uint64_t left = 0, sum = 0;
};
void source::feed(vr::context<source>& cx, std::uint64_t wanted) {
  for (; wanted != 0 && left != 0; --wanted, --left)
    for (std::uint64_t i = 0; i != window; ++i) to.send<item>(cx, i);
}

using app = vr::application<"cross_loop", vr::actors<player, source, sink>>;

struct others {
  vr::actor_ref<player> play;
  vr::actor_ref<sink> add;
};
vr::task<others> spawn_there(vr::runtime<app>& rt) {
  auto proc = vr::proc<app>::direct(rt, vr::transport::in_process, "there");
  co_return others{proc.spawn<player>("player"), proc.spawn<sink>("sink")};
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

double raw_trips() {
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

vr::task<double> one_way(vr::instance& client, vr::actor_ref<source> from, vr::actor_ref<sink> to) {
  auto [port, inbox] = client.open_port<std::uint64_t>();
  to.send<add_all>(client, from, port.bind());
  const auto start = std::chrono::steady_clock::now();
  from.send<send_all>(client, to);
  const std::uint64_t sum = co_await inbox.recv();
  const double ns = vr::benchmark::ns_since(start) / static_cast<double>(windows * window);
  vr::benchmark::expect(sum == sum_of_items, "one way between loops");
  co_return ns;
}

}  // namespace cross_loop

namespace raw {

using cross_loop::window, cross_loop::windows;

struct game {
  loop here, there;
  bool chained = false;
  std::uint64_t to_send = windows;                               // this thread's
  alignas(64) std::uint64_t to_add = windows * window, sum = 0;  // the other's
};
void feed(game& g, std::uint64_t wanted);
void handle_item(void* to, std::uint64_t number) {
  game& g = *static_cast<game*>(to);
  g.sum += number;
  if (--g.to_add % window != 0) return;
  g.there.send(g.here, [](void* all, std::uint64_t count) { feed(*static_cast<game*>(all), count); }, to, 1);
}
void feed(game& g, std::uint64_t wanted) {
  for (; wanted != 0 && g.to_send != 0; --wanted, --g.to_send) {
    if (g.chained) {
      for (std::uint64_t i = 0; i != window; ++i) g.here.add(handle_item, &g, i);
      g.here.send_added(g.there);
    } else {
      for (std::uint64_t i = 0; i != window; ++i) g.here.send(g.there, handle_item, &g, i);
    }
  }
}
double one_way(bool chained) {
  game g;
  g.chained = chained;
  std::atomic<bool> started{false};
  std::thread other([&] {
    vr::benchmark::pin(1);
    started = true;
    while (g.to_add != 0)
      if (!g.there.run()) ::sched_yield();
  });
  while (!started) ::sched_yield();
  const auto start = std::chrono::steady_clock::now();
  feed(g, cross_loop::windows_ahead);
  std::uint64_t credits = 0;
  while (credits != windows) {
    const std::size_t handled = g.here.run();
    credits += handled;
    if (handled == 0) ::sched_yield();
  }
  const double ns = vr::benchmark::ns_since(start) / static_cast<double>(windows * window);
  other.join();
  vr::benchmark::expect(g.sum == cross_loop::sum_of_items, "the raw queue");
  return ns;
}

}  // namespace raw

namespace cross_loop {

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  vr::runtime<app> second;  // a loop with a thread of its own
  auto root = vr::proc<app>::direct(rt, vr::transport::in_process, "here");
  auto client = root.instance("client");
  auto here = root.spawn<player>("player");
  auto from = root.spawn<source>("source");
  auto there = vr::block_on(second, spawn_there(second));
  co_await there.play.call<move_to>(client, 1);
  const auto both = [&] { return play(client, here, there.play); };
  co_await vr::benchmark::compare_awaited(suite, "cross_loop_round_trip", "ns", "two_atomics", both,
                                          raw_trips, vr::benchmark::value_within(600));
  const auto sends = [&] { return one_way(client, from, there.add); };
  co_await vr::benchmark::compare_awaited(
      suite, "cross_loop_one_way", "ns", "raw_queue", sends, [] { return raw::one_way(false); },
      vr::benchmark::ratio_within(2));
  suite.compare(
      "raw_queue_one_way", "ns", "raw_chains", [] { return raw::one_way(false); },
      [] { return raw::one_way(true); });
}

}  // namespace cross_loop

int main(int argc, char** argv) {
  vr::benchmark::pin(0);
  return vr::benchmark::main<cross_loop::app>(argc, argv, cross_loop::measure);
}
