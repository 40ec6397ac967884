// proc_manager: how a host makes its procs: in child processes, or in its own process.
#pragma once

#include "viceroy/host/launcher.hpp"
#include "viceroy/host/proc_spec.hpp"

namespace viceroy {

// Makes and ends procs for a host agent, which does the bookkeeping. Each proc's life is told by the events
// of a launcher. Destroying it ends at once what still runs. Threads: the loop's.
class proc_manager {
 public:
  using events = launcher::events;

  virtual ~proc_manager() = default;

  // Begins to make a proc; events never come from within this call. Errors: bad_input for a spec that cannot
  // be one.
  virtual void start(label id, std::uint32_t rank, const proc_spec& spec, events tell) = 0;

  // Begins to end one; its `ended` follows.
  virtual void stop(label id) = 0;
};

}  // namespace viceroy
