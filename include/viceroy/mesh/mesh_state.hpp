// mesh_state: who belongs to a mesh and how each is: what its handles, refs, tasks and controller share.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/base/watched.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/id/transport.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/mesh/mesh_health.hpp"
#include "viceroy/space/region.hpp"

namespace viceroy {

class mesh_operations;

enum class mesh_level : std::uint8_t { hosts, procs, actors };

// What the core keeps with a mesh that this process made.
struct mesh_attachment {
  virtual ~mesh_attachment() = default;
};

// One mesh of any level. What is set when it was made never changes, so that refs may read it on any loop of
// the process; `health`, `ended` and `turn` are atomic; the rest is the controller's, on the owner's loop.
struct mesh_state : watched {
  mesh_state(mesh_level l, label unique, std::string given, viceroy::extent shape);
  ~mesh_state();

  const mesh_level level;
  const label id;          // the given name and a suffix that no other mesh has
  const std::string name;  // as given
  const viceroy::extent extent;
  region origin;             // of a ref that was sent as a slice: where in the mesh as spawned it lies
  series<actor_id> members;  // by rank: a host's agent, a proc's agent, the actor itself
  viceroy::transport transport = viceroy::transport::unix_domain;

  mesh_health health;
  std::atomic<bool> ended{false};      // shut down or stopped: handles are inert, and say so
  std::atomic<std::uint32_t> turn{0};  // whose turn it is when any rank will do

  mailbox_handle owner;
  shared<mesh_state> above;               // an actor mesh's procs, a proc mesh's hosts
  series<std::uint32_t> above_rank;       // by rank: its rank there
  mesh_operations* operations = nullptr;  // null: a ref from elsewhere, or the runtime has ended
  owned<mesh_attachment> control;         // what the core keeps with it
};

// What its handles, refs and tasks hold.
using shared_mesh = shared<mesh_state>;

// Names a mesh in an error: "proc mesh p0-2Vn...".
VICEROY_DECL std::string text_of(const mesh_state& m);

// Returns: the mesh, or what it stands on, that was shut down or stopped; null while all of it may be used.
VICEROY_DECL const mesh_state* ended_part(const mesh_state& m);

// Errors: inert when the mesh, or what it stands on, was shut down or stopped.
VICEROY_DECL void check_usable(const mesh_state& m);

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mesh/mesh_states.hpp"
#endif
