// spawn: putting an actor into a proc of this loop.
#pragma once

#include <utility>

#include "viceroy/actor/dispatch.hpp"
#include "viceroy/actor/own_thread.hpp"
#include "viceroy/actor/ref.hpp"

namespace viceroy {

namespace detail {

// Builds an A in `home`. A child of a parent that is stopping is stopped at once. Errors: what its
// constructor throws, already_exists for a root's name, inert for a parent that has ended.
// Cost: a block of the mailbox pool; without an init hook no message.
template <class A, class... F>
actor_box<A>& spawn_in(directory& home, label name, mailbox* parent, bool agent, F&&... fields) {
  run_queue& q = home.queue();
  if (parent && is_terminal(parent->status()))
    throw error(errc::inert, parent->text() + " has ended and starts no more actors");
  constexpr pool::size_class c = pool::class_of(sizeof(actor_box<A>));
  const run_queue::mailbox_memory memory = q.take_mailbox(c, agent);
  auto* const box = ::new (memory.at) actor_box<A>(q, home, actor_ops_of<A>);
  life::set_memory(*box, c);
  try {
    home.add(*box, memory.generation, name, parent, agent);
  } catch (...) {
    q.give_mailbox(c, *box);
    throw;
  }
  try {
    if constexpr (detail::has_params<A>) {
      box->construct(params_of<A>(std::forward<F>(fields)...));
    } else {
      box->construct(std::forward<F>(fields)...);
    }
  } catch (...) {
    home.remove(*box);
    q.give_mailbox(c, *box);
    throw;
  }
  if constexpr (bound_of<A>().most != 0) box->set_bounded(true);
  if constexpr (has_init<A>) {
    life::signal(*box, initialize_actor<A>, true);
  } else {
    life::started(*box);
  }
  if (parent && parent->is_closed()) life::stop(*box, stop_mode::stop);
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
        return spawn_in<A>(there, name, nullptr, false, std::forward<F>(fields)...);
      });
  }
  return spawn_in<A>(home, name, parent, false, std::forward<F>(fields)...);
}

}  // namespace detail

template <class A>
template <class C, class... F>
  requires can_spawn<C, F...>
actor_ref<C> context<A>::spawn(F&&... fields) {
  mailbox& parent = verb();
  return actor_ref<C>(
      detail::spawn_actor<C>(parent.home(), parent.name(), &parent, std::forward<F>(fields)...).id());
}

}  // namespace viceroy
