// How actors are used within one loop, each pattern against a mini runtime with as many actors, messages and
// bytes: a token around rings of 100, 1 000 and 100 000; twenty who send to one; a request and its answer,
// awaited and continued by then(); an actor made, told one thing and ended; and what a million idle actors
// take.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <vector>

#include "harness_awaited.hpp"
#include "mini_runtime.hpp"

namespace vr = viceroy;

namespace patterns {

using count_ref = vr::once_port_ref<std::uint64_t>;

// A ring: whoever has the token passes it on.
struct member;
struct next_is {
  vr::actor_ref<member> next;
};
struct token {
  std::uint64_t left;
  count_ref done;
};
struct member {
  using handles = vr::messages<next_is, token>;
  void handle(vr::context<member>&, const next_is& m) { next = m.next; }
  void handle(vr::context<member>& cx, const token& t) {
    if (t.left != 0) {
      next.send<token>(cx, t.left - 1, t.done);
    } else {
      t.done.send(cx, std::uint64_t{0});
    }
  }
  vr::actor_ref<member> next;
};

// Many to one: each sender sends a burst when told; the sink tells all when it has all.
constexpr std::uint64_t senders = 20, burst = 50;
struct sink;
struct go {
  vr::actor_ref<sink> to;
};
struct item {
  std::uint64_t number;
};
struct sender {
  using handles = vr::messages<go>;
  inline void handle(vr::context<sender>& cx, const go& g);
};
struct drain {
  std::uint64_t bursts;
  count_ref done;
};
struct add_sender {
  vr::actor_ref<sender> who;
};
struct sink {
  using handles = vr::messages<add_sender, drain, item>;
  void handle(vr::context<sink>&, const add_sender& s) { from.push_back(s.who); }
  void handle(vr::context<sink>& cx, const drain& d) {
    state = d;
    ask(cx);
  }
  void handle(vr::context<sink>& cx, const item& i) {
    sum += i.number;
    if (--left != 0) return;
    if (--state.bursts != 0) {
      ask(cx);
    } else {
      state.done.send(cx, sum);
    }
  }
  void ask(vr::context<sink>& cx) {
    left = senders * burst;
    for (const auto& each : from) each.send<go>(cx, cx.self());
  }
  std::vector<vr::actor_ref<sender>> from;
  drain state{};
  std::uint64_t left = 0, sum = 0;
};
void sender::handle(vr::context<sender>& cx, const go& g) {
  for (std::uint64_t i = 0; i != burst; ++i) g.to.send<item>(cx, i);
}

// Request and answer.
struct square {
  std::uint64_t n;
};
struct answerer {
  using handles = vr::messages<square>;
  std::uint64_t handle(vr::context<answerer>&, const square& s) { return s.n * s.n; }
};
struct await_answers {
  vr::actor_ref<answerer> of;
  std::uint64_t count;
  count_ref done;
};
struct chain_answers {
  vr::actor_ref<answerer> of;
  std::uint64_t count;
  count_ref done;
};
struct requester {
  using handles = vr::messages<await_answers, chain_answers>;
  vr::task<void> handle(vr::context<requester>& cx, await_answers a) {
    sum = 0;
    for (std::uint64_t i = 0; i != a.count; ++i) sum += co_await a.of.call<square>(cx, i);
    a.done.send(cx, sum);
  }
  void handle(vr::context<requester>& cx, chain_answers a) {
    chain = a;
    sum = 0;
    ask(cx);
  }
  void ask(vr::context<requester>& cx) {
    chain.of.call<square>(cx, chain.count).then([this, &cx](std::uint64_t n) {
      sum += n;
      if (--chain.count != 0) {
        ask(cx);
      } else {
        chain.done.send(cx, sum);
      }
    });
  }
  chain_answers chain{};
  std::uint64_t sum = 0;
};

// Create, tell, end; and many that do nothing.
struct parent;
struct work {
  vr::actor_ref<parent> from;
};
struct finished {};
struct child {
  using handles = vr::messages<work>;
  inline void handle(vr::context<child>& cx, const work& w);
};
struct make_in_turn {
  std::uint64_t count;
  count_ref done;
};
struct make_idle {
  std::uint64_t count;
  count_ref done;
};
struct parent {
  using handles = vr::messages<make_in_turn, make_idle, finished>;
  void handle(vr::context<parent>& cx, const make_in_turn& m) {
    state = m;
    next(cx);
  }
  void handle(vr::context<parent>& cx, const make_idle& m) {
    for (std::uint64_t i = 0; i != m.count; ++i) cx.spawn<child>();
    m.done.send(cx, m.count);
  }
  void handle(vr::context<parent>& cx, const finished&) {
    if (--state.count != 0) {
      next(cx);
    } else {
      state.done.send(cx, std::uint64_t{0});
    }
  }
  void next(vr::context<parent>& cx) { cx.spawn<child>().send<work>(cx, cx.self()); }
  make_in_turn state{};
};
void child::handle(vr::context<child>& cx, const work& w) {
  w.from.send<finished>(cx);
  cx.stop();
}

using app = vr::application<"patterns", vr::actors<member, sender, sink, answerer, requester, child, parent>>;

// Sends M with a port at its end, and returns the time until that has an answer, for each of `count`.
template <class M, class A, class... F>
vr::task<double> timed(vr::instance& client, vr::actor_ref<A> to, std::uint64_t count, F... fields) {
  auto [port, inbox] = client.open_once_port<std::uint64_t>();
  const double start = vr::benchmark::cpu_ns();
  to.template send<M>(client, fields..., port.bind());
  vr::benchmark::keep(co_await inbox.recv());
  co_return (vr::benchmark::cpu_ns() - start) / static_cast<double>(count);
}

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double all = 0, resident = 0;
  in >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace patterns

namespace mini {

struct token {
  std::uint64_t left;
  std::array<std::uint64_t, 4> done;  // as many bytes as the address of a port
};
struct member {
  member* next;
};
void handle_token(void* actor, node& n) {
  const token& t = n.payload<token>();
  if (t.left != 0) loop.send(handle_token, static_cast<member*>(actor)->next, token{t.left - 1, t.done});
}

struct item {
  std::uint64_t number;
};
struct sink;
struct go {
  sink* to;
  std::array<std::uint64_t, 2> rest;
};
struct sender {};
struct sink {
  std::vector<sender> from;
  std::uint64_t bursts = 0, left = 0, sum = 0;
};
void handle_item(void* actor, node& n);
void handle_go(void*, node& n) {
  sink* const to = n.payload<go>().to;
  for (std::uint64_t i = 0; i != patterns::burst; ++i) loop.send(handle_item, to, item{i});
}
void ask(sink& s) {
  s.left = patterns::senders * patterns::burst;
  for (sender& each : s.from) loop.send(handle_go, &each, go{&s, {}});
}
void handle_item(void* actor, node& n) {
  auto& s = *static_cast<sink*>(actor);
  s.sum += n.payload<item>().number;
  if (--s.left == 0 && --s.bursts != 0) ask(s);
}

struct answerer {};
struct requester {
  answerer* of;
  std::uint64_t left = 0, sum = 0;
};
struct square {
  std::uint64_t n;
  requester* from;
};
void handle_square(void* actor, node& n);
void handle_answer(void* actor, node& n) {
  auto& self = *static_cast<requester*>(actor);
  self.sum += n.payload<std::uint64_t>();
  if (--self.left != 0) loop.send(handle_square, self.of, square{self.left, &self});
}
void handle_square(void*, node& n) {
  const square s = n.payload<square>();
  loop.send(handle_answer, s.from, s.n * s.n);
}

// As many bytes as an actor of Viceroy's.
struct child {
  std::array<std::uint64_t, 20> state{};
};
struct parent {
  std::uint64_t left;
};
struct work {
  parent* from;
};
struct finished {
  child* who;
};
void handle_work(void* actor, node& n);
void make(parent& p) { loop.send(handle_work, new child, work{&p}); }
void handle_finished(void* actor, node& n) {
  delete n.payload<finished>().who;
  auto& p = *static_cast<parent*>(actor);
  if (--p.left != 0) make(p);
}
void handle_work(void* actor, node& n) {
  loop.send(handle_finished, n.payload<work>().from, finished{static_cast<child*>(actor)});
}

}  // namespace mini

namespace patterns {

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  using vr::benchmark::compare_awaited;
  using vr::benchmark::cpu_ns_per;
  auto root = vr::proc<app>::direct(rt, vr::transport::in_process, "root");
  auto client = root.instance("client");

