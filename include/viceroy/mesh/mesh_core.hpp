// mesh_core: what the typed meshes ask for, done by messages to agents; plain code, included by src.hpp.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/alive.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/host/host_agent.hpp"
#include "viceroy/host/host_trampoline.hpp"
#include "viceroy/id/uid.hpp"
#include "viceroy/mesh/allocation_driver.hpp"
#include "viceroy/mesh/mesh_control.hpp"
#include "viceroy/mesh/mesh_endings.hpp"
#include "viceroy/mesh/mesh_keepers.hpp"
#include "viceroy/mesh/mesh_registry.hpp"
#include "viceroy/mesh/operations.hpp"
#include "viceroy/mesh/rank_collection.hpp"

namespace viceroy {

// One per runtime; it outlives the runtime's tasks, and its loop and procs outlive it. Threads: the loop's,
// but for `abandon`.
class mesh_core final : public mesh_operations {
 public:
  explicit mesh_core(runtime_core& core)
      : core_(&core), registry_(core), endings_(core, registry_, keepers_), driver_(core, registry_) {}
  mesh_core(const mesh_core&) = delete;
  mesh_core& operator=(const mesh_core&) = delete;
  ~mesh_core() {
    alive_.end();
    endings_.drop();
    for (const auto& m : registry_.all()) {
      m->ended = true;
      m->operations = nullptr;
      m->control.reset();
    }
  }

  task<shared_mesh> allocate(mailbox_handle owner, owned<allocation> alloc, std::string name,
                             owned<bootstrap_command> procs_command) override {
    const std::string step = "allocating hosts " + name;
    const auto mesh = make(mesh_level::hosts, owner, std::move(name), alloc->extent());
    const unfinished guard(endings_, mesh);
    mesh_control& c = control_of(*mesh);
    mesh->transport = alloc->transport();
    c.alloc = std::move(alloc);
    c.allocated = mesh->members;
    c.asked = true;
    {
      status_inbox in(sender(c), owner.get(), mesh->members, c.ids);
      const allocation_driver::expecting events(c, in);
      driver_.start(mesh);
      series<actor_id> agents = co_await every_rank_runs(in, step, until_started(core_->bounds()), {});
      c.allocated = std::move(agents);
    }
    {
      status_inbox in(sender(c), owner.get(), c.allocated, c.ids);
      const allocation_driver::expecting events(c, in);
      ask_trampolines(in, *mesh, procs_command);
      series<actor_id> agents;
      for (const actor_id& each : c.allocated) agents.push_back(host_agent_id(each.proc().address()));
      mesh->members = agents;
      co_await every_rank_runs(in, step + ", standing hosts up", core_->bounds().trampoline,
                               std::move(agents));
    }
    c.agents = mesh->members;
    finish(guard, mesh);
    co_return mesh;
  }

  task<shared_mesh> spawn_procs(mailbox_handle owner, shared_mesh hosts, region part, std::string name,
                                extent per_host) override {
    check_usable(*hosts);
    const std::string step = "spawning procs " + name;
    const auto mesh = make(mesh_level::procs, owner, std::move(name), part.extent().concat(per_host));
    const unfinished guard(endings_, mesh);
    mesh_control& c = control_of(*mesh);
    mesh->transport = hosts->transport;
    stand_on(*mesh, hosts, part, per_host.ranks());
    for (std::size_t rank = 0; rank != c.ids.size(); ++rank)
      c.ids[rank] = label::parse(std::string(mesh->id.text()) + "_" + std::to_string(rank));
    proc_spec spec;
    spec.transport = hosts->transport;
    spec.in_process = hosts->transport == transport::in_process;
    status_inbox in(sender(c), owner.get(), c.agents, c.ids);
    ask<proc_spec>(in, c, spec);
    series<actor_id> agents = co_await every_rank_runs(in, step, core_->bounds().spawn_idle, {});
    mesh->members = agents;
    finish(guard, mesh);
    co_return mesh;
  }

