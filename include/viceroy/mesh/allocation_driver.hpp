// allocation_driver: takes the events of an allocation: for whoever waits for hosts, later as failures of
// hosts.
#pragma once

#include <cstdint>
#include <utility>

#include "viceroy/base/alive.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/running.hpp"
#include "viceroy/mesh/allocation.hpp"
#include "viceroy/mesh/mesh_control.hpp"
#include "viceroy/mesh/mesh_registry.hpp"

namespace viceroy {

// Drives the allocations of a process's host meshes. Threads: the loop's.
class allocation_driver {
 public:
  allocation_driver(runtime_core& core, mesh_registry& registry) : core_(&core), registry_(&registry) {}
  allocation_driver(const allocation_driver&) = delete;
  allocation_driver& operator=(const allocation_driver&) = delete;

  // Starts a mesh's allocation, and drives it until it ends or the mesh does.
  void start(const shared_mesh& mesh) {
    auto work = running::start<void>(drive(watcher<mesh_state>(mesh), control_of(*mesh).alloc.get()),
                                     [](outcome<void>) {});
    control_of(*mesh).driver = std::move(work);
  }

  // While it lives, the allocation's events go to an inbox.
  class expecting {
   public:
    expecting(mesh_control& c, status_inbox& in) : control_(c) { c.waiting = &in; }
    expecting(const expecting&) = delete;
    expecting& operator=(const expecting&) = delete;
    ~expecting() { control_.waiting = nullptr; }

   private:
    mesh_control& control_;
  };

 private:
  // Takes an allocation's events as long as there are any: first for whoever waits, later as failures of
  // hosts.
  task<void> drive(watcher<mesh_state> weak, allocation* alloc) {
    while (true) {
      owned<const error> broken;
      alloc_event e;
      try {
        alloc_event next = co_await alloc->next();
        e = std::move(next);
      } catch (const error& why) {
        broken = make_owned<const error>(why);
      }
      const bool last = broken || e.what == alloc_event::kind::end;
      // In a turn of its own: what follows may end the mesh, and with it this task.
      core_->loop().post([this, still = alive_.watch(), weak, broken = std::move(broken), e = std::move(e)] {
        const auto mesh = weak.lock();
        if (still && mesh && mesh->control) happened(mesh, broken.get(), e);
      });
      if (last) co_return;
    }
  }
  void happened(const shared_mesh& mesh, const error* broken, const alloc_event& e) {
    mesh_control& c = control_of(*mesh);
    if (broken) {
      for (std::uint32_t rank = 0; rank != mesh->members.size(); ++rank) host_lost(mesh, rank, *broken);
    } else if (e.rank >= mesh->members.size()) {
      return;
    } else if (e.what == alloc_event::kind::running) {
      c.allocated[e.rank] = e.agent;
      if (!c.waiting) return;
      rank_status runs;
      runs.rank = e.rank;
      runs.status = status::running;
      runs.actor = e.agent;
      c.waiting->told(e.rank, std::move(runs));
    } else if (e.what == alloc_event::kind::stopped || e.what == alloc_event::kind::failed) {
      host_lost(mesh, e.rank, error(errc::process_died, e.sentence));
    }
  }
  void host_lost(const shared_mesh& mesh, std::uint32_t rank, const error& why) {
    registry_->failed(mesh, rank, why);
    if (!mesh->control) return;
    if (status_inbox* const in = control_of(*mesh).waiting) in->lose(rank, why);
  }

  runtime_core* core_;
  mesh_registry* registry_;
  alive alive_;
};

}  // namespace viceroy
