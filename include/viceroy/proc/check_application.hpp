// check_application: what can only be seen where an application is put together, one sentence per mistake.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "viceroy/actor/own_thread.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/message/check_fields.hpp"
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
template <class Actor>
struct the_actor_has_an_unknown_execution__write_using_execution_own_thread_or_leave_it_out {
  static_assert(detail::never<Actor>,
                "an actor with `using execution = T;` needs T to be viceroy::own_thread");
};
template <class Actor>
struct the_actor_has_an_unknown_mailbox__write_using_mailbox_bounded_or_leave_it_out {
  static_assert(detail::never<Actor>,
                "an actor with `using mailbox = T;` needs T to be viceroy::bounded<N, policy>");
};
template <class Actor>
struct a_hook_of_the_actor_does_not_take_its_context__write_init_stop_or_cleanup_of_context {
  static_assert(detail::never<Actor>,
                "an actor's hooks are void or task<void> init(context<A>&), stop(context<A>&) and void "
                "cleanup(context<A>&)");
};
template <class Actor>
struct the_actor_lists_no_messages__write_public_using_handles_messages_of_what_it_handles {
  static_assert(detail::never<Actor>,
                "an actor lists what it handles in its public part: using handles = viceroy::messages<...>;");
};
template <class One, class Other>
struct two_types_of_the_application_have_the_same_name_or_id__give_one_a_name_of_its_own {
  static_assert(
      detail::never<One>,
      "two types with one name cannot be told apart on the wire; give one static constexpr auto name");
};

