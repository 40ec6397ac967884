// mesh_view: a mesh, or a part of one, of whatever members: its names and its shape.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/space/region.hpp"

namespace viceroy {

// What all refs of meshes have in common. Threads: any loop's.
class mesh_view {
 public:
  bool empty() const noexcept { return !state_; }
  // Returns: the name as it was given to spawn.
  const std::string& name() const { return state().name; }
  // Returns: the name and the suffix that no other mesh has.
  label id() const { return state().id; }
  const viceroy::extent& extent() const noexcept { return part_.extent(); }
  // Returns: how many ranks it has.
  std::size_t size() const noexcept { return empty() ? 0 : extent().ranks(); }
  // Returns: which part of the mesh this is.
  const viceroy::region& region() const noexcept { return part_; }

  // Writes id and region; nothing when empty.
  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const mesh_view& m) {
    return m.empty() ? out : out << m.state_->id << m.part_;
  }

 protected:
  mesh_view() = default;
  explicit mesh_view(shared_mesh s);
  mesh_view(shared_mesh s, viceroy::region part);

  // Errors, of these: inert, when empty.
  const mesh_state& state() const;
  const shared_mesh& shared() const;
  // Returns: its members by rank.
  std::vector<actor_id> agents() const;

  shared_mesh state_;
  viceroy::region part_;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mesh/mesh_views.hpp"
#endif
