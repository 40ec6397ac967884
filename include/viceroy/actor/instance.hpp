// instance: an actor-shaped participant that no loop runs: client mode.
#pragma once

#include <utility>

#include "viceroy/actor/spawn.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/shared.hpp"

namespace viceroy {

namespace detail {

struct instance_end;

}  // namespace detail

// Opens ports, sends, calls, owns children and meshes; its own code receives. A move-only handle: when it is
// destroyed the instance ends, its ports close and what it owns is stopped. Threads: its loop's; the handle
// may be moved and destroyed by any.
class instance : public participant {
 public:
  // Reserves a root name of a proc. Errors: already_exists.
  instance(directory& home, label name);
  instance(instance&& other) noexcept;
  instance& operator=(instance&& other) noexcept;
  ~instance();

  // Opens a port: `auto [port, inbox] = client.open_port<M>()`; the once form takes one message.
  template <class M>
  std::pair<viceroy::port<M>, receiver<M>> open_port() {
    return detail::open_port<viceroy::port<M>, M>(sender_box(), false);
  }
  template <class M>
  std::pair<once_port<M>, receiver<M>> open_once_port() {
    return detail::open_port<once_port<M>, M>(sender_box(), true);
  }

  // Starts an actor of this proc as a child of the instance.
  template <class C, class... F>
    requires can_spawn<C, F...>
  actor_ref<C> spawn(F&&... fields) {
    mailbox& parent = sender_box();
    return actor_ref<C>(
        detail::spawn_actor<C>(parent.home(), parent.name(), &parent, static_cast<F&&>(fields)...).id());
  }
  template <
      class C,
      class Sentence = the_actor_cannot_be_constructed_from_these_parameters__give_what_its_params_type_takes,
      class... F>
    requires(!can_spawn<C, F...>)
  actor_ref<C> spawn(F&&...) = delete;

  // Returns: how it is, and after its end how it ended; not_exist for a handle that was moved from.
  viceroy::status status() const;
  // Waits until it has ended. Errors: the failure it ended with; inert for a handle that was moved from.
  // Stops: dropping the task ends the wait only.
  task<void> wait() const;
  // Ends it: ports close, children stop. Idempotent.
  void stop() { end(); }
  // Ends a child of this instance, as context::stop does.
  template <class C>
  void stop(const actor_ref<C>& child, stop_mode how = stop_mode::stop) {
    life::stop_child(sender_box(), child.id(), how);
  }

 private:
  void end() noexcept;
  void take(instance& other) noexcept;

  shared<detail::instance_end> end_;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/actor/instances.hpp"
#endif
