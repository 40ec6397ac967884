// sentences: the names that a compiler prints when a verb is used wrongly; each is the whole complaint and
// its cure.
#pragma once

#include <coroutine>
#include <type_traits>

namespace viceroy {

struct the_actor_does_not_handle_this_message__add_it_to_its_handles_and_write_a_handler;
struct the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible;
struct a_cast_copies_its_message__this_one_cannot_be_copied__use_send_or_call_on_one_actor;
struct a_periodic_message_is_copied_each_time__this_one_cannot_be_copied__use_after_again_from_its_handler;
struct gcc_12_would_destroy_this_temporary_twice__name_it_first_or_write_call_M_of_cx_and_fields;
struct the_actor_is_not_in_the_application__add_it_to_its_actors_list;
struct the_actor_cannot_be_constructed_from_these_parameters__give_what_its_params_type_takes;
struct an_actor_that_spawns_a_mesh_needs_a_mesh_failure_handler__add_mesh_failure_to_its_handles;
struct the_message_type_itself_is_given_as_a_field_list__write_call_cx_message_without_naming_the_type;

namespace detail {

// What a deleted verb returns: can be awaited, so that one mistake gives one error.
struct stop_here {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  int await_resume() const noexcept { return 0; }
};

// g++ 12 destroys an aggregate temporary twice when it stands in a co_await expression (PITFALLS in the
// documentation).
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
template <class T>
inline constexpr bool destroyed_twice = !std::is_reference_v<T> && std::is_class_v<T> &&
                                        std::is_aggregate_v<T> && !std::is_trivially_destructible_v<T>;
#else
template <class T>
inline constexpr bool destroyed_twice = false;
#endif

template <class... F>
inline constexpr bool any_destroyed_twice = [] {
  const bool each[] = {false, destroyed_twice<F>...};
  for (const bool b : each)
    if (b) return true;
  return false;
}();

}  // namespace detail

}  // namespace viceroy