  for (const std::size_t size : {100u, 1'000u, 100'000u}) {
    const std::string name = "thread_ring_" + std::to_string(size);
    if (!suite.wants(name)) continue;
    std::vector<vr::actor_ref<member>> ring;
    for (std::size_t i = 0; i != size; ++i) ring.push_back(client.spawn<member>());
    for (std::size_t i = 0; i != size; ++i) ring[i].send<next_is>(client, ring[(i + 1) % size]);
    std::vector<mini::member> mini_ring(size);
    for (std::size_t i = 0; i != size; ++i) mini_ring[i].next = &mini_ring[(i + 1) % size];
    constexpr std::uint64_t hops = 1'000'000;
    const auto around = [&] { return timed<token>(client, ring.front(), hops, hops); };
    const auto mini_around = [&] {
      return cpu_ns_per(hops, [&] {
        mini::loop.send(mini::handle_token, mini_ring.data(), mini::token{hops, {}});
        mini::loop.run();
      });
    };
    co_await compare_awaited(suite, name, "cpu_ns", "mini_runtime", around, mini_around);
  }

  auto to_one = root.spawn<sink>("sink");
  mini::sink mini_sink;
  mini_sink.from.resize(senders);
  for (std::uint64_t i = 0; i != senders; ++i) to_one.send<add_sender>(client, client.spawn<sender>());
  constexpr std::uint64_t bursts = 1'000, items = bursts * senders * burst;
  const auto many = [&] { return timed<drain>(client, to_one, items, bursts); };
  const auto mini_many = [&] {
    mini_sink.bursts = bursts;
    return cpu_ns_per(items, [&] {
      mini::ask(mini_sink);
      mini::loop.run();
    });
  };
  co_await compare_awaited(suite, "many_to_one_20", "cpu_ns", "mini_runtime", many, mini_many);

