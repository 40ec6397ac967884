// call_verbs: the awaited verbs of a mesh of actors: call every rank, the only one, or any one.
#pragma once

#include <utility>

#include "viceroy/actor/invoke.hpp"
#include "viceroy/actor/verb_checks.hpp"
#include "viceroy/mailbox/participant.hpp"
#include "viceroy/mesh/gather.hpp"

namespace viceroy {

// The base of actor_mesh_ref<A>, which is `Mesh`. Nothing is checked when it is named; its verbs check. Each
// takes a message's type and its fields, call<M>(cx, fields...), or a message that exists already,
// call(cx, m).
template <class Mesh, class A>
class call_verbs {
 public:
  // Sends M(fields...) to every rank, and returns what their handlers will answer: one value per rank
  // (answer<void> for handlers without one). Errors: as cast; the answer ends with the first failure, naming
  // rank and cause, or with timeout after limits::call, naming the ranks that did not answer.
  template <class M = detail::given_message, class... F>
    requires detail::can_call<A, M, F...>
  answer<gathered<handler_result<A, detail::message_of<M, F...>>>> call(participant& cx,
                                                                        F&&... fields) const {
    return mesh().template gather<detail::message_of<M, F...>>(cx.sender_box(), std::forward<F>(fields)...);
  }
  template <class M = detail::given_message, class... F, class Sentence = detail::call_complaint<A, M, F...>,
            class Handles = detail::list_of<A, M>>
    requires(!detail::can_call<A, M, F...>)
  detail::stop_here call(participant&, F&&...) const = delete;

  // Calls the one rank of a mesh or slice that has just one. Errors: bad_input when it has more, naming how
  // many; else as a call of one actor.
  template <class M = detail::given_message, class... F>
    requires detail::can_call_one<A, M, F...>
  answer<handler_result<A, detail::message_of<M, F...>>> call_one(participant& cx, F&&... fields) const {
    return mesh().template call_rank<detail::message_of<M, F...>>(cx.sender_box(), mesh().only_rank(),
                                                                  std::forward<F>(fields)...);
  }
  template <class M = detail::given_message, class... F,
            class Sentence = detail::call_one_complaint<A, M, F...>, class Handles = detail::list_of<A, M>>
    requires(!detail::can_call_one<A, M, F...>)
  detail::stop_here call_one(participant&, F&&...) const = delete;

  // Calls one rank, the next in turn of those that are not known to be gone. Errors: as a call of one actor.
  template <class M = detail::given_message, class... F>
    requires detail::can_call_one<A, M, F...>
  answer<handler_result<A, detail::message_of<M, F...>>> choose(participant& cx, F&&... fields) const {
    return mesh().template call_rank<detail::message_of<M, F...>>(cx.sender_box(), mesh().next_rank(),
                                                                  std::forward<F>(fields)...);
  }
  template <class M = detail::given_message, class... F,
            class Sentence = detail::call_one_complaint<A, M, F...>, class Handles = detail::list_of<A, M>>
    requires(!detail::can_call_one<A, M, F...>)
  detail::stop_here choose(participant&, F&&...) const = delete;

 protected:
  call_verbs() = default;

 private:
  const Mesh& mesh() const { return static_cast<const Mesh&>(*this); }
};

}  // namespace viceroy
