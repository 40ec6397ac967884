// The canonical mesh: client → allocator → hosts → procs → actors → cast → reply → shutdown, told step by step.
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <viceroy/viceroy.hpp>

namespace vr = viceroy;

struct get_actor_id {                         // a message is a plain struct
  vr::once_port_ref<vr::actor_id> reply;
};
struct get_processes {};                      // its handler returns a value: a call answers with it

struct test_actor {                           // an actor lists what it handles
  using handles = vr::messages<get_actor_id, get_processes>;

  void handle(vr::context<test_actor>& cx, get_actor_id m) { m.reply.send(cx, cx.self().id()); }
  std::pair<int, int> handle(vr::context<test_actor>&, get_processes) { return {::getpid(), ::getppid()}; }
};

using app = vr::application<"canonical", vr::actors<test_actor>>;

auto last = std::chrono::steady_clock::now();
void tell(const auto&... what) {              // what happened, and how long it took
  const auto now = std::chrono::steady_clock::now();
  std::cout << '[' << std::chrono::duration_cast<std::chrono::microseconds>(now - last).count() << " us] ";
  (std::cout << ... << what) << std::endl;
  last = now;
}

vr::task<void> canonical(vr::runtime<app>& rt) {
  auto root   = vr::proc<app>::direct(rt, vr::transport::unix_domain, "root");
  auto client = root.instance("client");                                       // client mode: no loop of its own
  tell("client ", client.id(), " in process ", ::getpid());

  auto allocator = vr::process_allocator(vr::bootstrap_command::self());
  auto alloc     = co_await allocator.allocate(vr::alloc_spec(vr::dim("replicas", 1), vr::transport::unix_domain));

  auto hosts  = co_await vr::host_mesh<app>::allocate(client, std::move(alloc), "test");   // optional fourth: the procs' command
  tell("host agent ", hosts.values().front());
  auto procs  = co_await hosts.spawn(client, "p0", vr::extent::unity());
  tell("proc ", procs.values().front());
  auto actors = co_await procs.spawn<test_actor>(client, "a0");
  tell("actor ", actors.values().front());

  auto [port, inbox] = client.open_once_port<vr::actor_id>();
  actors.cast<get_actor_id>(client, port.bind());
  vr::actor_id id = co_await inbox.recv();
  tell("got      ", id);
  tell("expected ", actors.values().front().id());
  if (id != actors.values().front().id()) throw std::logic_error("another actor answered");

  auto processes = co_await actors.call_one<get_processes>(client);
  tell("the actor runs in process ", processes.first, ", its host in process ", processes.second);
  co_await hosts.shutdown(client);
  tell("shut down: both processes are gone");
}

VICEROY_MAIN(app, canonical)                  // the same binary is the child's entry point
