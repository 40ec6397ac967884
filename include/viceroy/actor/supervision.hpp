// supervision: the events by which an owner hears what went wrong with what it owns.
#pragma once

#include <cstdint>
#include <string>

#include "viceroy/id/actor_id.hpp"
#include "viceroy/mailbox/failure.hpp"
#include "viceroy/mailbox/life.hpp"

namespace viceroy {

// A member of a mesh that failed, to the mesh's owner. An actor with `handle(context&, mesh_failure)` goes
// on; any other owner fails for the same cause, up to the root instance, whose root task then ends with it.
struct mesh_failure {
  static constexpr auto name = "viceroy::mesh_failure";
  std::string mesh;        // its label
  std::uint32_t rank = 0;  // in the mesh as it was spawned
  actor_id actor;          // the actor that failed; empty when its whole process did
  std::string sentence;    // the root cause
  label id;                // what the mesh's handle answers to id(): meshes may share a label

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const mesh_failure& f) {
    out << "rank " << f.rank << " of " << f.mesh;
    if (!f.actor.empty()) out << " (" << f.actor << ')';
    return out << " failed: " << f.sentence;
  }
};

}  // namespace viceroy
