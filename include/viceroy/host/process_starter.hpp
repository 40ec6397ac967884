// process_starter: the seam between a launcher and the operating system: starts one process, signals it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/host/process_exit.hpp"
#include "viceroy/host/process_options.hpp"

namespace viceroy {

// One process that was started. Destroying it kills the process's group if it still runs, and its exit is not
// told any more.
class started_process {
 public:
  virtual ~started_process() = default;
  virtual std::int64_t pid() const = 0;
  virtual void terminate() = 0;  // SIGTERM, to the group
  virtual void kill_now() = 0;   // SIGKILL, to the group
  virtual std::vector<std::string> last_lines() const = 0;
};

// Implemented over child_process, and by worlds that pretend. Threads: the loop's.
class process_starter {
 public:
  virtual ~process_starter() = default;

  // Starts a process; `on_exit` is called once, never from within a call, and may destroy the process's
  // object. Errors: spawn_failed, bad_input, system.
  virtual owned<started_process> start(const process_options& what,
                                       callback<void(const process_exit&)> on_exit) = 0;
};

}  // namespace viceroy