  task<shared_mesh> spawn_actors(mailbox_handle owner, shared_mesh procs, region part, std::string name,
                                 actor_spec spec) override {
    check_usable(*procs);
    const std::string step = "spawning actors " + name + " (" + spec.type_name + ")";
    const auto mesh = make(mesh_level::actors, owner, std::move(name), part.extent());
    const unfinished guard(endings_, mesh);
    mesh_control& c = control_of(*mesh);
    mesh->transport = procs->transport;
    stand_on(*mesh, procs, part, 1);
    status_inbox in(sender(c), owner.get(), c.agents, c.ids);
    ask<actor_spec>(in, c, spec);
    series<actor_id> actors = co_await every_rank_runs(in, step, core_->bounds().spawn_idle, {});
    mesh->members = actors;
    finish(guard, mesh);
    co_return mesh;
  }

  task<void> stop(mailbox_handle owner, shared_mesh mesh) override {
    mailbox& box = living(owner, text_of(*mesh));
    const detail::unfinished_step told("stopping " + text_of(*mesh));
    if (const auto end = endings_.begin(mesh)) {
      mesh_ending::waiter wait(end, &box);
      co_await wait;
    }
  }
  task<void> shutdown(mailbox_handle owner, shared_mesh hosts) override {
    return stop(owner, std::move(hosts));
  }

  void abandon(shared_mesh mesh) override {
    if (run_queue::current() == &core_->queue()) {
      endings_.begin(mesh);
    } else {
      core_->loop().post(alive_.guard([this, mesh = std::move(mesh)] { endings_.begin(mesh); }));
    }
  }

  void abandon_all() override {
    for (const auto& m : registry_.all())
      if (m->level == mesh_level::hosts) endings_.begin(m);
    for (const auto& m : registry_.all()) endings_.begin(m);
  }

  shared_mesh this_host(mailbox_handle owner) override {
    mailbox& asks = living(owner, "this host");
    actor_id agent = core_->host_agent();
    const bool made_here = agent.empty();
    if (made_here) agent = make_host(*core_, asks.home().id().address().transport());
    if (this_host_ && !this_host_->ended && this_host_->members[0] == agent) return this_host_;
    const auto mesh =
        make_counted<mesh_state>(mesh_level::hosts, unique_label("this_host"), "this_host", extent());
    mesh->transport = agent.proc().address().transport();
    mesh->members[0] = agent;
    if (made_here) {
      auto c = make_owned<mesh_control>();
      c->keeper = keepers_.of(asks.home());
      c->agents = mesh->members;
      c->ids.push_back(agent.name());
      c->asked = c->runs = true;
      mesh->control = std::move(c);
    }
    registry_.add(mesh);
    this_host_ = mesh;
    return mesh;
  }

 private:
  // Ends a mesh that was not finished, when its task fails or is dropped.
  class unfinished {
   public:
    unfinished(mesh_endings& e, shared_mesh m) : endings_(&e), mesh_(std::move(m)) {}
    unfinished(const unfinished&) = delete;
    unfinished& operator=(const unfinished&) = delete;
    ~unfinished() {
      if (mesh_) endings_->begin(mesh_);
    }
    void release() const { mesh_.reset(); }

   private:
    mesh_endings* endings_;
    mutable shared_mesh mesh_;
  };

  static mailbox& living(const mailbox_handle& owner, const std::string& what) {
    if (mailbox* const box = owner.before_end()) return *box;
    throw error(errc::owner_gone, "whoever asked for " + what + " ended before it began");
  }

  mailbox& sender(const mesh_control& c) const {
    if (mailbox* const box = keepers_.sender(c.keeper)) return *box;
    throw error(errc::owner_gone, "the proc that asked for a mesh has ended");
  }

