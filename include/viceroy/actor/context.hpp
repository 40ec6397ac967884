// context: what an actor's handlers may do: who they are, whose message they handle, send, open ports, spawn,
// stop.
#pragma once

#include <utility>

#include "viceroy/actor/sentences.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/actor/verb_checks.hpp"
#include "viceroy/mailbox/delayed.hpp"
#include "viceroy/mailbox/participant.hpp"
#include "viceroy/mailbox/port.hpp"
#include "viceroy/mailbox/room.hpp"
#include "viceroy/space/point.hpp"

namespace viceroy {

template <class A>
class actor_ref;

// The place of one actor of class A. It lives as long as the actor; what it says of the message being handled
// (sender, rank, point) stays valid while that handler is suspended. Threads: its loop's.
template <class A>
class context : public participant {
 public:
  explicit context(mailbox& b) : participant(b) {}

  // Returns: the address of this actor.
  actor_ref<A> self() const { return actor_ref<A>(id()); }

  // Returns: who sent the message being handled. Errors: inert between messages.
  actor_id sender() const { return handled().from; }

  // Returns: where this actor stands in the mesh (or slice) that the message was cast to; 0 of one for a
  // direct send.
  std::uint32_t rank() const {
    const message_node& n = handled();
    return n.is(message_node::is_cast) ? n.extra().rank : 0;
  }
  viceroy::point point() const {
    const message_node& n = handled();
    return n.is(message_node::is_cast) && !n.extra().shape.empty()
               ? n.extra().shape.dims().point_of(n.extra().rank)
               : extent::unity().point_of(0);
  }

  // Opens a port of this actor: `auto [port, inbox] = cx.open_port<M>()`.
  template <class M>
  std::pair<viceroy::port<M>, receiver<M>> open_port() {
    return detail::open_port<viceroy::port<M>, M>(verb(), false);
  }
  template <class M>
  std::pair<once_port<M>, receiver<M>> open_once_port() {
    return detail::open_port<once_port<M>, M>(verb(), true);
  }

  // Starts an actor of this proc as a child: it is stopped before its parent, and its failure is its parent's
  // unless that handles child_failure. Errors: what C's constructor throws.
  template <class C, class... F>
    requires can_spawn<C, F...>
  actor_ref<C> spawn(F&&... fields);
  template <
      class C,
      class Sentence = the_actor_cannot_be_constructed_from_these_parameters__give_what_its_params_type_takes,
      class... F>
    requires(!can_spawn<C, F...>)
  actor_ref<C> spawn(F&&...) = delete;

  // Sends M(fields...), or a message that exists already, to this actor itself when `delay` has passed:
  // `cx.after<M>(50ms, fields...)`. What still waits when the actor ends is dropped. Errors: mailbox_full:
  // what waits counts against the bound. Order: by time, then as sent. Cost: a timer of the loop's wheel; no
  // allocation once warm.
  template <class M = detail::given_message, class... F>
    requires detail::can_send<A, M, F...>
  delayed after(executor::clock::duration delay, F&&... fields);
  template <class M = detail::given_message, class... F, class Sentence = detail::send_complaint<A, M, F...>,
            class Handles = detail::list_of<A, M>>
    requires(!detail::can_send<A, M, F...>)
  delayed after(executor::clock::duration, F&&...) = delete;

  // Sends a copy of it each time that `period` has passed. Periods count from now; those that a busy loop
  // missed are not made up for. Errors: bad_input for a period of nothing; mailbox_full.
  template <class M = detail::given_message, class... F>
    requires detail::can_repeat<A, M, F...>
  delayed every(executor::clock::duration period, F&&... fields);
  template <class M = detail::given_message, class... F,
            class Sentence = detail::repeat_complaint<A, M, F...>, class Handles = detail::list_of<A, M>>
    requires(!detail::can_repeat<A, M, F...>)
  delayed every(executor::clock::duration, F&&...) = delete;

  // Ends what after() or every() began; what has arrived is handled all the same. Returns: whether there was
  // something to end.
  bool cancel(delayed which);

  // Returns: how many messages wait in this actor's bounded mailbox, and how many it has turned away or
  // dropped; 0 for an actor without `using mailbox = bounded<...>`.
  std::uint32_t waiting_messages() const { return box().waiting_messages(); }
  std::uint64_t turned_away() const { return box().turned_away(); }

  // Ends this actor after the message being handled; what waits comes back to its senders.
  void stop() { life::stop(verb(), stop_mode::stop); }
  // Ends this actor after the messages that have arrived.
  void drain() { life::stop(verb(), stop_mode::drain); }
  // Ends a child of this actor: drained, stopped, or killed. One that has gone already is ignored. Errors:
  // bad_input for an actor that is no child of this one.
  template <class C>
  void stop(const actor_ref<C>& child, stop_mode how = stop_mode::stop) {
    life::stop_child(verb(), child.id(), how);
  }

 private:
  // The verb's mailbox, on its thread.
  mailbox& verb() const { return sender_box(); }
  const message_node& handled() const {
    const message_node* const n = is_handling() ? run_queue::handling() : box().current();
    if (!n)
      throw error(errc::inert, id().text() +
                                   " handles no message now: sender, rank and point belong to a message (a "
                                   "reentrant actor reads them before its first co_await)");
    return *n;
  }
};

}  // namespace viceroy
