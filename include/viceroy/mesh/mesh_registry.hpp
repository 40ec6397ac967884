// mesh_registry: the meshes of a process, and how the failure of a member spreads over them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "viceroy/actor/supervision.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/mesh/mesh_control.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

// Knows every mesh that this process made and that somebody still holds. Threads: the loop's.
class mesh_registry {
 public:
  explicit mesh_registry(runtime_core& core) : core_(&core) {}

  void add(const shared_mesh& m) {
    all_.erase_if([](const auto& w) { return w.expired(); });
    all_.push_back(watcher<mesh_state>(m));
  }
  series<shared_mesh> all() const {
    series<shared_mesh> living;
    for (const auto& w : all_)
      if (auto m = w.lock()) living.push_back(std::move(m));
    return living;
  }
  series<shared_mesh> standing_on(const mesh_state& m) const {
    series<shared_mesh> out;
    for (auto& each : all())
      if (each->above.get() == &m) out.push_back(std::move(each));
    return out;
  }

  // A member is gone for good: casts to it are refused, what stood on it is gone with it, the owners hear of
  // it, and then answers awaited from it end. The first cause counts.
  void failed(const shared_mesh& m, std::uint32_t rank, const error& why, const actor_id& actor = {}) {
    const series<place> hit = mark(m, rank, why);
    for (const auto& [mesh, at] : hit) tell_owner(*mesh, at, why, mesh == m ? actor : actor_id());
    for (const auto& [mesh, at] : hit) gone(*mesh, at, why);
  }

  // A member has ended as it wanted to: the same, and nobody is blamed for it.
  void stopped(const shared_mesh& m, std::uint32_t rank, const error& why) {
    const series<place> hit = mark(m, rank, why);
    for (const auto& [mesh, at] : hit)
      if (mesh != m) tell_owner(*mesh, at, why, actor_id());
    for (const auto& [mesh, at] : hit) gone(*mesh, at, why);
  }

  // Every member of a mesh that was ended, and of what stood on it.
  void all_gone(const mesh_state& m, const error& why) {
    for (std::uint32_t rank = 0; rank != m.members.size(); ++rank) gone(m, rank, why);
    for (const auto& each : standing_on(m)) all_gone(*each, why);
  }

 private:
  struct place {
    shared_mesh mesh;
    std::uint32_t rank;
  };

  // The procs that end with a member; an actor takes none with it.
  void gone(const mesh_state& m, std::uint32_t rank, const error& why) {
    if (m.level == mesh_level::actors) return;
    if (m.level == mesh_level::hosts && m.control && rank < control_of(m).allocated.size()) {
      const actor_id bootstrapped = control_of(m).allocated[rank];
      if (!bootstrapped.empty()) core_->proc_is_gone(bootstrapped.proc(), why);
    }
    if (!m.members[rank].empty()) core_->proc_is_gone(m.members[rank].proc(), why);
  }

  // Notes the cause for a member and for what stands on it. Returns: those of whom it was not known, below
  // before above.
  series<place> mark(const shared_mesh& m, std::uint32_t rank, const error& why) const {
    series<place> hit;
    if (m->health.fail(rank, why)) hit.push_back({m, rank});
    for (std::size_t next = 0; next != hit.size(); ++next) {
      const place below = hit[next];
      for (const auto& each : standing_on(*below.mesh))
        for (std::uint32_t r = 0; r != each->above_rank.size(); ++r)
          if (each->above_rank[r] == below.rank && each->health.fail(r, why)) hit.push_back({each, r});
    }
    return hit;
  }

  void tell_owner(const mesh_state& m, std::uint32_t rank, const error& why, const actor_id& actor) {
    mailbox* const owner = m.owner.get();
    if (!owner || !m.control || !control_of(m).runs || ended_part(m)) return;
    const error sentence(why.kind(),
                         "rank " + std::to_string(rank) + " of " + m.name + " failed: " + why.sentence());
    if (!owner->ops()) return core_->root_failed(sentence);
    const mesh_failure event{m.name, rank, actor, why.sentence(), m.id};
    if (!owner->ops()->supervise(*owner, &event, type_id<mesh_failure>()))
      return life::fail(*owner, sentence.kind(), sentence.sentence());
    // The owner deals with it: its proc may make actors again.
    mesh_control& c = control_of(m);
    if (m.level == mesh_level::actors && !actor.empty())
      c.keeper->tell<viceroy::stop>(c.agents[rank], c.ids[rank], port_ref<rank_status>());
  }

  runtime_core* core_;
  series<watcher<mesh_state>> all_;
};

}  // namespace viceroy
