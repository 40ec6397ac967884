// call_verbs: the awaited verbs of a mesh of actors: call every rank, the only one, or any one.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "viceroy/actor/invoke.hpp"
#include "viceroy/actor/sentences.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/mailbox/participant.hpp"
#include "viceroy/mesh/gather.hpp"

namespace viceroy {

// The base of actor_mesh_ref<A>, which is `Mesh`. All of it is checked where a verb is used, never when it is
// named.
template <class Mesh, class A>
class call_verbs {
 public:
  // Sends M(fields...) to every rank, and returns what their handlers will answer: one value per rank
  // (answer<void> for handlers without one). Errors: as cast; the answer ends with the first failure, naming
  // rank and cause, or with timeout after limits::call, naming the ranks that did not answer.
  template <class M, class... F>
    requires(handled_by<A, M> && std::is_copy_constructible_v<M> && made_from<M, F...> &&
             !detail::any_destroyed_twice<F...>)
  answer<gathered<handler_result<A, M>>> call(participant& cx, F&&... fields) const {
    return mesh().template gather<M>(cx.sender_box(), std::forward<F>(fields)...);
  }
  template <int Deduced = 0, class M, class Message = std::remove_cvref_t<M>>
    requires(handled_by<A, Message> && std::is_copy_constructible_v<Message> && !detail::destroyed_twice<M>)
  answer<gathered<handler_result<A, Message>>> call(participant& cx, M&& message) const {
    return mesh().template gather<Message>(cx.sender_box(), std::forward<M>(message));
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
  template <
      class M,
      class Sentence = a_cast_copies_its_message__this_one_cannot_be_copied__use_send_or_call_on_one_actor,
      class... F>
    requires(handled_by<A, M> && !std::is_copy_constructible_v<M>)
  detail::stop_here call(participant&, F&&...) const = delete;
  template <
      int Deduced = 0, class M,
      class Sentence = a_cast_copies_its_message__this_one_cannot_be_copied__use_send_or_call_on_one_actor>
    requires(handled_by<A, std::remove_cvref_t<M>> && !std::is_copy_constructible_v<std::remove_cvref_t<M>>)
  detail::stop_here call(participant&, M&&) const = delete;
  template <class M,
            class Sentence = the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible,
            class... F>
    requires(handled_by<A, M> && std::is_copy_constructible_v<M> && !made_from<M, F...>)
  detail::stop_here call(participant&, F&&...) const = delete;
  template <
      class M,
      class Sentence =
          gcc_12_would_destroy_this_temporary_twice__name_the_message_first_or_write_call_M_of_cx_and_fields,
      class... F>
    requires(handled_by<A, M> && std::is_copy_constructible_v<M> && made_from<M, F...> &&
             detail::any_destroyed_twice<F...>)
  detail::stop_here call(participant&, F&&...) const = delete;
  template <
      int Deduced = 0, class M,
      class Sentence =
          gcc_12_would_destroy_this_temporary_twice__name_the_message_first_or_write_call_M_of_cx_and_fields>
    requires(handled_by<A, std::remove_cvref_t<M>> && std::is_copy_constructible_v<std::remove_cvref_t<M>> &&
             detail::destroyed_twice<M>)
  detail::stop_here call(participant&, M&&) const = delete;

  // Calls the one rank of a mesh or slice that has just one. Errors: bad_input when it has more, naming how
  // many; else as a call of one actor.
  template <class M, class... F>
    requires(handled_by<A, M> && made_from<M, F...> && !detail::any_destroyed_twice<F...>)
  answer<handler_result<A, M>> call_one(participant& cx, F&&... fields) const {
    return mesh().template call_rank<M>(cx.sender_box(), mesh().only_rank(), std::forward<F>(fields)...);
  }
  template <int Deduced = 0, class M, class Message = std::remove_cvref_t<M>>
    requires(handled_by<A, Message> && !detail::destroyed_twice<M>)
  answer<handler_result<A, Message>> call_one(participant& cx, M&& message) const {
    return mesh().template call_rank<Message>(cx.sender_box(), mesh().only_rank(), std::forward<M>(message));
  }
  template <
      class M,
      class Sentence = the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler,
      class Handles = detail::list_of<A, M>, class... F>
    requires(!handled_by<A, M>)
  detail::stop_here call_one(participant&, F&&...) const = delete;
  template <
      int Deduced = 0, class M,
      class Sentence = the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler,
      class Handles = detail::list_of<A, M>>
    requires(!handled_by<A, std::remove_cvref_t<M>>)
  detail::stop_here call_one(participant&, M&&) const = delete;
  template <class M,
            class Sentence = the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible,
            class... F>
    requires(handled_by<A, M> && !made_from<M, F...>)
  detail::stop_here call_one(participant&, F&&...) const = delete;
  template <
      class M,
      class Sentence =
          gcc_12_would_destroy_this_temporary_twice__name_the_message_first_or_write_call_M_of_cx_and_fields,
      class... F>
    requires(handled_by<A, M> && made_from<M, F...> && detail::any_destroyed_twice<F...>)
  detail::stop_here call_one(participant&, F&&...) const = delete;
  template <
      int Deduced = 0, class M,
      class Sentence =
          gcc_12_would_destroy_this_temporary_twice__name_the_message_first_or_write_call_M_of_cx_and_fields>
    requires(handled_by<A, std::remove_cvref_t<M>> && detail::destroyed_twice<M>)
  detail::stop_here call_one(participant&, M&&) const = delete;

  // Calls one rank, the next in turn of those that are not known to be gone. Errors: as a call of one actor.
  template <class M, class... F>
    requires(handled_by<A, M> && made_from<M, F...> && !detail::any_destroyed_twice<F...>)
  answer<handler_result<A, M>> choose(participant& cx, F&&... fields) const {
    return mesh().template call_rank<M>(cx.sender_box(), mesh().next_rank(), std::forward<F>(fields)...);
  }
  template <
      class M,
      class Sentence = the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler,
      class Handles = detail::list_of<A, M>, class... F>
    requires(!handled_by<A, M>)
  detail::stop_here choose(participant&, F&&...) const = delete;
  template <class M,
            class Sentence = the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible,
            class... F>
    requires(handled_by<A, M> && !made_from<M, F...>)
  detail::stop_here choose(participant&, F&&...) const = delete;
  template <
      class M,
      class Sentence =
          gcc_12_would_destroy_this_temporary_twice__name_the_message_first_or_write_call_M_of_cx_and_fields,
      class... F>
    requires(handled_by<A, M> && made_from<M, F...> && detail::any_destroyed_twice<F...>)
  detail::stop_here choose(participant&, F&&...) const = delete;

 protected:
  call_verbs() = default;

 private:
  const Mesh& mesh() const { return static_cast<const Mesh&>(*this); }
};

}  // namespace viceroy
