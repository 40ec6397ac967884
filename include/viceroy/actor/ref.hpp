// ref: the typed address of one actor: send and call, checked at compile time.
#pragma once

#include <iosfwd>
#include <type_traits>
#include <utility>

#include "viceroy/actor/invoke.hpp"
#include "viceroy/actor/sentences.hpp"
#include "viceroy/actor/traits.hpp"
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

  // Sends M(fields...), built in place. Returns at once.
  // Errors: wrong_thread; inert for an empty ref. What cannot be delivered comes back: a mistake (no such
  // actor, no such handler, another layout) fails the sender, the rest is told and counted. Order: from one
  // sender to one receiver, as sent. Cost: inside a loop about ten nanoseconds, no allocation once warm; to
  // another process one encoding.
  template <class M, class... F>
    requires handled_by<A, M> && made_from<M, F...>
  void send(participant& cx, F&&... fields) const {
    send_to<M>(cx.sender_box(), std::forward<F>(fields)...);
  }
  // The same for a message that exists already, copied or moved.
  template <int Deduced = 0, class M>
    requires handled_by<A, std::remove_cvref_t<M>>
  void send(participant& cx, M&& message) const {
    send_to<std::remove_cvref_t<M>>(cx.sender_box(), std::forward<M>(message));
  }
  template <
      class M,
      class Sentence = the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler,
      class Handles = detail::list_of<A, M>, class... F>
    requires(!handled_by<A, M>)
  void send(participant&, F&&...) const = delete;
  template <
      int Deduced = 0, class M,
      class Sentence = the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler,
      class Handles = detail::list_of<A, M>>
    requires(!handled_by<A, std::remove_cvref_t<M>>)
  void send(participant&, M&&) const = delete;
  template <class M,
            class Sentence = the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible,
            class... F>
    requires(handled_by<A, M> && !made_from<M, F...>)
  void send(participant&, F&&...) const = delete;

  // Sends M(fields...) and returns the answer that its handler will give.
  // Errors: as send; the answer ends with what the handler threw, the cause for which the message came back,
  // the end of the process it went to, or timeout after limits::call (change it with within).
  template <class M, class... F>
    requires(handled_by<A, M> && made_from<M, F...> && !detail::any_destroyed_twice<F...>)
  answer<handler_result<A, M>> call(participant& cx, F&&... fields) const {
    return call_with<M>(cx.sender_box(), std::forward<F>(fields)...);
  }
  template <int Deduced = 0, class M>
    requires(handled_by<A, std::remove_cvref_t<M>> && !detail::destroyed_twice<M>)
  answer<handler_result<A, std::remove_cvref_t<M>>> call(participant& cx, M&& message) const {
    return call_with<std::remove_cvref_t<M>>(cx.sender_box(), std::forward<M>(message));
  }
  template <
      class M,
      class Sentence = the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler,
      class Handles = detail::list_of<A, M>, class... F>
    requires(!handled_by<A, M>)
  detail::stop_here call(participant&, F&&...) const = delete;
  template <
      int Deduced = 0, class M,
      class Sentence = the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler,
      class Handles = detail::list_of<A, M>>
    requires(!handled_by<A, std::remove_cvref_t<M>>)
  detail::stop_here call(participant&, M&&) const = delete;
  template <class M,
            class Sentence = the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible,
            class... F>
    requires(handled_by<A, M> && !made_from<M, F...>)
  detail::stop_here call(participant&, F&&...) const = delete;
  template <
      class M,
      class Sentence =
          gcc_12_would_destroy_this_temporary_twice__name_the_message_first_or_write_call_M_of_cx_and_fields,
      class... F>
    requires(handled_by<A, M> && made_from<M, F...> && detail::any_destroyed_twice<F...>)
  detail::stop_here call(participant&, F&&...) const = delete;
  template <
      int Deduced = 0, class M,
      class Sentence =
          gcc_12_would_destroy_this_temporary_twice__name_the_message_first_or_write_call_M_of_cx_and_fields>
    requires(handled_by<A, std::remove_cvref_t<M>> && detail::destroyed_twice<M>)
  detail::stop_here call(participant&, M&&) const = delete;

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
  // Inside the loop nothing is built but the message in its node.
  template <class M, class... F>
  void send_to(mailbox& from, F&&... fields) const {
    auto* const home = static_cast<directory*>(id_.proc().home());
    if (home && &home->queue() == &from.queue()) [[likely]] {
      mailbox* const box = home->find(id_.index());
      if (box && box->tag() == detail::actor_tag<A>) [[likely]]
        return detail::post_here<M>(from, *box, detail::invoke_handler<A, M>, std::forward<F>(fields)...);
    }
    detail::post_elsewhere<M>(from, home, to<M>(), message_ops_of<M>, detail::attachments{},
                              std::forward<F>(fields)...);
  }
  template <class M, class... F>
  answer<handler_result<A, M>> call_with(mailbox& from, F&&... fields) const {
    const detail::destination where = to<M>();
    auto waiting = std::make_unique<detail::pending_one<handler_result<A, M>>>(from, id_, type_name<M>());
    detail::attachments a;
    a.reply = waiting->number();
    detail::post<M>(from, where, a, std::forward<F>(fields)...);
    return answer<handler_result<A, M>>(std::move(waiting), from);
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
