// Actors that are made and end within one loop, against a mini runtime with as many actors, messages and
// bytes: one made, told one thing and ended, and then the next; 40 000 made at once, told, counted and ended
// (fork-join); a tree of 1 111 111 in which each adds up what its ten children say (skynet); and what a
// million idle actors take. With peers, CAF does the same.
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <vector>

#include "harness_awaited.hpp"
#include "mini_runtime.hpp"
#ifdef VICEROY_BENCHMARK_PEERS
#include <malloc.h>

#include <atomic>

#include "caf_peer.hpp"
#endif

namespace vr = viceroy;

namespace create {

using count_ref = vr::once_port_ref<std::uint64_t>;

// Create, tell, end; and many that do nothing.
constexpr std::uint64_t made = 200'000, joined = 40'000, idle = 1'000'000;
struct parent;
struct work {
  vr::actor_ref<parent> from;
  std::uint64_t number;
};
struct finished {
  std::uint64_t number;
};
struct child {
  using handles = vr::messages<work>;
  inline void handle(vr::context<child>& cx, const work& w);
};
struct make_in_turn {
  std::uint64_t count;
  count_ref done;
};
struct make_at_once {
  std::uint64_t count;
  count_ref done;
};
struct make_idle {
  std::uint64_t count;
  count_ref done;
};
struct parent {
  using handles = vr::messages<make_in_turn, make_at_once, make_idle, finished>;
  void handle(vr::context<parent>& cx, const make_in_turn& m) {
    begin(m.count, m.done, true);
    make(cx, left);
  }
  void handle(vr::context<parent>& cx, const make_at_once& m) {
    begin(m.count, m.done, false);
    for (std::uint64_t i = m.count; i != 0; --i) make(cx, i);
  }
  void handle(vr::context<parent>& cx, const make_idle& m) {
    for (std::uint64_t i = 0; i != m.count; ++i) cx.spawn<child>();
    m.done.send(cx, m.count);
  }
  void handle(vr::context<parent>& cx, const finished& f) {
    sum += f.number;
    if (--left == 0) {
      done.send(cx, sum);
    } else if (in_turn) {
      make(cx, left);
    }
  }
  void begin(std::uint64_t count, count_ref to, bool one_by_one) {
    left = count;
    done = to;
    in_turn = one_by_one;
    sum = 0;
  }
  void make(vr::context<parent>& cx, std::uint64_t number) {
    cx.spawn<child>().send<work>(cx, cx.self(), number);
  }
  std::uint64_t left = 0, sum = 0;
  count_ref done;
  bool in_turn = false;
};
void child::handle(vr::context<child>& cx, const work& w) {
  w.from.send<finished>(cx, w.number);
  cx.stop();
}

// Skynet: a node has ten children and adds up what they say, a leaf says its number; the first tells the sum.
constexpr std::uint64_t leaves = 1'000'000, children = 10, all_nodes = 1'111'111;
constexpr std::uint64_t sum_of_leaves = leaves * (leaves - 1) / 2;
struct sky;
struct grow {
  vr::actor_ref<sky> parent;
  std::uint64_t first, size;  // the leaves below
};
struct grow_all {
  std::uint64_t size;
  count_ref done;
};
struct subtotal {
  std::uint64_t sum;
};
struct sky {
  using handles = vr::messages<grow_all, grow, subtotal>;
  void handle(vr::context<sky>& cx, const grow_all& g) {
    done = std::make_unique<count_ref>(g.done);
    branch(cx, 0, g.size);
  }
  void handle(vr::context<sky>& cx, const grow& g) {
    if (g.size == 1) {
      g.parent.send<subtotal>(cx, g.first);
      cx.stop();
    } else {
      parent = g.parent;
      branch(cx, g.first, g.size / children);
    }
  }
  void handle(vr::context<sky>& cx, const subtotal& s) {
    sum += s.sum;
    if (--left != 0) return;
    if (done) {
      done->send(cx, sum);
    } else {
      parent.send<subtotal>(cx, sum);
    }
    cx.stop();
  }
  void branch(vr::context<sky>& cx, std::uint64_t first, std::uint64_t size) {
    for (std::uint64_t i = 0; i != children; ++i)
      cx.spawn<sky>().send<grow>(cx, cx.self(), first + i * size, size);
  }
  vr::actor_ref<sky> parent;
  std::unique_ptr<count_ref> done;
  std::uint64_t left = children, sum = 0;
};

using app = vr::application<"create", vr::actors<child, parent, sky>>;

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double all = 0, resident = 0;
  in >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace create

namespace mini {

template <class State, class Of>
using like = actor<State, sizeof(vr::actor_box<Of>)>;

// Actors come from malloc.
struct parent;
struct nothing {};
using child = like<nothing, create::child>;
struct work {
  ref<parent> from;
  std::uint64_t number;
};
static_assert(sizeof(work) == sizeof(create::work));
struct finished {
  std::uint64_t number;
  child* who;  // to be ended
};
using create_loop = runtime<sizeof(work)>;
struct parent {
  std::uint64_t left, sum;
  bool in_turn;
};
void handle_work(void* to, node& n);
void make(parent& p, std::uint64_t number) {
  loop<create_loop>.send(handle_work, new child, work{{&p, {}}, number});
}
void handle_finished(void* to, node& n) {
  const finished f = n.payload<finished>();
  delete f.who;
  auto& p = *static_cast<parent*>(to);
  p.sum += f.number;
  if (--p.left != 0 && p.in_turn) make(p, p.left);
}
void handle_work(void* to, node& n) {
  const work& w = n.payload<work>();
  loop<create_loop>.send(handle_finished, w.from.to, finished{w.number, static_cast<child*>(to)});
}

struct sky_state {
  void* parent;
  std::uint64_t left, sum;
};
struct sky : like<sky_state, create::sky> {};
struct grow {
  ref<sky> parent;
  std::uint64_t first, size;
};
static_assert(sizeof(grow) == sizeof(create::grow));
struct subtotal {
  std::uint64_t sum;
};
using sky_loop = runtime<sizeof(grow)>;
void handle_subtotal(void* to, node& n);
void handle_grow(void* to, node& n) {
  auto& self = *static_cast<sky*>(to);
  const grow& g = n.payload<grow>();
  if (g.size == 1) {
    loop<sky_loop>.send(handle_subtotal, g.parent.to, subtotal{g.first});
    delete &self;
    return;
  }
  self.parent = g.parent.to;
  self.left = create::children;
  self.sum = 0;
  const std::uint64_t first = g.first, size = g.size / create::children;
  for (std::uint64_t i = 0; i != create::children; ++i)
    loop<sky_loop>.send(handle_grow, new sky, grow{{&self, {}}, first + i * size, size});
}
void handle_subtotal(void* to, node& n) {
  auto& self = *static_cast<sky*>(to);
  self.sum += n.payload<subtotal>().sum;
  if (--self.left != 0) return;
  if (self.parent == nullptr) return;  // the first is looked at, and deleted, by who made it
  loop<sky_loop>.send(handle_subtotal, self.parent, subtotal{self.sum});
  delete &self;
}

}  // namespace mini

#ifdef VICEROY_BENCHMARK_PEERS
namespace caf_peer {

constexpr number made = 100'000, joined = create::joined;

using counter = caf::typed_actor<caf::reacts_to<number>>;
counter::behavior_type child(counter::pointer self, counter parent) {
  return {[=](number n) {
    self->send(parent, n);
    self->quit();
  }};
}
struct parent_state {
  number left = 0, sum = 0;
};
// Makes as many as it is told (0 is no child's number), then adds up what they say: one by one, or all at
// once.
using parent_actor = caf::typed_actor<caf::reacts_to<number>, caf::reacts_to<caf::put_atom, number>>;
parent_actor::behavior_type parent(parent_actor::stateful_pointer<parent_state> self, caf::actor done,
                                   bool in_turn) {
  const auto make = [=](number n) { self->anon_send(self->spawn(child, caf::actor_cast<counter>(self)), n); };
  return {[=](number n) {
            auto& state = self->state;
            state.sum += n;
            if (--state.left == 0) {
              caf::anon_send(done, state.sum);
            } else if (in_turn) {
              make(state.left);
            }
          },
          [=](caf::put_atom, number count) {
            self->state.left = count;
            for (number n = count; n != (in_turn ? count - 1 : 0); --n) make(n);
          }};
}
double make(workers& caf, number count, bool in_turn) {
  caf::scoped_actor self{caf.system()};
  const parent_actor makes = caf.system().spawn(parent, caf::actor_cast<caf::actor>(self), in_turn);
  caf.begin();
  caf::anon_send(makes, caf::put_atom::value, count);
  const number sum = receive(self);
  const double ns = caf.end(count);
  vr::benchmark::expect(sum == count * (count + 1) / 2, "CAF's children");
  end(makes);
  return ns;
}

counter::behavior_type sky(counter::stateful_pointer<parent_state> self, counter parent, number first,
                           number size) {
  if (size == 1) {
    self->send(parent, first);
    self->quit();
    return {[](number) {}};
  }
  self->state.left = create::children;
  const number each = size / create::children;
  for (number i = 0; i != create::children; ++i)
    self->spawn(sky, caf::actor_cast<counter>(self), first + i * each, each);
  return {[=](number sum) {
    auto& state = self->state;
    state.sum += sum;
    if (--state.left != 0) return;
    self->send(parent, state.sum);
    self->quit();
  }};
}
counter::behavior_type tell(counter::pointer self, caf::actor done) {
  return {[=](number sum) {
    caf::anon_send(done, sum);
    self->quit();
  }};
}
double skynet(workers& caf) {
  caf::scoped_actor self{caf.system()};
  const counter top = caf.system().spawn(tell, caf::actor_cast<caf::actor>(self));
  caf.begin();
  caf.system().spawn(sky, top, number{0}, number{create::leaves});
  const number sum = receive(self);
  const double ns = caf.end(create::all_nodes);
  vr::benchmark::expect(sum == create::sum_of_leaves, "CAF's skynet");
  return ns;
}

double skynet_anew(workers& like) {
  workers own(like.count());
  return skynet(own);
}

// Bytes of an actor that waits for its first message.
double idle_bytes() {
  constexpr number idle = 100'000;
  static std::atomic<number> ready{0};
  workers caf(1);
  std::vector<counter> all;
  all.reserve(idle);
  const double before = create::resident_bytes() + static_cast<double>(idle * sizeof(counter));
  for (number i = 0; i != idle; ++i)
    all.push_back(caf.system().spawn([](counter::pointer) -> counter::behavior_type {
      ++ready;
      return {[](number) {}};
    }));
  while (ready != idle) ::sched_yield();
  const double bytes = (create::resident_bytes() - before) / static_cast<double>(idle);
  for (const counter& each : all) end(each);
  return bytes;
}

}  // namespace caf_peer
#endif

namespace create {

using vr::benchmark::compare_awaited, vr::benchmark::cpu_ns_per, vr::benchmark::expect;

// Sends M with a port at its end, and returns the time until that has the expected answer, for each of
// `count`.
template <class M, class A, class... F>
vr::task<double> timed(vr::instance& client, vr::actor_ref<A> to, std::uint64_t count, std::uint64_t expected,
                       F... fields) {
  auto [port, inbox] = client.open_once_port<std::uint64_t>();
  const double start = vr::benchmark::cpu_ns();
  to.template send<M>(client, fields..., port.bind());
  const std::uint64_t got = co_await inbox.recv();
  const double ns = (vr::benchmark::cpu_ns() - start) / static_cast<double>(count);
  expect(got == expected, "what was created");
  co_return ns;
}

double mini_children(std::uint64_t count, bool in_turn) {
  mini::parent p{count, 0, in_turn};
  const double ns = cpu_ns_per(count, [&] {
    for (std::uint64_t i = count; i != (in_turn ? count - 1 : 0); --i) mini::make(p, i);
    mini::loop<mini::create_loop>.run();
  });
  expect(p.sum == count * (count + 1) / 2, "the baseline's children");
  return ns;
}

double mini_skynet() {
  auto* const root = new mini::sky;
  const double ns = cpu_ns_per(all_nodes, [&] {
    mini::loop<mini::sky_loop>.send(mini::handle_grow, root, mini::grow{{nullptr, {}}, 0, leaves});
    mini::loop<mini::sky_loop>.run();
  });
  expect(root->sum == sum_of_leaves, "the baseline's skynet");
  delete root;
  return ns;
}

vr::task<double> skynet(vr::instance& client) {
  return timed<grow_all>(client, client.spawn<sky>(), all_nodes, sum_of_leaves, leaves / children);
}
vr::task<double> skynet_in(vr::runtime<app>& rt) {
  auto client = vr::proc<app>::direct(rt, vr::transport::in_process, "sky").instance("client");
  co_return co_await skynet(client);
}

// A million actors that do nothing, in memory that is fresh from the kernel. It is not the machine's first:
// what a virtual machine has never touched its host has to find, which takes fifty times as long as a page
// fault.
vr::task<double> idle_in(vr::runtime<app>& rt) {
  auto client = vr::proc<app>::direct(rt, vr::transport::in_process, "idle").instance("client");
  co_return co_await timed<make_idle>(client, client.spawn<parent>(), idle, idle, idle);
}

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  constexpr auto most = vr::benchmark::value_within(150);
  auto root = vr::proc<app>::direct(rt, vr::transport::in_process, "root");
  auto client = root.instance("client");

