// What a message within a loop costs: plays each game once to warm up, then between two calls of
// message_costs_mark, at which callgrind writes down its count; prints what each took from the heap
// meanwhile. message_costs.py reads both.
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "support/allocations.hpp"
#include "viceroy/viceroy.hpp"

namespace vr = viceroy;

extern "C" [[gnu::noinline]] void message_costs_mark() { asm volatile("" ::: "memory"); }

namespace costs {

constexpr std::uint64_t count = 25'600, window = 256;
using done_ref = vr::once_port_ref<std::uint64_t>;

struct play {
  done_ref done;
};
struct ball {
  std::uint64_t left;
};
struct player;
struct meet {
  vr::actor_ref<player> other;
  done_ref done;
};
struct player {
  using handles = vr::messages<meet, ball>;
  void handle(vr::context<player>&, const meet& m) { state = m; }
  void handle(vr::context<player>& cx, const ball& b) {
    if (b.left == 0) return finish(cx);
    state.other.send<ball>(cx, b.left - 1);
  }
  [[gnu::noinline]] void finish(vr::context<player>& cx) const { state.done.send(cx, count); }
  meet state{};
};

struct item {
  std::uint64_t number;
};
struct refill {};
struct producer;
struct consumer;
struct count_all {
  vr::actor_ref<producer> from;
  done_ref done;
};
struct consumer {
  using handles = vr::messages<count_all, item>;
  void handle(vr::context<consumer>& cx, const count_all& c) {
    state = c;
    left = count;
    ask(cx);
  }
  void handle(vr::context<consumer>& cx, const item&) {
    if (--left % window == 0) ask(cx);
  }
  [[gnu::noinline]] inline void ask(vr::context<consumer>& cx) const;
  count_all state{};
  std::uint64_t left = 0;
};
struct feed {
  vr::actor_ref<consumer> to;
};
struct producer {
  using handles = vr::messages<feed, refill>;
  void handle(vr::context<producer>&, const feed& f) { to = f.to; }
  void handle(vr::context<producer>& cx, const refill&) {
    for (std::uint64_t i = 0; i != window; ++i) to.send<item>(cx, i);
  }
  vr::actor_ref<consumer> to;
};
void consumer::ask(vr::context<consumer>& cx) const {
  if (left != 0) {
    state.from.send<refill>(cx);
  } else {
    state.done.send(cx, count);
  }
}

struct square {
  std::uint64_t n;
};
struct answerer {
  using handles = vr::messages<square>;
  std::uint64_t handle(vr::context<answerer>&, const square& s) { return s.n * s.n; }
};
struct await_answers {
  vr::actor_ref<answerer> of;
  done_ref done;
};
struct chain_answers {
  vr::actor_ref<answerer> of;
  done_ref done;
};
struct requester {
  using handles = vr::messages<await_answers, chain_answers>;
  vr::task<void> handle(vr::context<requester>& cx, await_answers a) {
    std::uint64_t answers = 0;
    for (std::uint64_t i = 0; i != count; ++i) answers += co_await a.of.call<square>(cx, i) == i * i ? 1 : 0;
    a.done.send(cx, answers);
  }
  void handle(vr::context<requester>& cx, chain_answers a) {
    chain = a;
    left = count;
    ask(cx);
  }
  void ask(vr::context<requester>& cx) {
    chain.of.call<square>(cx, left).then([this, &cx](std::uint64_t) {
      if (--left != 0) {
        ask(cx);
      } else {
        chain.done.send(cx, count);
      }
    });
  }
  chain_answers chain{};
  std::uint64_t left = 0;
};

struct parent;
struct work {
  vr::actor_ref<parent> from;
};
struct finished {};
struct child {
  using handles = vr::messages<work>;
  inline void handle(vr::context<child>& cx, const work& w);
};
struct parent {
  using handles = vr::messages<play, finished>;
  void handle(vr::context<parent>& cx, const play& p) {
    done = p.done;
    left = count;
    make(cx);
  }
  void handle(vr::context<parent>& cx, const finished&) {
    if (--left != 0) {
      make(cx);
    } else {
      done.send(cx, count);
    }
  }
  void make(vr::context<parent>& cx) { cx.spawn<child>().send<work>(cx, cx.self()); }
  done_ref done;
  std::uint64_t left = 0;
};
void child::handle(vr::context<child>& cx, const work& w) {
  w.from.send<finished>(cx);
  cx.stop();
}

using app =
    vr::application<"costs", vr::actors<player, consumer, producer, answerer, requester, parent, child>>;

// Plays a game twice, and prints what the second time took from the heap.
template <class Start>
vr::task<void> measure(vr::instance& client, const char* name, Start start) {
  for (const bool warm : {false, true}) {
    auto [port, inbox] = client.open_once_port<std::uint64_t>();
    const std::uint64_t before = allocations::count;
    if (warm) message_costs_mark();
    start(port.bind());
    const std::uint64_t got = co_await inbox.recv();
    if (warm) message_costs_mark();
    const std::uint64_t taken = allocations::count - before;
    if (got != count) throw std::runtime_error(std::string(name) + " came to a wrong result");
    if (warm)
      std::printf("game=%s count=%llu allocations=%llu\n", name, static_cast<unsigned long long>(count),
                  static_cast<unsigned long long>(taken));
  }
}

vr::task<void> all(vr::runtime<app>& rt) {
#ifdef __clang__
  std::printf("compiler=clang++ %s\n", __clang_version__);
#else
  std::printf("compiler=g++ %s\n", __VERSION__);
#endif
  rt.limits().watchdog = {};
  auto client = vr::proc<app>::direct(rt, vr::transport::in_process, "root").instance("client");
  auto a = client.spawn<player>(), b = client.spawn<player>();
  co_await measure(client, "ping_pong", [&](done_ref done) {
    a.send<meet>(client, b, done);
    b.send<meet>(client, a, done);
    a.send<ball>(client, count);
  });
  auto from = client.spawn<producer>();
  auto to = client.spawn<consumer>();
  from.send<feed>(client, to);
  co_await measure(client, "counting", [&](done_ref done) { to.send<count_all>(client, from, done); });
  auto of = client.spawn<answerer>();
  auto by = client.spawn<requester>();
  co_await measure(client, "awaited_call", [&](done_ref done) { by.send<await_answers>(client, of, done); });
  co_await measure(client, "then_call", [&](done_ref done) { by.send<chain_answers>(client, of, done); });
  auto makes = client.spawn<parent>();
  co_await measure(client, "create_message_destroy", [&](done_ref done) { makes.send<play>(client, done); });
}

}  // namespace costs

int main(int argc, char** argv) { return vr::main<costs::app>(argc, argv, costs::all); }
