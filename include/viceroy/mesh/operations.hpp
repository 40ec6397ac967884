// operations: what the typed meshes ask of the plain core: spawn, stop, shut down.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viceroy/base/task.hpp"
#include "viceroy/host/bootstrap_command.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/mesh/allocation.hpp"
#include "viceroy/proc/resource.hpp"
#include "viceroy/space/region.hpp"

namespace viceroy {

// What is known of one mesh of any level: who its members are, and how each is. Shared by handles, tasks and
// the controller that hears of failures. Threads: its loop's.
struct mesh_state {
  label id;          // unique: the given name and a suffix
  std::string name;  // as given
  viceroy::extent extent;
  std::vector<actor_id> members;    // by rank: a host's agent, a proc's agent, the actor itself
  std::vector<status> statuses;     // by rank
  std::vector<std::string> causes;  // by rank; of what failed
  viceroy::transport transport = viceroy::transport::unix_domain;
  bool inert = false;  // shut down or stopped: handles say so
  mailbox_handle owner;
  std::shared_ptr<mesh_state> above;      // an actor mesh's procs, a proc mesh's hosts
  std::vector<std::uint32_t> above_rank;  // by rank: its rank there
  std::shared_ptr<void> control;          // what the core keeps with it (the owner's port, the allocation)
};

class mesh_operations {
 public:
  virtual task<std::shared_ptr<mesh_state>> allocate(mailbox_handle owner, std::unique_ptr<allocation> alloc,
                                                     std::string name,
                                                     std::optional<bootstrap_command> procs_command) = 0;
  // `part`: which hosts of the mesh. The new extent is the part's dimensions followed by `per_host`.
  virtual task<std::shared_ptr<mesh_state>> spawn_procs(mailbox_handle owner,
                                                        std::shared_ptr<mesh_state> hosts, region part,
                                                        std::string name, extent per_host) = 0;
  virtual task<std::shared_ptr<mesh_state>> spawn_actors(mailbox_handle owner,
                                                         std::shared_ptr<mesh_state> procs, region part,
                                                         std::string name, actor_spec spec) = 0;
  // Stops the members of a proc or actor mesh and waits until they are gone.
  virtual task<void> stop(mailbox_handle owner, std::shared_ptr<mesh_state> mesh) = 0;
  // Stops hosts, their procs and the allocation; throws what could not be stopped. Goes on if the wait is
  // dropped.
  virtual task<void> shutdown(mailbox_handle owner, std::shared_ptr<mesh_state> hosts) = 0;
  // A handle was dropped: stops the mesh in the background.
  virtual void abandon(std::shared_ptr<mesh_state> mesh) = 0;
  // The host of this process (its parent's, in a spawned proc; made in this process otherwise), as a mesh of
  // one.
  virtual std::shared_ptr<mesh_state> this_host(mailbox_handle owner) = 0;

 protected:
  ~mesh_operations() = default;
};

}  // namespace viceroy