namespace detail {

enum class mistake {
  none,
  no_handler,
  another_signature,
  no_constructor,
  no_default,
  no_name,
  unsayable,
  execution,
  mailbox,
  hook,
  no_list
};

// Whether VICEROY_FIELDS, where it is used, lists what it should.
template <class T>
constexpr bool lists_all_fields() {
  if constexpr (lists_fields<T>) {
    using listed = listed_members<T, listed_fields<T>>;
    return !listed::twice() && listed::all();
  } else {
    return true;
  }
}
// Whether a type may travel as it stands; void is no answer's value.
template <class T>
inline constexpr bool travels =
    has_stable_name<T> && (is_local_message<T> || (viceroy::is_encodable<T> && lists_all_fields<T>()));
template <>
inline constexpr bool travels<void> = true;

template <class A>
constexpr mistake actor_mistake() {
  if constexpr (has_params<A> && !__is_constructible(A, params_of<A>))
    return mistake::no_constructor;
  else if constexpr (!has_params<A> && !__is_constructible(A))
    return mistake::no_default;
  else if constexpr (!has_stable_name<A>)
    return mistake::no_name;
  else if constexpr (!knows_execution<A>)
    return mistake::execution;
  else if constexpr (!knows_mailbox<A>)
    return mistake::mailbox;
  else if constexpr (!has_sound_hooks<A>)
    return mistake::hook;
  else
    return travels<params_of<A>> ? mistake::none : mistake::unsayable;
}
template <class A, class M>
constexpr mistake message_mistake() {
  if constexpr (!has_handler<A, M>)
    return mistake::no_handler;
  else if constexpr (!has_exact_handler<A, M>)
    return mistake::another_signature;
  else if constexpr (is_local_message<M>)
    return travels<M> ? mistake::none : mistake::unsayable;
  else
    return travels<M> && travels<handler_result<A, M>> ? mistake::none : mistake::unsayable;
}

// The first mistake in an actor: about itself (place 0), or about one of its messages (from place 1 on).
struct found_mistake {
  mistake what = mistake::none;
  std::size_t place = 0;
};
template <class A, class... Ms>
constexpr found_mistake first_mistake(messages<Ms...>) {
  const mistake all[] = {actor_mistake<A>(), message_mistake<A, Ms>()...};
  for (std::size_t i = 0; i != 1 + sizeof...(Ms); ++i)
    if (all[i] != mistake::none) return {all[i], i};
  return {};
}
template <class A>
constexpr found_mistake find_mistake() {
  if constexpr (requires { first_mistake<A>(typename A::handles()); })
    return first_mistake<A>(typename A::handles());
  else
    return {mistake::no_list, 0};
}
template <class A>
inline constexpr found_mistake mistake_of = find_mistake<A>();

// What to complain about: the carrier of a sentence, a message to check, a type to name. Naming them says
// nothing yet.
struct no_complaint {
  using sentence = unit;
  using message = unit;
  using named = unit;
};
template <class A, mistake What, std::size_t Place>
struct complaint : no_complaint {};
template <class A, std::size_t Place>
struct complaint<A, mistake::no_handler, Place> : no_complaint {
  using sentence =
      the_actor_lists_a_message_that_it_has_no_handler_for__write_R_handle_of_context_and_message<
          A, list_at<typename A::handles, Place - 1>>;
};
template <class A, std::size_t Place>
struct complaint<A, mistake::another_signature, Place> : no_complaint {
  using sentence = the_handler_has_another_signature__write_R_handle_of_context_A_and_M_or_const_M<
      A, list_at<typename A::handles, Place - 1>>;
};
template <class A>
struct complaint<A, mistake::no_constructor, 0> : no_complaint {
  using sentence = the_actor_is_not_constructible_from_its_params__add_that_constructor<A, params_of<A>>;
};
template <class A>
struct complaint<A, mistake::no_default, 0> : no_complaint {
  using sentence =
      the_actor_has_no_params_and_no_default_constructor__add_using_params_or_a_default_constructor<A>;
};
template <class A>
struct complaint<A, mistake::execution, 0> : no_complaint {
  using sentence = the_actor_has_an_unknown_execution__write_using_execution_own_thread_or_leave_it_out<A>;
};
template <class A>
struct complaint<A, mistake::mailbox, 0> : no_complaint {
  using sentence = the_actor_has_an_unknown_mailbox__write_using_mailbox_bounded_or_leave_it_out<A>;
};
template <class A>
struct complaint<A, mistake::hook, 0> : no_complaint {
  using sentence = a_hook_of_the_actor_does_not_take_its_context__write_init_stop_or_cleanup_of_context<A>;
};
template <class A>
struct complaint<A, mistake::no_list, 0> : no_complaint {
  using sentence = the_actor_lists_no_messages__write_public_using_handles_messages_of_what_it_handles<A>;
};
template <class A>
struct complaint<A, mistake::no_name, 0> : no_complaint {
  using named = A;
};
template <class A>
struct complaint<A, mistake::unsayable, 0> : no_complaint {
  using message = params_of<A>;
};
template <class A, std::size_t Place>
struct complaint<A, mistake::unsayable, Place> : no_complaint {
  using said = list_at<typename A::handles, Place - 1>;
  using message = std::conditional_t<travels<said>, handler_result<A, said>, said>;
};

template <class T>
inline constexpr char type_identity = 0;  // its address tells types apart in a constant expression

// Two types of one name, by their places in a list; the same type may stand there more than once.
template <class... Ts>
constexpr equal_ids find_clash(type_list<Ts...>) {
  const std::array<std::uint64_t, sizeof...(Ts)> names{id_of_name(found_name<Ts>)...};
  const std::array<const void*, sizeof...(Ts)> types{&type_identity<Ts>...};
  const dispatch_table first_of(names);
  for (std::size_t i = 0; i != names.size(); ++i)
    if (const std::size_t first = first_of.find(names[i]); types[first] != types[i]) return {first, i, true};
  return {};
}
template <class List>
inline constexpr equal_ids clash_of = find_clash(List());

template <class List, bool = clash_of<List>.found>
struct clash : no_complaint {};
template <class List>
struct clash<List, true> : no_complaint {
  using sentence = two_types_of_the_application_have_the_same_name_or_id__give_one_a_name_of_its_own<
      list_at<List, clash_of<List>.first>, list_at<List, clash_of<List>.second>>;
};

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

// Whether an application of these actors is sound, and its first complaint if not: who puts it together says
// that, and uses it no further, so that one mistake gives one error.
template <class... As>
class soundness {
  static constexpr std::size_t first = [] {
    const mistake each[] = {mistake_of<As>.what..., mistake::none};
    std::size_t at = 0;
    while (at != sizeof...(As) && each[at] == mistake::none) ++at;
    return at;
  }();

  template <bool ActorsAreWell, class List>
  struct find {
    using A = list_at<List, first>;
    using type = complaint<A, mistake_of<A>.what, mistake_of<A>.place>;
  };
  template <class List>
  struct find<true, List> {
    using of_actors = clash<List>;
    using of_messages = clash<typename joined<typename As::handles...>::type>;
    using type = std::conditional_t<clash_of<List>.found, of_actors, of_messages>;
  };

 public:
  using complaint = typename find<first == sizeof...(As), type_list<As...>>::type;
  static constexpr bool well = std::is_same_v<typename complaint::sentence, unit> &&
                               std::is_same_v<typename complaint::message, unit> &&
                               std::is_same_v<typename complaint::named, unit>;
};

}  // namespace detail

}  // namespace viceroy
