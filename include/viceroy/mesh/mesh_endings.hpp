// mesh_endings: how meshes end: once each, in the background, in order; waited for or not.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/host/proc_spec.hpp"
#include "viceroy/mesh/mesh_control.hpp"
#include "viceroy/mesh/mesh_keepers.hpp"
#include "viceroy/mesh/mesh_registry.hpp"
#include "viceroy/mesh/rank_collection.hpp"

namespace viceroy {

// Runs the endings of all meshes of a process. Each holds the runtime's end up until it is done, within
// limits::shutdown. Threads: the loop's.
class mesh_endings {
 public:
  mesh_endings(runtime_core& core, mesh_registry& registry, mesh_keepers& keepers)
      : core_(&core), registry_(&registry), keepers_(&keepers) {
    core.tell_meshes_ended(
        [this](const directory& proc, callback<void()> then) { when_ended(proc, std::move(then)); });
  }
  ~mesh_endings() { core_->tell_meshes_ended({}); }
  mesh_endings(const mesh_endings&) = delete;
  mesh_endings& operator=(const mesh_endings&) = delete;

  // Begins to end a mesh, which is inert from now on; the second time, the first goes on. Returns: null for a
  // mesh that is not this process's to end.
  shared<mesh_ending> begin(const shared_mesh& m) {
    if (!m->control) return {};
    mesh_control& c = control_of(*m);
    if (c.end) return c.end;
    const auto end = c.end = make_counted<mesh_ending>();
    m->ended = true;
    end->hold(core_->hold("the end of " + text_of(*m)));
    under_way_.push_back({end, asks_from(*m)});
    auto work = running::start<void>(m->level == mesh_level::hosts ? end_hosts(m) : end_members(m),
                                     [this, end, ran = c.runs](outcome<void> o) {
                                       const std::exception_ptr failure = o.failure();
                                       // Of one that never ran, its spawn has said why.
                                       if (!end->finished(std::move(o)) && failure && ran)
                                         said_by_nobody(failure);
                                       under_way_.erase_if([&](const one& each) { return each.end == end; });
                                       wake();
                                     });
    end->work(std::move(work));
    return end;
  }

  // Drops what is under way: the runtime is gone.
  void drop() {
    waits_.clear();
    for (const one& each : taken(under_way_)) each.end->drop();
  }

 private:
  struct one {
    shared<mesh_ending> end;
    const directory* from;  // the proc in whose name it asks
  };
  struct waiting {
    const directory* proc;
    callback<void()> then;
  };

  // Calls `then` when nothing that was begun in a proc's name goes on: now, or in a turn of its own.
  void when_ended(const directory& proc, callback<void()> then) {
    if (!asks_from(proc)) return then();
    waits_.push_back({&proc, std::move(then)});
  }
  void wake() {
    waits_.erase_if([this](waiting& w) {
      if (asks_from(*w.proc)) return false;
      core_->loop().post(std::move(w.then));
      return true;
    });
  }
  bool asks_from(const directory& proc) const {
    for (const one& each : under_way_)
      if (each.from == &proc) return true;
    return false;
  }
  // Null for one that only waits for others, which may wait for that very proc.
  static const directory* asks_from(const mesh_state& m) {
    const shared<mesh_keeper>& keeper = control_of(m).keeper;
    return keeper && keeper->box() && !ending_below(m) ? &keeper->box()->home() : nullptr;
  }

  task<void> end_members(shared_mesh m) {
    mesh_control& c = control_of(*m);
    if (shared<mesh_ending> below = ending_below(*m)) {
      // They go with what they stand on, whose end is told to whoever asked for it.
      mesh_ending::waiter wait(below, nullptr);
      try {
        co_await wait;
      } catch (const error&) {
      }
      retire(c);
      co_return;
    }
    owned<const error> failure;
    mailbox* const asker = keepers_->sender(c.keeper);
    if (asker && c.asked) {
      status_inbox in(*asker, nullptr, c.agents, c.ids);
      series<bool> left(in.ranks());
      for (std::uint32_t rank = 0; rank != in.ranks(); ++rank) {
        if (m->health.cause(rank) && !blames_agent(*m, rank)) continue;
        in.send<viceroy::stop>(rank, c.ids[rank], in.port());
        left[rank] = true;
      }
      try {
        co_await every_rank_is_gone(in, "stopping " + text_of(*m), core_->bounds().shutdown, std::move(left),
                                    m->level);
      } catch (const error& e) {
        failure = make_owned<const error>(e);
      }
    }
    retire(c);
    registry_->all_gone(*m, error(errc::cancelled, "it was stopped with " + text_of(*m)));
    if (failure) throw *failure;
  }

  task<void> end_hosts(shared_mesh m) {
    mesh_control& c = control_of(*m);
    const std::string step = "shutting " + text_of(*m) + " down";
    owned<const error> failure;
    mailbox* const asker = keepers_->sender(c.keeper);
    if (asker && !c.agents.empty()) {
      series<label> names;
      for (const actor_id& agent : c.agents) names.push_back(agent.name());
      status_inbox in(*asker, nullptr, c.agents, std::move(names));
      series<bool> left(in.ranks());
      for (std::uint32_t rank = 0; rank != in.ranks(); ++rank) {
        if (m->health.cause(rank)) continue;
        in.send<shutdown_host>(rank, std::uint32_t{0}, in.port());
        left[rank] = true;
      }
      try {
        co_await every_rank_is_gone(in, step, core_->bounds().shutdown, std::move(left), m->level);
      } catch (const error& e) {
        failure = make_owned<const error>(e);
      }
    }
    c.driver.reset();
    if (c.alloc) {
      try {
        co_await within(core_->bounds().shutdown, c.alloc->stop(), step + ", the end of its processes");
      } catch (const error& e) {
        if (!failure)
          failure = make_owned<const error>(
              e.kind(), e.sentence().starts_with(step) ? e.sentence() : step + ": " + e.sentence());
      }
      c.alloc.reset();
    }
    retire(c);
    registry_->all_gone(*m, error(errc::cancelled, "it was shut down with " + text_of(*m)));
    if (failure) throw *failure;
  }

  // Where the proc that asked is killed first, its process's end is what is said.
  void said_by_nobody(const std::exception_ptr& failure) const {
    try {
      std::rethrow_exception(failure);
    } catch (const error& e) {
      if (e.kind() != errc::owner_gone) core_->ended_badly(e);
    }
  }

  // The controller may be what this was called from: it goes in a turn of its own.
  void retire(mesh_control& c) const {
    if (!c.controller) return;
    c.controller->shut();
    core_->loop().post([last = std::move(c.controller)] {});
  }

  static shared<mesh_ending> ending_below(const mesh_state& m) {
    for (const mesh_state* s = m.above.get(); s != nullptr; s = s->above.get())
      if (s->control && control_of(*s).end) return control_of(*s).end;
    return {};
  }
  // An actor that failed while its proc lives: its agent makes no more until it is told that all is well.
  static bool blames_agent(const mesh_state& m, std::uint32_t rank) {
    return m.level == mesh_level::actors && m.above && !m.above->health.cause(m.above_rank[rank]);
  }

  runtime_core* core_;
  mesh_registry* registry_;
  mesh_keepers* keepers_;
  series<one> under_way_;
  series<waiting> waits_;
};

}  // namespace viceroy
