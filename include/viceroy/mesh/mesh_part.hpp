// mesh_part: the actors of a mesh, or of a part of one, of whatever class: what their typed ref is made of.
#pragma once

#include <cstddef>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/mesh/cast.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/mesh/mesh_view.hpp"
#include "viceroy/space/region.hpp"
#include "viceroy/space/shape.hpp"

namespace viceroy {

// The base of actor_mesh_ref<A>: what needs no A is compiled once. Threads: any loop's.
class mesh_part : public mesh_view {
 public:
  mesh_part() = default;
  explicit mesh_part(const shared_mesh& state);

 protected:
  mesh_part(shared_mesh s, viceroy::region part);

  const mesh_state& usable() const;
  // Errors: inert; the cause, naming the message, when a rank is known to be gone.
  void check_reachable(std::string_view message) const;
  std::size_t only_rank() const;
  std::size_t next_rank() const;

  viceroy::shape shape_;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mesh/mesh_parts.hpp"
#endif
