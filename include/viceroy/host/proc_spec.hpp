// proc_spec: what a host agent makes a proc from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viceroy/host/bootstrap_command.hpp"
#include "viceroy/id/transport.hpp"
#include "viceroy/proc/resource.hpp"

namespace viceroy {

struct proc_spec {
  static constexpr auto name = "viceroy::proc_spec";
  viceroy::transport transport = viceroy::transport::unix_domain;
  bool in_process = false;  // a proc of the host's own process instead of a child
  std::string program;      // the bootstrap command's parts; an empty program is the host's default
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
};

// Ends a host: its children stop, then it answers with what could not be stopped (empty: all are gone), then
// its front door closes.
struct shutdown_host {
  static constexpr auto name = "viceroy::shutdown_host";
  std::uint32_t timeout_ms = 0;
  port_ref<rank_status> reply;  // stopped; or failed, with the sentence of what could not be stopped
};

}  // namespace viceroy
