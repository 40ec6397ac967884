// mesh_parts: which ranks of a mesh of actors a verb reaches, and whether it may. Compiled once on request.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/mesh/mesh_part.hpp"

namespace viceroy {

VICEROY_DECL mesh_part::mesh_part(const shared_mesh& state)
    : mesh_part(state, viceroy::region(state->extent)) {}
VICEROY_DECL mesh_part::mesh_part(shared_mesh s, viceroy::region part)
    : mesh_view(std::move(s), std::move(part)), shape_(viceroy::shape::of(part_.extent())) {}

VICEROY_DECL const mesh_state& mesh_part::usable() const {
  check_usable(state());
  return *state_;
}

VICEROY_DECL void mesh_part::check_reachable(std::string_view message) const {
  if (const auto refused = detail::refusal(usable(), part_, message)) throw *refused;
}

VICEROY_DECL std::size_t mesh_part::only_rank() const {
  if (part_.ranks() == 1) return 0;
  throw error(errc::bad_input, "call_one is for a mesh of one rank, and " + state().name + extent().text() +
                                   " has " + std::to_string(part_.ranks()) +
                                   "; take a slice of one, or use call or choose");
}

VICEROY_DECL std::size_t mesh_part::next_rank() const {
  const std::size_t ranks = part_.ranks();
  const std::size_t first = state_ ? state_->turn.fetch_add(1, std::memory_order_relaxed) % ranks : 0;
  for (std::size_t i = 0; i != ranks; ++i) {
    const std::size_t place = (first + i) % ranks;
    if (!state().health.cause(part_.base_rank(place))) return place;
  }
  return first;
}

}  // namespace viceroy
