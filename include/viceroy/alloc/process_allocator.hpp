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
  task<alloc> allocate(alloc_spec wanted) const;

 private:
  static task<alloc> begin(bootstrap_command command, alloc_spec wanted);

  bootstrap_command command_;
};

static_assert(allocator<process_allocator>);

}  // namespace viceroy
