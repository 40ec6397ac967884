// host: what owns the procs of a machine and gives them one front door.
#pragma once

#include <utility>

#include "viceroy/base/owned.hpp"
#include "viceroy/host/proc_manager_bootstrap.hpp"
#include "viceroy/host/proc_manager_in_process.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

inline constexpr auto system_proc_name = "system";
inline constexpr auto host_agent_name = "host_agent";

// Lives in one process and is owned by its agent. Its front address is the process's own on the transport;
// its back address, a private one, is where its children call. Destroying it ends at once what still runs.
// Threads: the loop's.
class host {
 public:
  // Serves the addresses and makes the system proc. Errors: system; refused or not_here for a transport that
  // cannot be served; already_exists where the process has a host on that transport.
  host(runtime_core& core, transport over, owned<bootstrap_command> procs_command)
      : core_(&core),
        system_(&core.make_proc(core.serve(over), label::parse(system_proc_name))),
        id_(system_->id()) {
    try {
      children_ = make_owned<bootstrap_proc_manager>(core, std::move(procs_command));
    } catch (...) {
      core.end_proc(*system_, stop_mode::kill, {});
      throw;
    }
    in_process_ = make_owned<in_process_proc_manager>(core);
  }
  host(const host&) = delete;
  host& operator=(const host&) = delete;

  runtime_core& core() const { return *core_; }
  address front() const { return id_.address(); }
  address back() const { return children_->address(); }
  directory& system() const { return *system_; }

  // The manager for procs of a kind.
  proc_manager& manager(bool in_process) {
    return in_process ? static_cast<proc_manager&>(*in_process_) : static_cast<proc_manager&>(*children_);
  }

 private:
  runtime_core* core_;
  directory* system_;
  proc_id id_;
  owned<bootstrap_proc_manager> children_;
  owned<in_process_proc_manager> in_process_;
};

// Returns: the id that the agent of the host in a process must have, for any proc of that process.
inline actor_id host_agent_id(const address& front) {
  return actor_id(proc_id(front, label::parse(system_proc_name)), label::parse(host_agent_name), 0);
}

}  // namespace viceroy
