// process_allocator: allocates processes of this machine.
#pragma once

#include <string>
#include <utility>

#include "viceroy/alloc/alloc.hpp"
#include "viceroy/alloc/alloc_spec.hpp"
#include "viceroy/alloc/allocator.hpp"
#include "viceroy/host/bootstrap_command.hpp"

namespace viceroy {

// Starts a command once per rank; with bootstrap_command::self(), this very program.
class process_allocator {
 public:
  explicit process_allocator(bootstrap_command command) : command_(std::move(command)) {}

  // Serves a private control address for one allocation; nothing is started before that is driven.
  // Errors: wrong_thread where it is awaited off a runtime's loop; bad_input for constraints, of which this
  // allocator knows none; not_here for a transport that does not lead to another process; system.
  task<alloc> allocate(alloc_spec wanted) const { return begin(command_, std::move(wanted)); }

 private:
  static task<alloc> begin(bootstrap_command command, alloc_spec wanted) {
    runtime_core* const core = runtime_core::current();
    if (!core)
      throw error(
          errc::wrong_thread,
          "process_allocator::allocate was awaited on a thread that runs no loop; await it in a task of "
          "a runtime");
    if (!wanted.constraints().empty())
      throw error(errc::bad_input,
                  "process_allocator starts processes on this machine and knows no constraint " +
                      in_quotes(wanted.constraints().begin()->first));
    if (wanted.transport() != transport::unix_domain && wanted.transport() != transport::tcp)
      throw error(errc::not_here, "a process cannot be reached over " +
                                      std::string(text(wanted.transport())) +
                                      "; allocate with transport::unix_domain or transport::tcp");
    co_return alloc(*core, std::move(wanted), std::move(command));
  }

  bootstrap_command command_;
};

static_assert(allocator<process_allocator>);

}  // namespace viceroy
