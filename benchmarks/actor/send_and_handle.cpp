// A message sent and handled within one loop, against a mini runtime with as many actors and bytes: two
// actors that play ping-pong, and one that counts what another sends in windows. Viceroy's run on the loop of
// a runtime, the baselines between its turns. What the messages allocate is counted: both must need nothing.
// The mini runtime is measured itself, against a bare ring of slots; with peers, CAF plays both.
#include <cstddef>
#include <cstdint>

#include "harness_awaited.hpp"
#include "mini_runtime.hpp"
#include "support/allocations.hpp"
#ifdef VICEROY_BENCHMARK_PEERS
#include "caf_peer.hpp"
#endif

namespace vr = viceroy;

namespace send_and_handle {

constexpr std::uint64_t count = 4'000'000;
constexpr std::uint64_t window = 256;  // messages on their way while one counts

struct ball {
  std::uint64_t left;
};
struct item {
  std::uint64_t number;
};
struct refill {
  std::uint64_t count;
};

// What a round took: measured by the actors, from their first message to their last.
struct result {
  std::uint64_t allocations;
  std::uint64_t sum;  // of the items, or which player got the ball that was worn out
};
constexpr std::uint64_t last_player = count % 2;
constexpr std::uint64_t sum_of_items = count / window * (window * (window - 1) / 2);
static_assert(count % window == 0);

struct player;
struct meet {
  vr::actor_ref<player> other;
  std::uint64_t place;
  vr::once_port_ref<result> done;
};
// Sends the ball back until it is worn out.
struct player {
  using handles = vr::messages<meet, ball>;
  void handle(vr::context<player>&, const meet& m) {
    other = m.other;
    place = m.place;
    done = m.done;
    allocated = allocations::count;
  }
  void handle(vr::context<player>& cx, const ball& b) {
    if (b.left == 0) return finish(cx);
    other.send<ball>(cx, b.left - 1);
  }
  // Apart, so that the handler is as small as the baseline's.
  [[gnu::noinline]] void finish(vr::context<player>& cx) const {
    done.send(cx, result{allocations::count - allocated, place});
  }
  vr::actor_ref<player> other;
  std::uint64_t place = 0;
  vr::once_port_ref<result> done;
  std::uint64_t allocated = 0;
};

struct producer;
struct begin_counting {
  vr::actor_ref<producer> from;
  vr::once_port_ref<result> done;
  std::uint64_t count;
};
// Counts; asks for more when a window has arrived.
struct consumer {
  using handles = vr::messages<begin_counting, item>;
  inline void handle(vr::context<consumer>& cx, const begin_counting& b);
  inline void handle(vr::context<consumer>& cx, const item& i);
  [[gnu::noinline]] void finish(vr::context<consumer>& cx) const {
    done.send(cx, result{allocations::count - allocated, sum});
  }
  vr::actor_ref<producer> from;
  vr::once_port_ref<result> done;
  std::uint64_t sum = 0, left = 0, allocated = 0;
};
struct feed {
  vr::actor_ref<consumer> to;
};
struct producer {
  using handles = vr::messages<feed, refill>;
  void handle(vr::context<producer>&, const feed& f) { to = f.to; }
  void handle(vr::context<producer>& cx, const refill& r) {
    for (std::uint64_t i = 0; i != r.count; ++i) to.send<item>(cx, i);
  }
  vr::actor_ref<consumer> to;
};
void consumer::handle(vr::context<consumer>& cx, const begin_counting& b) {
  from = b.from;
  done = b.done;
  left = b.count;
  sum = 0;
  allocated = allocations::count;
  from.send<refill>(cx, window);
}
void consumer::handle(vr::context<consumer>& cx, const item& i) {
  sum += i.number;
  if (--left % window != 0) return;
  if (left == 0) return finish(cx);
  from.send<refill>(cx, window);
}

using app = vr::application<"send_and_handle", vr::actors<player, consumer, producer>>;

vr::task<double> ping_pong(vr::instance& client, vr::actor_ref<player> a, vr::actor_ref<player> b,
                           std::uint64_t& allocated) {
  auto [port, inbox] = client.open_once_port<result>();
  a.send<meet>(client, b, 0u, port.bind());
  b.send<meet>(client, a, 1u, port.bind());
  const double begin = vr::benchmark::cpu_ns();
  a.send<ball>(client, count);
  const result r = co_await inbox.recv();
  const double took = vr::benchmark::cpu_ns() - begin;
  vr::benchmark::expect(r.sum == last_player, "ping-pong");
  allocated = r.allocations;
  co_return took / static_cast<double>(count);
}

vr::task<double> counting(vr::instance& client, vr::actor_ref<producer> from, vr::actor_ref<consumer> to,
                          std::uint64_t& allocated) {
  auto [port, inbox] = client.open_once_port<result>();
  from.send<feed>(client, to);
  const double begin = vr::benchmark::cpu_ns();
  to.send<begin_counting>(client, from, port.bind(), count);
  const result r = co_await inbox.recv();
  const double took = vr::benchmark::cpu_ns() - begin;
  vr::benchmark::expect(r.sum == sum_of_items, "counting");
  allocated = r.allocations;
  co_return took / static_cast<double>(count);
}

}  // namespace send_and_handle

