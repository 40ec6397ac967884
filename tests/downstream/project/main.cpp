#include "greeter.hpp"

#include <iostream>

#include <viceroy/viceroy.hpp>

namespace vr = viceroy;

using app = vr::application<"downstream", vr::actors<greeter>>;

vr::task<void> downstream(vr::runtime<app>& rt) {
  auto root = vr::proc<app>::direct(rt, vr::transport::unix_domain, "root");
  auto client = root.instance("client");
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("procs", 2));
  auto greeters = co_await procs.spawn<greeter>(client, "greeter");

  auto [port, inbox] = client.open_once_port<std::string>();
  greeters.cast<greet>(client, port.bind());
  const std::string answer = co_await inbox.recv();
  std::cout << "downstream: " << answer << '\n';
}

VICEROY_MAIN(app, downstream)
