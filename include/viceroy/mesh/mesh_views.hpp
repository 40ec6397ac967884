// mesh_views: what a mesh of whatever members is made of, and when it is empty. Compiled once on request.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/mesh/mesh_view.hpp"

namespace viceroy {

VICEROY_DECL mesh_view::mesh_view(shared_mesh s) : mesh_view(s, viceroy::region(s->extent)) {}
VICEROY_DECL mesh_view::mesh_view(shared_mesh s, viceroy::region part)
    : state_(std::move(s)), part_(std::move(part)) {}

VICEROY_DECL const mesh_state& mesh_view::state() const {
  if (!state_) throw error(errc::inert, "an empty mesh was used (it was moved from, or never spawned)");
  return *state_;
}
VICEROY_DECL const shared_mesh& mesh_view::shared() const {
  state();
  return state_;
}

VICEROY_DECL std::vector<actor_id> mesh_view::agents() const {
  std::vector<actor_id> all;
  if (!state_) return all;
  for (const std::size_t rank : part_) all.push_back(state_->members[rank]);
  return all;
}

}  // namespace viceroy
