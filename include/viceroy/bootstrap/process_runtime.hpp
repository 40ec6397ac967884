// process_runtime: the runtime of a process as the typed shell sees it: start, run, end; no Asio.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/bootstrap/awaited_tasks.hpp"
#include "viceroy/host/process_identity.hpp"
#include "viceroy/proc/message_trace.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

// The root function of a program, with what it is called with: one of the two.
struct root_function {
  const void* with = nullptr;
  task<void> (*plain)(const void* with) = nullptr;
  task<int> (*valued)(const void* with) = nullptr;  // its value is the exit status
};

// One per process and application. Made by make_process_runtime, the one function that separate compilation
// moves.
class process_runtime : public runtime_core {
 public:
  virtual const std::vector<std::string>& arguments() const = 0;

  // Runs the loop on this thread until the root task has ended and all that the runtime owns is gone.
  // Returns: the task's value; 1 after an exception, which it prints; 128 + n after signal n.
  virtual int run_root(const root_function& root) = 0;

  // Gives the loop a thread of its own; the runtime's destructor ends it, after all that it owns.
  virtual void start_thread() = 0;

  // Runs `work` on the loop. Returns: false when the loop has ended, and it never will. Threads: any.
  virtual bool post(callback<void()> work) = 0;

  // How often the watchdog has named who holds the loop. Threads: any.
  virtual std::uint64_t times_held() = 0;

  // Follows the next message that is sent on the loop. Threads: the loop's.
  virtual message_trace trace() = 0;

  // What plain code waits for. Threads: the loop's.
  virtual awaited_tasks& awaited() = 0;

  // Whether this is the process that it was made in, and no fork's copy of that.
  bool still_here() const noexcept { return made_in_.still_here(); }

 private:
  process_identity made_in_;
};

// Ends a runtime. In a fork's copy: nothing, since its links, its children and its thread are the original's.
VICEROY_DECL void end_runtime(owned<process_runtime> ending) noexcept;

// Makes a process's runtime of its command line. It does not run yet. Errors: system.
VICEROY_DECL owned<process_runtime> make_process_runtime(const application_table& app, int argc, char** argv);
// The same for vr::main: says on stderr what keeps it from being made, and makes none.
VICEROY_DECL owned<process_runtime> make_main_runtime(const application_table& app, int argc, char** argv);

// Whether this process was started by a launcher, and has to run as a child.
VICEROY_DECL bool is_child();
// Runs this process as a child, until its parent or a signal ends it. Returns: the exit status. Before any
// user code.
VICEROY_DECL int run_as_child(const application_table& app);

// Says on stderr that a child's program was started by hand. Returns: the exit status 2.
VICEROY_DECL int not_a_child(std::string_view application);

}  // namespace viceroy