  auto asks = root.spawn<requester>("requester");
  auto answers = root.spawn<answerer>("answerer");
  mini::answerer mini_answerer;
  mini::requester mini_requester{&mini_answerer};
  constexpr std::uint64_t requests = 300'000;
  const auto awaited = [&] { return timed<await_answers>(client, asks, requests, answers, requests); };
  const auto chained = [&] { return timed<chain_answers>(client, asks, requests, answers, requests); };
  const auto mini_requests = [&] {
    mini_requester.left = requests;
    return cpu_ns_per(requests, [&] {
      mini::loop.send(mini::handle_square, &mini_answerer, mini::square{requests, &mini_requester});
      mini::loop.run();
    });
  };
  co_await compare_awaited(suite, "request_response_awaited", "cpu_ns", "mini_runtime", awaited,
                           mini_requests);
  co_await compare_awaited(suite, "request_response_then", "cpu_ns", "mini_runtime", chained, mini_requests);

  auto makes = root.spawn<parent>("parent");
  mini::parent mini_parent{0};
  constexpr std::uint64_t made = 200'000;
  const auto in_turn = [&] { return timed<make_in_turn>(client, makes, made, made); };
  const auto mini_in_turn = [&] {
    mini_parent.left = made;
    return cpu_ns_per(made, [&] {
      mini::make(mini_parent);
      mini::loop.run();
    });
  };
  co_await compare_awaited(suite, "create_message_destroy", "cpu_ns", "mini_runtime", in_turn, mini_in_turn);

  if (suite.wants("idle_actor")) {
    constexpr std::uint64_t idle = 1'000'000;
    const double before = resident_bytes();
    const double ns = co_await timed<make_idle>(client, root.spawn<parent>("crowd"), idle, idle);
    suite.tell("idle_actor_create", ns, "cpu_ns", 150);
    suite.tell("idle_actor_bytes", (resident_bytes() - before) / static_cast<double>(idle), "bytes", 192);
  }
}

}  // namespace patterns

int main(int argc, char** argv) {
  vr::benchmark::pin(0);
  return vr::benchmark::main<patterns::app>(argc, argv, patterns::measure);
}
