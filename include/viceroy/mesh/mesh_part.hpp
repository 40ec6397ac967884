// mesh_part: the actors of a mesh, or of a part of one, of whatever class: what their typed ref is made of.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/memory.hpp"
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
  explicit mesh_part(std::shared_ptr<mesh_state> state) : mesh_part(state, viceroy::region(state->extent)) {}

 protected:
  mesh_part(std::shared_ptr<mesh_state> s, viceroy::region part)
      : mesh_view(std::move(s), std::move(part)), shape_(viceroy::shape::of(part_.extent())) {}

  const mesh_state& usable() const {
    check_usable(state());
    return *state_;
  }
  // Errors: inert; the cause, naming the message, when a rank is known to be gone.
  void check_reachable(std::string_view message) const {
    if (const auto refused = detail::refusal(usable(), part_, message)) throw error(*refused);
  }
  std::size_t only_rank() const {
    if (part_.ranks() == 1) return 0;
    throw error(errc::bad_input, "call_one is for a mesh of one rank, and " + state().name + extent().text() +
                                     " has " + std::to_string(part_.ranks()) +
                                     "; take a slice of one, or use call or choose");
  }
  std::size_t next_rank() const {
    const std::size_t ranks = part_.ranks();
    const std::size_t first = state_ ? state_->turn.fetch_add(1, std::memory_order_relaxed) % ranks : 0;
    for (std::size_t i = 0; i != ranks; ++i) {
      const std::size_t place = (first + i) % ranks;
      if (!state().health.cause(part_.base_rank(place))) return place;
    }
    return first;
  }

  viceroy::shape shape_;
};

}  // namespace viceroy
