// check_application: what can only be seen where an application is put together, one sentence per mistake.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "viceroy/actor/traits.hpp"
#include "viceroy/message/dispatch_table.hpp"
#include "viceroy/message/list.hpp"
#include "viceroy/message/message.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/message/type_id.hpp"

namespace viceroy {

namespace detail {

template <class...>
inline constexpr bool never = false;

}  // namespace detail

// The names below are the sentences that a compiler prints.
template <class Actor, class Message>
struct the_actor_lists_a_message_that_it_has_no_handler_for__write_R_handle_of_context_and_message {
  static_assert(
      detail::never<Actor>,
      "an actor's handles names a message, and there is no R handle(context<Actor>&, Message) for it");
};
template <class Actor, class Message>
struct the_handler_has_another_signature__write_R_handle_of_context_A_and_M_or_const_M {
  static_assert(detail::never<Actor>,
                "a handler is exactly R handle(context<A>&, M) or R handle(context<A>&, const M&), R being "
                "any value, void or task");
};
template <class Actor, class Params>
struct the_actor_is_not_constructible_from_its_params__add_that_constructor {
  static_assert(detail::never<Actor>, "an actor with `using params = T;` needs a constructor from T");
};
template <class Actor>
struct the_actor_has_no_params_and_no_default_constructor__add_using_params_or_a_default_constructor {
  static_assert(detail::never<Actor>, "an actor is made from its params, or from nothing");
};
template <class One, class Other>
struct two_types_of_the_application_have_the_same_name_or_id__give_one_a_name_of_its_own {
  static_assert(
      detail::never<One>,
      "two types with one name cannot be told apart on the wire; give one static constexpr auto name");
};

namespace detail {

enum class mistake { none, no_handler, another_signature, no_constructor, no_default, unsayable, clash };

// Whether a type may travel as it stands; void is no answer's value.
template <class T>
inline constexpr bool travels = has_stable_name<T> && (is_local_message<T> || viceroy::is_encodable<T>);
template <>
inline constexpr bool travels<void> = true;

// The first mistake about one message of one actor.
template <class A, class M>
consteval mistake message_mistake() {
  if constexpr (!has_handler<A, M>)
    return mistake::no_handler;
  else if constexpr (!has_exact_handler<A, M>)
    return mistake::another_signature;
  else if constexpr (!travels<M> || !(is_local_message<M> || travels<handler_result<A, M>>))
    return mistake::unsayable;
  else
    return mistake::none;
}
// The first about the actor itself.
template <class A>
consteval mistake actor_mistake() {
  if constexpr (has_params<A> && !std::is_constructible_v<A, params_of<A>>)
    return mistake::no_constructor;
  else if constexpr (!has_params<A> && !std::is_default_constructible_v<A>)
    return mistake::no_default;
  else if constexpr (!has_stable_name<A> || !travels<params_of<A>>)
    return mistake::unsayable;
  else
    return mistake::none;
}

// Two types of one name, by their places in a list; the same type may stand there more than once.
struct named_type {
  std::uint64_t name;
  const void* type;  // tells types apart in a constant expression
};
template <class T>
inline constexpr char type_identity = 0;

template <class... Ts>
consteval equal_ids find_clash(type_list<Ts...>) {
  const std::array<named_type, sizeof...(Ts)> all{
      named_type{id_of_name(found_name<Ts>), &type_identity<Ts>}...};
  for (std::size_t i = 0; i != all.size(); ++i)
    for (std::size_t j = 0; j != i; ++j)
      if (all[i].name == all[j].name && all[i].type != all[j].type) return {j, i, true};
  return {};
}

template <class... Lists>
struct joined {
  using type = type_list<>;
};
template <class... Ms>
struct joined<messages<Ms...>> {
  using type = type_list<Ms...>;
};
template <class... Ms, class... Ns, class... Rest>
struct joined<messages<Ms...>, messages<Ns...>, Rest...> : joined<messages<Ms..., Ns...>, Rest...> {};

// The reports: instantiated, each says what it has to say.
template <class A, class M, mistake = message_mistake<A, M>()>
struct message_report {
  static_assert(check_message<M>());
};
template <class A, class M>
struct message_report<A, M, mistake::no_handler>
    : the_actor_lists_a_message_that_it_has_no_handler_for__write_R_handle_of_context_and_message<A, M> {};
template <class A, class M>
struct message_report<A, M, mistake::another_signature>
    : the_handler_has_another_signature__write_R_handle_of_context_A_and_M_or_const_M<A, M> {};
template <class A, class M>
struct message_report<A, M, mistake::unsayable> {
  static_assert(check_message<std::conditional_t<travels<M>, handler_result<A, M>, M>>());
};

template <class A, mistake = actor_mistake<A>()>
struct actor_report {};
template <class A>
struct actor_report<A, mistake::no_constructor>
    : the_actor_is_not_constructible_from_its_params__add_that_constructor<A, params_of<A>> {};
template <class A>
struct actor_report<A, mistake::no_default>
    : the_actor_has_no_params_and_no_default_constructor__add_using_params_or_a_default_constructor<A> {};
template <class A>
struct actor_report<A, mistake::unsayable> {
  static_assert(!type_name<A>().empty());
  static_assert(travels<params_of<A>> ||
                check_message<std::conditional_t<travels<params_of<A>>, A, params_of<A>>>());
};

template <class List>
inline constexpr equal_ids clash_of = find_clash(List());

template <class List, bool = clash_of<List>.found>
struct clash_report {
  static constexpr bool found = false;
};
template <class List>
struct clash_report<List, true>
    : two_types_of_the_application_have_the_same_name_or_id__give_one_a_name_of_its_own<
          list_at<List, clash_of<List>.first>, list_at<List, clash_of<List>.second>> {
  static constexpr bool found = true;
};

consteval bool all_well(const auto&... mistakes) {
  for (const mistake each : {mistake::none, mistakes...})
    if (each != mistake::none) return false;
  return true;
}
consteval bool said(auto...) { return true; }

template <class A, class List>
struct check_actor;
template <class A, class... Ms>
struct check_actor<A, messages<Ms...>> {
  static constexpr bool well = all_well(actor_mistake<A>(), message_mistake<A, Ms>()...);
  static_assert(said(sizeof(actor_report<A>), sizeof(message_report<A, Ms>)...));
};

// What is asked once all actors are well: whether each name stands for one type.
template <bool Well, class... As>
struct check_names {
  static constexpr bool well = false;
};
template <class... As>
struct check_names<true, As...> {
  static constexpr bool well = !clash_report<type_list<As...>>::found &&
                               !clash_report<typename joined<typename As::handles...>::type>::found;
};

// Whether an application of these actors is sound. It says what is not; what depends on it is then left out,
// so that one mistake gives one error.
template <class... As>
inline constexpr bool application_is_sound =
    check_names<said(sizeof(check_actor<As, typename As::handles>)...) && ([] {
                  const bool each[] = {true, check_actor<As, typename As::handles>::well...};
                  for (const bool one : each)
                    if (!one) return false;
                  return true;
                }()),
                As...>::well;

}  // namespace detail

}  // namespace viceroy
