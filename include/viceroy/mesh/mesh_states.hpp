// mesh_states: how a mesh is made, named in an error, and found unusable. Compiled once on request.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "viceroy/base/error.hpp"
#include "viceroy/mesh/mesh_state.hpp"

namespace viceroy {

VICEROY_DECL mesh_state::mesh_state(mesh_level l, label unique, std::string given, viceroy::extent shape)
    : level(l),
      id(unique),
      name(std::move(given)),
      extent(std::move(shape)),
      origin(extent),
      members(extent.ranks()),
      health(extent.ranks()) {}

VICEROY_DECL mesh_state::~mesh_state() = default;

VICEROY_DECL std::string text_of(const mesh_state& m) {
  constexpr const char* levels[] = {"host mesh ", "proc mesh ", "actor mesh "};
  return levels[static_cast<std::size_t>(m.level)] + std::string(m.id.text());
}

VICEROY_DECL const mesh_state* ended_part(const mesh_state& m) {
  for (const mesh_state* s = &m; s != nullptr; s = s->above.get())
    if (s->ended.load(std::memory_order_acquire)) return s;
  return nullptr;
}

VICEROY_DECL void check_usable(const mesh_state& m) {
  const mesh_state* const s = ended_part(m);
  if (!s) return;
  throw error(errc::inert, text_of(*s) + (s->level == mesh_level::hosts ? " was shut down" : " was stopped") +
                               (s == &m ? "" : ", and " + text_of(m) + " with it") +
                               "; a handle to it does nothing any more");
}

}  // namespace viceroy
