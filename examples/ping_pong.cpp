// Two meshes that talk to each other: a ball between processes, without the client.
#include <iostream>
#include <viceroy/viceroy.hpp>

namespace vr = viceroy;

struct ball {
  long left;
  vr::port_ref<long> done;
};
struct player;
struct meet {
  vr::actor_ref<player> other;                // a ref travels in a message, even while its actor is incomplete
};

struct player {
  using handles = vr::messages<meet, ball>;
  void handle(vr::context<player>&, meet m) { other = m.other; }
  void handle(vr::context<player>& cx, ball b) {
    ++hits;
    if (b.left == 0) {
      b.done.send(cx, hits);
    } else {
      other.send<ball>(cx, b.left - 1, b.done);
    }
  }
  vr::actor_ref<player> other;
  long hits = 0;
};

using app = vr::application<"ping_pong", vr::actors<player>>;

vr::task<void> play(vr::runtime<app>& rt) {
  auto client = vr::proc<app>::direct(rt, vr::transport::unix_domain, "root").instance("client");
  auto host   = vr::this_host<app>(client);
  auto left   = co_await host.spawn_procs(vr::dim("courts", 2));
  auto right  = co_await host.spawn_procs(vr::dim("courts", 2));
  auto pings  = co_await left.spawn<player>(client, "ping");
  auto pongs  = co_await right.spawn<player>(client, "pong");

  auto [port, inbox] = client.open_port<long>();
  for (std::size_t court = 0; court != 2; ++court) {
    co_await pings.values()[court].call<meet>(client, pongs.values()[court]);  // nobody plays before all have met
    co_await pongs.values()[court].call<meet>(client, pings.values()[court]);
  }
  pings.cast<ball>(client, 1000, port.bind());
  for (int court = 0; court != 2; ++court) std::cout << "hits of the last player: " << co_await inbox.recv() << std::endl;

  co_await left.stop(client);
  co_await right.stop(client);
}

VICEROY_MAIN(app, play)
