// A message sent and handled within one loop, against a mini runtime with as many actors and bytes: two
// actors that play ping-pong, and one that counts what another sends in windows. Viceroy's run on the loop of
// a runtime, the baseline between its turns. What the messages allocate is counted: both must need nothing.
#include <cstddef>
#include <cstdint>

#include "allocations.hpp"
#include "harness_awaited.hpp"
#include "mini_runtime.hpp"

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
  std::uint64_t sum;
};

struct player;
struct meet {
  vr::actor_ref<player> other;
  vr::once_port_ref<result> done;
};
// Sends the ball back until it is worn out.
struct player {
  using handles = vr::messages<meet, ball>;
  void handle(vr::context<player>&, const meet& m) {
    other = m.other;
    done = m.done;
    allocated = vr::benchmark::allocations;
  }
  void handle(vr::context<player>& cx, const ball& b) {
    if (b.left == 0) return finish(cx, 0);
    other.send<ball>(cx, b.left - 1);
  }
  // Apart, so that the handler is as small as the baseline's.
  [[gnu::noinline]] void finish(vr::context<player>& cx, std::uint64_t sum) const {
    done.send(cx, result{vr::benchmark::allocations - allocated, sum});
  }
  vr::actor_ref<player> other;
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
    done.send(cx, result{vr::benchmark::allocations - allocated, sum});
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
  allocated = vr::benchmark::allocations;
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
  a.send<meet>(client, b, port.bind());
  b.send<meet>(client, a, port.bind());
  const double begin = vr::benchmark::cpu_ns();
  a.send<ball>(client, count);
  const result r = co_await inbox.recv();
  const double took = vr::benchmark::cpu_ns() - begin;
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
  vr::benchmark::keep(r.sum);
  allocated = r.allocations;
  co_return took / static_cast<double>(count);
}

}  // namespace send_and_handle

namespace mini {

using namespace send_and_handle;

struct player {
  player* other;
};
void handle_ball(void* actor, node& n) {
  const std::uint64_t left = n.payload<ball>().left;
  if (left != 0) loop.send(handle_ball, static_cast<player*>(actor)->other, ball{left - 1});
}

struct producer;
struct consumer {
  producer* from;
  std::uint64_t sum = 0, left = 0;
};
struct producer {
  consumer* to;
};
void handle_refill(void* actor, node& n);
void handle_item(void* actor, node& n) {
  auto& self = *static_cast<consumer*>(actor);
  self.sum += n.payload<item>().number;
  if (--self.left % window == 0 && self.left != 0) loop.send(handle_refill, self.from, refill{window});
}
void handle_refill(void* actor, node& n) {
  const std::uint64_t count = n.payload<refill>().count;
  for (std::uint64_t i = 0; i != count; ++i)
    loop.send(handle_item, static_cast<producer*>(actor)->to, item{i});
}

}  // namespace mini

namespace send_and_handle {

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  using vr::benchmark::cpu_ns_per;
  auto root = vr::proc<app>::direct(rt, vr::transport::in_process, "root");
  auto client = root.instance("client");
  std::uint64_t allocated = 0;

  auto a = root.spawn<player>("a");
  auto b = root.spawn<player>("b");
  mini::player mini_a{}, mini_b{&mini_a};
  mini_a.other = &mini_b;
  const auto play = [&] { return ping_pong(client, a, b, allocated); };
  const auto mini_play = [&] {
    return cpu_ns_per(count, [&] {
      mini::loop.send(mini::handle_ball, &mini_a, ball{count});
      mini::loop.run();
    });
  };
  co_await vr::benchmark::compare_awaited(suite, "in_loop_ping_pong", "cpu_ns", "mini_runtime", play,
                                          mini_play);
  suite.tell("in_loop_ping_pong_allocations", static_cast<double>(allocated), "allocations", 0);

  auto from = root.spawn<producer>("producer");
  auto to = root.spawn<consumer>("consumer");
  mini::consumer mini_to{};
  mini::producer mini_from{&mini_to};
  mini_to.from = &mini_from;
  const auto tally = [&] { return counting(client, from, to, allocated); };
  const auto mini_tally = [&] {
    mini_to.left = count;
    return cpu_ns_per(count, [&] {
      mini::loop.send(mini::handle_refill, &mini_from, refill{window});
      mini::loop.run();
    });
  };
  co_await vr::benchmark::compare_awaited(suite, "in_loop_counting", "cpu_ns", "mini_runtime", tally,
                                          mini_tally);
  suite.tell("in_loop_counting_allocations", static_cast<double>(allocated), "allocations", 0);
  vr::benchmark::keep(mini_to.sum);
}

}  // namespace send_and_handle

int main(int argc, char** argv) {
  vr::benchmark::pin(0);
  return vr::benchmark::main<send_and_handle::app>(argc, argv, send_and_handle::measure);
}