  shared_mesh make(mesh_level level, const mailbox_handle& owner, std::string name, const extent& dims) {
    mailbox& box = living(owner, "mesh " + name);
    if (box.is_closed())
      throw error(errc::owner_gone, box.text() + " is being stopped, and starts no mesh " + name);
    if (name.size() > max_name_bytes)
      throw error(errc::bad_input, "a mesh's name has at most " + std::to_string(max_name_bytes) +
                                       " characters, and " + in_quotes(name) + " has " +
                                       std::to_string(name.size()));
    dims.check_ranks();
    const label id = unique_label(name);
    auto mesh = make_counted<mesh_state>(level, id, std::move(name), dims);
    mesh->owner = owner;
    mesh->operations = this;
    auto c = make_owned<mesh_control>();
    c->keeper = keepers_.of(box.home());
    for (std::size_t rank = 0; rank != dims.ranks(); ++rank) c->ids.push_back(id);
    const watcher<mesh_state> self(mesh);
    c->controller = make_owned<mesh_controller>(
        box,
        [this, self](const rank_status& s, const actor_id&) {
          if (const auto m = self.lock()) member_ended(m, s);
        },
        [this, self] {
          if (const auto m = self.lock()) endings_.begin(m);
        });
    mesh->control = std::move(c);
    registry_.add(mesh);
    return mesh;
  }

  // Puts each rank of a new mesh on a member of `below`, `each` of them on one.
  static void stand_on(mesh_state& mesh, const shared_mesh& below, const region& part, std::size_t each) {
    mesh_control& c = control_of(mesh);
    mesh.above = below;
    for (const std::size_t member : part) {
      if (const error* const gone = below->health.cause(member))
        throw error(gone->kind(), "rank " + std::to_string(member) + " of " + below->name +
                                      " is gone: " + gone->sentence());
      for (std::size_t i = 0; i != each; ++i) {
        mesh.above_rank.push_back(static_cast<std::uint32_t>(member));
        c.agents.push_back(below->members[member]);
      }
    }
  }

  template <class Spec>
  static void ask(status_inbox& in, mesh_control& c, const Spec& spec) {
    c.asked = true;
    for (std::uint32_t rank = 0; rank != in.ranks(); ++rank) {
      in.send<create_or_update<Spec>>(rank, c.ids[rank], rank, spec, c.controller->ref());
      in.send<get_rank_status>(rank, c.ids[rank], in.port());
    }
  }

  static void ask_trampolines(status_inbox& in, const mesh_state& mesh,
                              const owned<bootstrap_command>& command) {
    mesh_control& c = control_of(mesh);
    trampoline_spec spec;
    spec.transport = mesh.transport;
    spec.reply = in.port();
    if (command) {
      spec.program = command->program();
      spec.arguments = command->arguments();
      spec.environment = command->environment();
    }
    for (std::uint32_t rank = 0; rank != in.ranks(); ++rank) {
      spec.rank = rank;
      in.send<create_or_update<actor_spec>>(rank, c.ids[rank], rank, trampoline_actor(spec),
                                            port_ref<rank_status>());
      in.send<get_rank_status>(rank, c.ids[rank], in.port());
    }
  }

  void finish(const unfinished& guard, const shared_mesh& mesh) {
    for (std::size_t rank = 0; rank != mesh->members.size(); ++rank)
      if (const error* const gone = mesh->health.cause(rank))
        throw error(errc::spawn_failed, "rank " + std::to_string(rank) + " of " + mesh->name +
                                            " ended while others started: " + gone->sentence());
    check_usable(*mesh);
    control_of(*mesh).runs = true;
    guard.release();
  }

  void member_ended(const shared_mesh& m, const rank_status& s) {
    const mesh_control& c = control_of(*m);
    if (ended_part(*m) || s.rank >= c.ids.size() || c.ids[s.rank] != s.id) return;
    if (s.status == status::failed) {
      const errc kind = m->level == mesh_level::actors ? errc::handler_failed : errc::process_died;
      registry_.failed(m, s.rank, error(kind, s.sentence),
                       m->level == mesh_level::actors ? s.actor : actor_id());
    } else {
      registry_.stopped(
          m, s.rank,
          error(errc::receiver_stopping, "it has stopped" + (s.sentence.empty() ? "" : ": " + s.sentence)));
    }
  }

  static constexpr std::size_t max_name_bytes = limit::label_bytes - 8;  // a proc's rank is put behind

  runtime_core* core_;
  mesh_keepers keepers_;
  mesh_registry registry_;
  mesh_endings endings_;
  allocation_driver driver_;
  shared_mesh this_host_;
  alive alive_;
};

}  // namespace viceroy
