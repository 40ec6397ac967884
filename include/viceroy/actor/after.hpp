// after: how an actor's context sends delayed and periodic messages to its own actor.
#pragma once

#include <string>
#include <utility>

#include "viceroy/actor/context.hpp"
#include "viceroy/actor/invoke.hpp"
#include "viceroy/mailbox/delayed.hpp"

namespace viceroy {

namespace detail {

template <class A, class M, class... F>
message_node& make_for_self(mailbox& self, F&&... fields) {
  message_node& n = self.queue().template make<M>(message_ops_of<M>, false, std::forward<F>(fields)...);
  n.from = self.id();
  n.invoke = invoke_handler<A, M>;
  return n;
}

}  // namespace detail

template <class A>
template <class M, class... F>
  requires detail::can_send<A, M, F...>
delayed context<A>::after(executor::clock::duration delay, F&&... fields) {
  mailbox& self = verb();
  message_node& n = detail::make_for_self<A, detail::message_of<M, F...>>(self, std::forward<F>(fields)...);
  return detail::delayed_port::start(self, n, delay, {}, nullptr);
}

template <class A>
template <class M, class... F>
  requires detail::can_repeat<A, M, F...>
delayed context<A>::every(executor::clock::duration period, F&&... fields) {
  using message = detail::message_of<M, F...>;
  mailbox& self = verb();
  if (period <= executor::clock::duration::zero())
    throw error(errc::bad_input, "every() needs a period longer than nothing, in " + self.text());
  message_node& n = detail::make_for_self<A, message>(self, std::forward<F>(fields)...);
  return detail::delayed_port::start(
      self, n, period, period, [](run_queue& q, message_node& original) -> message_node& {
        return q.template make<message>(message_ops_of<message>, false,
                                        *static_cast<const message*>(original.payload()));
      });
}

template <class A>
bool context<A>::cancel(delayed which) {
  return detail::delayed_port::cancel(verb(), which);
}

}  // namespace viceroy
