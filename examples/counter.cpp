// The everyday form: procs of this host, a typed constructor argument, casts and calls, a slice, a limit.
#include <chrono>
#include <iostream>
#include <viceroy/viceroy.hpp>

namespace vr = viceroy;
using namespace std::chrono_literals;

struct add {
  long n;
};
struct get {};

struct counter_actor {
  using handles = vr::messages<add, get>;
  using params  = long;                       // what it is made from: spawn's trailing argument
  explicit counter_actor(long start) : value(start) {}

  void handle(vr::context<counter_actor>& cx, add m) { value += m.n + cx.rank(); }
  long handle(vr::context<counter_actor>&, get) { return value; }

  long value;
};

using app = vr::application<"counter", vr::actors<counter_actor>>;

vr::task<void> count(vr::runtime<app>& rt) {
  auto client  = vr::proc<app>::direct(rt, vr::transport::unix_domain, "root").instance("client");
  auto procs   = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 8));
  auto counter = co_await procs.spawn<counter_actor>(client, "counter", 1);

  counter.cast<add>(client, 5);                                       // every rank, no answer
  auto values = co_await counter.call<get>(client);                   // one value per rank
  for (long v : values) std::cout << v << ' ';
  std::cout << '\n';

  auto one = co_await counter.slice("gpus", 3).call_one<get>(client);  // a single rank's answer
  std::cout << "gpu 3 has " << one << '\n';

  auto soon = co_await vr::within(2000ms, counter.call<get>(client));  // its error would name the ranks that did not answer
  std::cout << "gpu 7 has " << soon[7] << '\n';
  co_await procs.stop(client);
}

VICEROY_MAIN(app, count)
