// process_options: everything a parent decides about one child before it starts.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/host/bootstrap_command.hpp"

namespace viceroy {

// Says what to start and how; what is not set has its default.
struct process_options {
  explicit process_options(bootstrap_command what) : command(std::move(what)) {}

  bootstrap_command command;
  bootstrap_command::environment_type
      environment;                  // on top of the command's own; the last of one name counts
  std::vector<std::byte> secret;    // handed over the lifeline; at most limit::lifeline_secret_bytes
  std::vector<std::string> prefix;  // a tool to start it under: command_prefix(rank)
  std::string output_prefix;        // before each of its lines that is written through
  bool write_through = true;        // its output appears on our stdout and stderr
};

}  // namespace viceroy
