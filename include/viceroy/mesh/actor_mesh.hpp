// actor_mesh: a mesh of actors that its spawner owns.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // as in viceroy.hpp
#endif

#include <utility>

#include "viceroy/base/task.hpp"
#include "viceroy/mailbox/participant.hpp"
#include "viceroy/mesh/actor_mesh_ref.hpp"
#include "viceroy/mesh/mesh_handle.hpp"

namespace viceroy {

// Owns actors of class A over an extent. Move-only; its destructor posts a stop and never blocks. Whatever
// takes an actor_mesh_ref takes it, and its verbs are a ref's: they share what they need, so that they may
// outlive the handle's move. Threads: its owner's loop's; it may be destroyed on any.
template <class A>
class actor_mesh : public actor_mesh_ref<A> {
 public:
  using task_source = shared_mesh;  // what its task makes it of

  explicit actor_mesh(const shared_mesh& state) : actor_mesh_ref<A>(state) {}
  actor_mesh(actor_mesh&& other) noexcept : actor_mesh_ref<A>(static_cast<actor_mesh_ref<A>&&>(other)) {}
  actor_mesh& operator=(actor_mesh&& other) noexcept {
    if (this != &other) {
      detail::let_go(this->state_);
      actor_mesh_ref<A>::operator=(std::move(static_cast<actor_mesh_ref<A>&>(other)));
    }
    return *this;
  }
  ~actor_mesh() { detail::let_go(this->state_); }

  // Returns: the mesh without its ownership, to slice, keep and send.
  actor_mesh_ref<A> ref() const { return *this; }

  // Stops every actor and waits until all are gone; a second stop waits for the first. Errors: what could not
  // be stopped within limits::shutdown; owner_gone. Stops: dropping the task ends only the wait.
  task<void> stop(participant& cx) const { return detail::stop_mesh(cx, this->shared()); }
};

}  // namespace viceroy

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
