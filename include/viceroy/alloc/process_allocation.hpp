// process_allocation: what a process_allocator does when it is awaited. Compiled once on request.
#pragma once

#include <string>
#include <utility>

#include "viceroy/alloc/alloc_state.hpp"
#include "viceroy/alloc/process_allocator.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

VICEROY_DECL task<alloc> process_allocator::begin(bootstrap_command command, alloc_spec wanted) {
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
  wanted.extent().check_ranks();
  if (wanted.transport() != transport::unix_domain && wanted.transport() != transport::tcp)
    throw error(errc::not_here, "a process cannot be reached over " + std::string(text(wanted.transport())) +
                                    "; allocate with transport::unix_domain or transport::tcp");
  co_return alloc(*core, std::move(wanted), std::move(command));
}

VICEROY_DECL task<alloc> process_allocator::allocate(alloc_spec wanted) const {
  return begin(command_, std::move(wanted));
}

}  // namespace viceroy
