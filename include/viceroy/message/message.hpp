// message: what may be sent, and the sentence for what may not.
#pragma once

#include <type_traits>

#include "viceroy/message/layout.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/message/reflect.hpp"
#include "viceroy/message/type_list.hpp"

namespace viceroy {

// Stands in the compiler's output for a member that cannot be written down: whose, and of which type.
template <class Message, class Member>
consteval bool this_message_has_a_member_that_cannot_be_written_down() {
  static_assert(is_encodable<Member>,
                "a message's members are numbers, enums, strings, standard containers and choices, "
                "unique_ptr, ids, refs, aggregates of these, and classes with VICEROY_FIELDS in their public "
                "part; using local = std::true_type; if it never leaves its process");
  return true;
}

namespace detail {

template <class Owner, class Member>
struct culprit {};

// Finds the innermost type that cannot be written down, and the class that has it as a member. Only after a
// failure.
template <class Owner, class T, class... Path>
consteval auto find_culprit();

template <class Owner, class... Path>
consteval auto first_culprit(type_list<>) {
  return type_list<>();
}
template <class Owner, class... Path, class T, class... Ts>
consteval auto first_culprit(type_list<T, Ts...>) {
  using found = decltype(find_culprit<Owner, T, Path...>());
  if constexpr (!std::is_same_v<found, type_list<>>)
    return found();
  else
    return first_culprit<Owner, Path...>(type_list<Ts...>());
}

template <class Owner, class T, class... Path>
consteval auto find_culprit() {
  if constexpr (is_encodable<T> || list_contains<type_list<Path...>, T>)
    return type_list<>();
  else if constexpr (has_parts<T>)
    return first_culprit<Owner, Path...>(typename layout_parts<T>::parts());
  else if constexpr (is_reflected<T> && !is_local_message<T>)
    return first_culprit<T, T, Path...>(field_types<T>());
  else
    return culprit<Owner, T>();
}

template <class Owner, class Member>
consteval bool report(culprit<Owner, Member>) {
  if constexpr (std::is_class_v<Member> && std::is_aggregate_v<Member> && !is_local_message<Member>) {
    return check_fields<Member>();
  } else if constexpr (std::is_same_v<Owner, Member>) {
    return check_fields<Member>();
  } else {
    return this_message_has_a_member_that_cannot_be_written_down<Owner, Member>();
  }
}

}  // namespace detail

// Checks that a complete type may be sent, and says in one sentence why not: that its fields can be told and
// written down, unless it is local, and that it has a name that every compiler tells the same.
template <class M>
consteval bool check_message() {
  static_assert(std::is_same_v<M, std::remove_cvref_t<M>>,
                "a message is named without const, volatile or reference");
  if constexpr (!is_local_message<M> && !is_encodable<M>)
    return detail::report(detail::find_culprit<M, M>());
  else if constexpr (detail::lists_fields<M>)
    return detail::check_fields<M>() && !type_name<M>().empty();
  else
    return !type_name<M>().empty();
}

}  // namespace viceroy