namespace mini {

using namespace send_and_handle;

// Each game on either of the loops: the mini runtime, and the bare ring.
using queue = runtime<sizeof(ball)>;

struct player_state {
  void* other;
  std::uint64_t place;
  std::uint64_t* last;
};
using player = actor<player_state, sizeof(vr::actor_box<send_and_handle::player>)>;
template <class Loop>
void handle_ball(void* to, typename Loop::message& n) {
  auto& self = *static_cast<player*>(to);
  const std::uint64_t left = n.template payload<ball>().left;
  if (left != 0) {
    loop<Loop>.send(handle_ball<Loop>, self.other, ball{left - 1});
  } else {
    *self.last = self.place;
  }
}
template <class Loop>
double play() {
  std::uint64_t last = 2;
  player a{{nullptr, 0, &last}, {}}, b{{&a, 1, &last}, {}};
  a.other = &b;
  const double ns = vr::benchmark::cpu_ns_per(count, [&] {
    loop<Loop>.send(handle_ball<Loop>, &a, ball{count});
    loop<Loop>.run();
  });
  vr::benchmark::expect(last == last_player, "the baseline's ping-pong");
  return ns;
}

struct consumer_state {
  void* from;
  std::uint64_t sum, left;
};
using consumer = actor<consumer_state, sizeof(vr::actor_box<send_and_handle::consumer>)>;
struct producer_state {
  void* to;
};
using producer = actor<producer_state, sizeof(vr::actor_box<send_and_handle::producer>)>;
template <class Loop>
void handle_refill(void* to, typename Loop::message& n);
template <class Loop>
void handle_item(void* to, typename Loop::message& n) {
  auto& self = *static_cast<consumer*>(to);
  self.sum += n.template payload<item>().number;
  if (--self.left % window != 0 || self.left == 0) return;
  loop<Loop>.send(handle_refill<Loop>, self.from, refill{window});
}
template <class Loop>
void handle_refill(void* to, typename Loop::message& n) {
  const std::uint64_t wanted = n.template payload<refill>().count;
  for (std::uint64_t i = 0; i != wanted; ++i)
    loop<Loop>.send(handle_item<Loop>, static_cast<producer*>(to)->to, item{i});
}
template <class Loop>
double tally() {
  consumer to{{nullptr, 0, count}, {}};
  producer from{{&to}, {}};
  to.from = &from;
  const double ns = vr::benchmark::cpu_ns_per(count, [&] {
    loop<Loop>.send(handle_refill<Loop>, &from, refill{window});
    loop<Loop>.run();
  });
  vr::benchmark::expect(to.sum == sum_of_items, "the baseline's counting");
  return ns;
}

}  // namespace mini

