// A parent that is not executed again: its children run the bootstrap main that Meson made from the application's header.
#include "generated_bootstrap.hpp"

#include <iostream>

using generated_bootstrap::app;
namespace vr = viceroy;

vr::task<void> parent(vr::runtime<app>& rt) {
  const std::string self = rt.arguments().front();
  const auto child       = vr::bootstrap_command(self.substr(0, self.rfind('/') + 1) + "generated_bootstrap_child");
  auto client = vr::proc<app>::direct(rt, vr::transport::unix_domain, "root").instance("client");
  auto alloc  = co_await vr::process_allocator(child).allocate(vr::alloc_spec(vr::dim("hosts", 1)));
  auto hosts  = co_await vr::host_mesh<app>::allocate(client, std::move(alloc), "hosts");
  auto procs  = co_await hosts.spawn(client, "procs", vr::dim("gpus", 2));
  auto actors = co_await procs.spawn<generated_bootstrap::reporter>(client, "reporter");
  auto names  = co_await actors.call<generated_bootstrap::which_program>(client);
  for (const std::string& name : names) std::cout << "an actor runs in " << name << '\n';
  co_await hosts.shutdown(client);
}

VICEROY_MAIN(app, parent)
