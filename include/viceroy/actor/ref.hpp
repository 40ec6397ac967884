// ref: the typed address of one actor: send and call, checked at compile time.
#pragma once

#include <iosfwd>
#include <type_traits>
#include <utility>

#include "viceroy/actor/invoke.hpp"
#include "viceroy/actor/sentences.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/actor/verb_checks.hpp"
#include "viceroy/mailbox/answer.hpp"
#include "viceroy/mailbox/participant.hpp"
#include "viceroy/mailbox/port.hpp"
#include "viceroy/mailbox/post.hpp"

namespace viceroy {

// The address of an actor of class A: a value, copied, compared, printed and sent in messages. It checks
// nothing when named (A may be incomplete); its verbs do.
template <class A>
class actor_ref {
 public:
  actor_ref() = default;
  explicit actor_ref(const actor_id& id) : id_(id) {}

  const actor_id& id() const { return id_; }
  bool empty() const { return id_.empty(); }
  friend bool operator==(const actor_ref&, const actor_ref&) = default;
  friend auto operator<=>(const actor_ref&, const actor_ref&) = default;
  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const actor_ref& r) {
    return out << r.id_;
  }

  // Sends M(fields...), built in place; or a message that exists already, send(cx, m). Returns at once.
  // Errors: wrong_thread; inert for an empty ref. What cannot be delivered comes back: a mistake (no such
  // actor, no such handler, another layout) fails the sender, the rest is told and counted. Order: from one
  // sender to one receiver, as sent. Cost: inside a loop about ten nanoseconds, no allocation once warm; to
  // another process one encoding.
  template <class M = detail::given_message, class... F>
    requires detail::can_send<A, M, F...>
  [[gnu::always_inline]] void send(participant& cx, F&&... fields) const {
    using message = detail::message_of<M, F...>;
    // The loop's queue is the thread's: what finds the receiver waits for this ref, and for no other memory
    // of the sender's.
    run_queue* const q = run_queue::current();
    if (!cx.is_handling() || !q->is_near(id_.proc()) ||
        !detail::post_here<message>(*q, q->near(), cx.handling_box(), id_, detail::actor_tag<A>,
                                    detail::way_of<A, message>, std::forward<F>(fields)...)) [[unlikely]]
      send_elsewhere<message, F...>(cx, std::forward<F>(fields)...);
  }
  template <class M = detail::given_message, class... F, class Sentence = detail::send_complaint<A, M, F...>,
            class Handles = detail::list_of<A, M>>
    requires(!detail::can_send<A, M, F...>)
  void send(participant&, F&&...) const = delete;

  // Sends M(fields...), or a message that exists already, and returns the answer that its handler will give.
  // Errors: as send; the answer ends with what the handler threw, the cause for which the message came back,
  // the end of the process it went to, or timeout after limits::call (change it with within).
  template <class M = detail::given_message, class... F>
    requires detail::can_call_one<A, M, F...>
  answer<handler_result<A, detail::message_of<M, F...>>> call(participant& cx, F&&... fields) const {
    return call_with<detail::message_of<M, F...>>(cx.sender_box(), std::forward<F>(fields)...);
  }
  template <class M = detail::given_message, class... F,
            class Sentence = detail::call_one_complaint<A, M, F...>, class Handles = detail::list_of<A, M>>
    requires(!detail::can_call_one<A, M, F...>)
  detail::stop_here call(participant&, F&&...) const = delete;

  // Returns: the port of A's handler for M, for those who know the message and not the actor.
  template <class M>
    requires handled_by<A, M>
  port_ref<M> port() const {
    return port_ref<M>(port_id(id_, type_id<M>()));
  }

 private:
  template <class M>
  detail::destination to() const {
    if (id_.empty())
      throw error(errc::inert, "an empty actor_ref was sent to; take one from spawn, a mesh, or a message");
    return {id_, type_id<M>(), detail::invoke_handler<A, M>, detail::actor_tag<A>};
  }
  template <class M, class... F>
  [[gnu::noinline]] void send_elsewhere(participant& cx, detail::passed<F>... fields) const {
    detail::post<M>(cx.sender_box(), to<M>(), detail::attachments{},
                    std::forward<detail::passed<F>>(fields)...);
  }
  template <class M, class... F>
  [[gnu::noinline]] void ask_elsewhere(mailbox& from, std::uint64_t reply,
                                       detail::passed<F>... fields) const {
    detail::attachments a;
    a.reply = reply;
    detail::post_elsewhere<M>(from, to<M>(), a, std::forward<detail::passed<F>>(fields)...);
  }
  template <class M, class... F>
  answer<handler_result<A, M>> call_with(mailbox& from, F&&... fields) const {
    using result = handler_result<A, M>;
    auto waiting = detail::wait_for_one<result>(from, id_, type_name<M>());
    if constexpr (detail::answers_in_place<value_or_unit<result>>) {
      run_queue& q = from.queue();
      const actor_table* const there = q.actors_of(id_.proc());
      if (there && detail::call_here<M, value_or_unit<result>>(
                       q, *there, from, id_, detail::actor_tag<A>, detail::way_of<A, M>, waiting->number(),
                       waiting->take_answer, std::forward<F>(fields)...)) [[likely]]
        return answer<result>(std::move(waiting), from);
    }
    ask_elsewhere<M, F...>(from, waiting->number(), std::forward<F>(fields)...);
    return answer<result>(std::move(waiting), from);
  }

  actor_id id_;
};

template <class A>
struct opaque_layout<actor_ref<A>> {
  static constexpr std::string_view name = "actor_ref";
};
template <class A>
struct name_of<actor_ref<A>> {
  static constexpr std::string_view value = "actor_ref";
};
template <class A>
struct codec<actor_ref<A>> : detail::ref_codec<actor_ref<A>, actor_id> {};

}  // namespace viceroy

template <class A>
struct std::hash<viceroy::actor_ref<A>> {
  std::size_t operator()(const viceroy::actor_ref<A>& r) const noexcept {
    return std::hash<viceroy::actor_id>{}(r.id());
  }
};