  // Before all others, whose memory would be used again.
  if (suite.wants("idle_actor")) {
#ifdef VICEROY_BENCHMARK_PEERS
    const double caf_bytes = caf_peer::idle_bytes();
    ::malloc_trim(0);  // its memory is nobody's
#endif
    const double before = resident_bytes();
    auto crowd = client.spawn<parent>();
    co_await timed<make_idle>(client, crowd, idle, idle, idle);
    const double bytes = (resident_bytes() - before) / static_cast<double>(idle);
    suite.tell("idle_actor_bytes", bytes, "bytes", 192);
#ifdef VICEROY_BENCHMARK_PEERS
    vr::benchmark::suite::pairs to_caf;
    to_caf.add(bytes, caf_bytes);
    suite.report("idle_actor_bytes_to_caf", "bytes", caf_peer::version(), to_caf);
#endif
    client.stop(crowd);
    std::vector<double> times;
    for (int i = -1; i != suite.repeats(); ++i) {
      vr::runtime<app> fresh;
      fresh.limits().watchdog = {};
      const double ns = vr::block_on(fresh, idle_in(fresh));
      if (i >= 0) times.push_back(ns);
    }
    suite.tell("idle_actor_create", vr::benchmark::median(times), "cpu_ns", 150);
  }

  auto makes = root.spawn<parent>("parent");
  const auto in_turn = [&] { return timed<make_in_turn>(client, makes, made, made * (made + 1) / 2, made); };
  co_await compare_awaited(
      suite, "create_message_destroy", "cpu_ns", "mini_runtime", in_turn,
      [] { return mini_children(made, true); }, most);
#ifdef VICEROY_BENCHMARK_PEERS
  co_await caf_peer::compare(suite, "create_message_destroy", in_turn, [](caf_peer::workers& caf) {
    return caf_peer::make(caf, caf_peer::made, true);
  });
#endif
  const auto fork_join = [&] {
    return timed<make_at_once>(client, makes, joined, joined * (joined + 1) / 2, joined);
  };
  co_await compare_awaited(
      suite, "fork_join_create_40000", "cpu_ns", "mini_runtime", fork_join,
      [] { return mini_children(joined, false); }, most);
#ifdef VICEROY_BENCHMARK_PEERS
  co_await caf_peer::compare(suite, "fork_join_create_40000", fork_join, [](caf_peer::workers& caf) {
    return caf_peer::make(caf, caf_peer::joined, false);
  });
#endif

  // As in the Savina suite each in a runtime of its own; then again and again in one.
  const auto anew = []() -> vr::task<double> {
    vr::runtime<app> fresh;
    fresh.limits().watchdog = {};
    co_return vr::block_on(fresh, skynet_in(fresh));
  };
  const auto again = [&] { return skynet(client); };
  constexpr auto most_sky = vr::benchmark::value_within(140);
  co_await compare_awaited(suite, "skynet_1000000", "cpu_ns", "mini_runtime", anew, mini_skynet, most_sky);
#ifdef VICEROY_BENCHMARK_PEERS
  co_await caf_peer::compare(suite, "skynet_1000000", anew, caf_peer::skynet_anew, 10);
#endif
  co_await compare_awaited(suite, "skynet_1000000_again", "cpu_ns", "mini_runtime", again, mini_skynet,
                           most_sky);
#ifdef VICEROY_BENCHMARK_PEERS
  co_await caf_peer::compare(suite, "skynet_1000000_again", again, caf_peer::skynet, 10);
#endif
}

}  // namespace create

int main(int argc, char** argv) {
  vr::benchmark::pin(0);
  return vr::benchmark::main<create::app>(argc, argv, create::measure);
}
