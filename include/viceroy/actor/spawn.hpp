// spawn: putting an actor into a proc of this loop.
#pragma once

#include <utility>

#include "viceroy/actor/building_site.hpp"
#include "viceroy/actor/dispatch.hpp"
#include "viceroy/actor/own_thread.hpp"
#include "viceroy/actor/ref.hpp"
#include "viceroy/base/config.hpp"

namespace viceroy {

namespace detail {

// Builds an A in `home`. A child of a parent that is stopping is stopped at once. Errors: what its
// constructor throws, already_exists for a root's name, inert for a parent that has ended.
// Cost: a block of the mailbox pool; without an init hook no message.
template <class A, class... F>
actor_box<A>& spawn_in(directory& home, label name, mailbox* parent, bool agent, F&&... fields) {
  building_site site(home, parent, pool::class_of(sizeof(actor_box<A>)), agent);
  auto* const box = ::new (site.memory()) actor_box<A>(home.queue(), home, actor_ops_of<A>);
  site.add(*box, name, agent);
  if constexpr (detail::has_params<A>) {
    VICEROY_BUILDS_BEGIN
    box->construct(params_of<A>(static_cast<F&&>(fields)...));
    VICEROY_BUILDS_END
  } else {
    box->construct(static_cast<F&&>(fields)...);
  }
  site.start(bound_of<A>().most != 0, has_init<A>);
  return *box;
}

// The same for an actor of a program, which may want a thread of its own. Returns: its mailbox, or what
// stands for it; they have one id.
template <class A, class... F>
mailbox& spawn_actor(directory& home, label name, mailbox* parent, F&&... fields) {
  static_assert(
      knows_execution<A>,
      "the actor's `using execution = ...;` is nothing that Viceroy knows: write `using execution = "
      "viceroy::own_thread;`, or leave it out");
  static_assert(knows_mailbox<A>,
                "the actor's `using mailbox = ...;` is nothing that Viceroy knows: write `using mailbox = "
                "viceroy::bounded<N, policy>;`, or leave it out");
  static_assert(has_sound_hooks<A>,
                "a hook takes its context, else it would never run: init(context<A>&), stop(context<A>&), "
                "cleanup(context<A>&)");
  if constexpr (has_own_thread<A>) {
    if (home.threads())
      return spawn_on_own_thread<A>(home, name, parent, [&](directory& there) -> mailbox& {
        return spawn_in<A>(there, name, nullptr, false, static_cast<F&&>(fields)...);
      });
  }
  return spawn_in<A>(home, name, parent, false, static_cast<F&&>(fields)...);
}

}  // namespace detail

template <class A>
template <class C, class... F>
  requires can_spawn<C, F...>
actor_ref<C> context<A>::spawn(F&&... fields) {
  mailbox& parent = verb();
  return actor_ref<C>(
      detail::spawn_actor<C>(parent.home(), parent.name(), &parent, static_cast<F&&>(fields)...).id());
}

}  // namespace viceroy
