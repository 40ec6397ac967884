// verb_checks: what a verb asks of actor, message and fields, and the sentence for what is missing.
#pragma once

#include <type_traits>

#include "viceroy/actor/sentences.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/message/copyable.hpp"

namespace viceroy::detail {

// As a verb's message type: the one argument is the message itself.
struct given_message;

template <class M, class... F>
struct verb_message {
  using type = M;
};
template <class F>
struct verb_message<given_message, F> {
  using type = std::remove_cvref_t<F>;
};
template <class M, class... F>
using message_of = typename verb_message<M, F...>::type;

template <class A, class M, bool Copied, bool Awaited, class... F>
consteval auto find_complaint() {
  if constexpr (!handled_by<A, M>)
    return std::type_identity<
        the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler>();
  else if constexpr (cannot_be_copied<Copied, M>)
    return std::type_identity<
        a_cast_copies_its_message__this_one_cannot_be_copied__use_send_or_call_on_one_actor>();
  else if constexpr (!made_from<M, F...>)
    return std::type_identity<
        the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible>();
  else if constexpr (Awaited && any_destroyed_twice<F...>)
    return std::type_identity<
        gcc_12_would_destroy_this_temporary_twice__name_it_first_or_write_call_M_of_cx_and_fields>();
  else
    return std::type_identity<void>();
}

// The sentence against a verb on one actor, on all ranks of a mesh, against an awaited one on them, and
// against an awaited one on one actor or rank; void when there is none. One overload and one deleted twin per
// verb keep clang's list of candidates short.
template <class A, class M, class... F>
using send_complaint = typename decltype(find_complaint<A, message_of<M, F...>, false, false, F...>())::type;
template <class A, class M, class... F>
using cast_complaint = typename decltype(find_complaint<A, message_of<M, F...>, true, false, F...>())::type;
template <class A, class M, class... F>
using call_complaint = typename decltype(find_complaint<A, message_of<M, F...>, true, true, F...>())::type;
template <class A, class M, class... F>
using call_one_complaint =
    typename decltype(find_complaint<A, message_of<M, F...>, false, true, F...>())::type;

template <class A, class M, class... F>
inline constexpr bool can_send = std::is_void_v<send_complaint<A, M, F...>>;
template <class A, class M, class... F>
inline constexpr bool can_cast = std::is_void_v<cast_complaint<A, M, F...>>;
template <class A, class M, class... F>
inline constexpr bool can_call = std::is_void_v<call_complaint<A, M, F...>>;
template <class A, class M, class... F>
inline constexpr bool can_call_one = std::is_void_v<call_one_complaint<A, M, F...>>;

// Against a message that an actor repeats to itself.
template <class A, class M, class... F>
using repeat_complaint = std::conditional_t<
    cannot_be_copied<can_send<A, M, F...>, message_of<M, F...>>,
    a_periodic_message_is_copied_each_time__this_one_cannot_be_copied__use_after_again_from_its_handler,
    send_complaint<A, M, F...>>;
template <class A, class M, class... F>
inline constexpr bool can_repeat = std::is_void_v<repeat_complaint<A, M, F...>>;

}  // namespace viceroy::detail
