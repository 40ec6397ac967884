// mesh_control: what the core keeps with a mesh: whom to ask about each member, and who hears of its
// failures.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/running.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/mesh/allocation.hpp"
#include "viceroy/mesh/mesh_ending.hpp"
#include "viceroy/mesh/mesh_keepers.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/mesh/status_inbox.hpp"

namespace viceroy {

// The controller of one mesh: a port of its owner to which agents tell the ends of its members.
class mesh_controller final : public control_port {
 public:
  using end_of_member = callback<void(const rank_status&, const actor_id& from)>;

  mesh_controller(mailbox& owner, end_of_member told, callback<void()> owner_ended)
      : told_(std::move(told)), owner_ended_(std::move(owner_ended)) {
    listen(owner);
    ref_ = port_ref<rank_status>(port_id(owner.id(), number()));
  }

  const port_ref<rank_status>& ref() const { return ref_; }

  void deliver(message_node& n) override {
    if (!n.is(message_node::failure)) told_(*static_cast<const rank_status*>(n.payload()), n.from);
  }
  const message_ops& takes() const override { return message_ops_of<rank_status>; }
  void orphaned(const error&) override { owner_ended_(); }

 private:
  end_of_member told_;
  callback<void()> owner_ended_;
  port_ref<rank_status> ref_;
};

// Behind mesh_state::control of a mesh that was made by this process. Threads: the loop's.
struct mesh_control final : mesh_attachment {
  shared<mesh_keeper> keeper;
  owned<mesh_controller> controller;
  series<actor_id> agents;  // by rank: who makes and stops the member
  series<label> ids;        // by rank: what the agent knows it by
  bool asked = false;       // the agents were told to make the members
  bool runs = false;        // all of them ran: from now on failures are told to the owner
  shared<mesh_ending> end;

  // Of hosts that were allocated:
  owned<allocation> alloc;
  series<actor_id> allocated;       // by rank: the proc agent of the allocated process
  running driver;                   // takes the allocation's events
  status_inbox* waiting = nullptr;  // who waits for them, while the mesh is being made
};

inline mesh_control& control_of(const mesh_state& m) { return *static_cast<mesh_control*>(m.control.get()); }

}  // namespace viceroy