#ifdef VICEROY_BENCHMARK_PEERS
namespace caf_peer {

constexpr number throws = 1'000'000, items = throws / send_and_handle::window * send_and_handle::window;

double ping_pong(workers& caf) {
  caf::scoped_actor self{caf.system()};
  const auto me = caf::actor_cast<caf::actor>(self);
  const partner a = caf.system().spawn(passes_on, me, number{0}),
                b = caf.system().spawn(passes_on, me, number{1});
  introduce(a, b);
  introduce(b, a);
  caf.begin();
  caf::anon_send(a, throws);
  const number last = receive(self);
  const double ns = caf.end(throws);
  vr::benchmark::expect(last == throws % 2, "CAF's ping-pong");
  end(a);
  end(b);
  return ns;
}

struct consumer_state {
  partner from;
  number sum = 0, left = items;
};
partner::behavior_type consumer(partner::stateful_pointer<consumer_state> self, caf::actor done) {
  return {[=](number item) {
            auto& state = self->state;
            state.sum += item;
            if (--state.left % send_and_handle::window != 0) return;
            if (state.left != 0) {
              self->send(state.from, number{send_and_handle::window});
            } else {
              caf::anon_send(done, state.sum);
            }
          },
          [=](caf::link_atom, const caf::actor& from) { self->state.from = caf::actor_cast<partner>(from); }};
}
partner::behavior_type producer(partner::stateful_pointer<partner_state> self) {
  return {
      [=](number wanted) {
        for (number i = 0; i != wanted; ++i) self->send(self->state.other, i);
      },
      [=](caf::link_atom, const caf::actor& other) { self->state.other = caf::actor_cast<partner>(other); }};
}
double counting(workers& caf) {
  caf::scoped_actor self{caf.system()};
  const auto me = caf::actor_cast<caf::actor>(self);
  const partner to = caf.system().spawn(consumer, me), from = caf.system().spawn(producer);
  introduce(to, from);
  introduce(from, to);
  caf.begin();
  caf::anon_send(from, number{send_and_handle::window});
  const number sum = receive(self);
  const double ns = caf.end(items);
  constexpr number window = send_and_handle::window;
  vr::benchmark::expect(sum == items / window * (window * (window - 1) / 2), "CAF's counting");
  end(to);
  end(from);
  return ns;
}

}  // namespace caf_peer
#endif

namespace send_and_handle {

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  using vr::benchmark::compare_awaited;
  constexpr auto limit = vr::benchmark::ratio_within(2.5);
  auto root = vr::proc<app>::direct(rt, vr::transport::in_process, "root");
  auto client = root.instance("client");
  std::uint64_t allocated = 0;

  auto a = root.spawn<player>("a");
  auto b = root.spawn<player>("b");
  const auto play = [&] { return ping_pong(client, a, b, allocated); };
  co_await compare_awaited(suite, "in_loop_ping_pong", "cpu_ns", "mini_runtime", play,
                           mini::play<mini::queue>, limit);
  suite.tell("in_loop_ping_pong_allocations", static_cast<double>(allocated), "allocations", 0);
  suite.compare("mini_runtime_ping_pong", "cpu_ns", "bare_ring", mini::play<mini::queue>,
                mini::play<mini::bare_ring>);
#ifdef VICEROY_BENCHMARK_PEERS
  co_await caf_peer::compare(suite, "in_loop_ping_pong", play, caf_peer::ping_pong, 15);
#endif

  auto from = root.spawn<producer>("producer");
  auto to = root.spawn<consumer>("consumer");
  const auto tally = [&] { return counting(client, from, to, allocated); };
  co_await compare_awaited(suite, "in_loop_counting", "cpu_ns", "mini_runtime", tally,
                           mini::tally<mini::queue>, limit);
  suite.tell("in_loop_counting_allocations", static_cast<double>(allocated), "allocations", 0);
  suite.compare("mini_runtime_counting", "cpu_ns", "bare_ring", mini::tally<mini::queue>,
                mini::tally<mini::bare_ring>);
#ifdef VICEROY_BENCHMARK_PEERS
  co_await caf_peer::compare(suite, "in_loop_counting", tally, caf_peer::counting, 15);
#endif
}

}  // namespace send_and_handle

int main(int argc, char** argv) {
  vr::benchmark::pin(0);
  return vr::benchmark::main<send_and_handle::app>(argc, argv, send_and_handle::measure);
}
