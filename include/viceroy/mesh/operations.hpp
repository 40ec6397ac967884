// operations: what the typed meshes ask of the plain core: spawn, stop, shut down.
#pragma once

#include <string>

#include "viceroy/base/owned.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/host/bootstrap_command.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/mesh/allocation.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/proc/resource.hpp"
#include "viceroy/space/region.hpp"

namespace viceroy {

// What meshes are made and ended with. Its tasks take everything by value and refer to nobody's call; one
// whose owner ends first ends with owner_gone. Threads: the loop's, but for `abandon`.
class mesh_operations {
 public:
  virtual ~mesh_operations() = default;

  // Dropping the task stops what it had started, in the background, as does dropping those of the next two.
  virtual task<shared_mesh> allocate(mailbox_handle owner, owned<allocation> alloc, std::string name,
                                     owned<bootstrap_command> procs_command) = 0;
  // `part`: which hosts of the mesh. The new extent is the part's dimensions followed by `per_host`.
  virtual task<shared_mesh> spawn_procs(mailbox_handle owner, shared_mesh hosts, region part,
                                        std::string name, extent per_host) = 0;
  virtual task<shared_mesh> spawn_actors(mailbox_handle owner, shared_mesh procs, region part,
                                         std::string name, actor_spec spec) = 0;
  // Stops the members of a proc or actor mesh and waits until they are gone. The same as shutdown() else.
  virtual task<void> stop(mailbox_handle owner, shared_mesh mesh) = 0;
  // Stops hosts, their procs and the allocation; throws what could not be stopped. Goes on if the wait is
  // dropped. A second one joins the first and ends as it does.
  virtual task<void> shutdown(mailbox_handle owner, shared_mesh hosts) = 0;
  // A handle was dropped: stops the mesh in the background, which holds up the runtime's end. Threads: any.
  virtual void abandon(shared_mesh mesh) = 0;
  // The runtime ends: everything that is left is abandoned.
  virtual void abandon_all() = 0;
  // The host of this process (its parent's, in a spawned proc; made in this process otherwise), as a mesh of
  // one.
  virtual shared_mesh this_host(mailbox_handle owner) = 0;
};

}  // namespace viceroy
