// traits: what an actor class says of itself: the messages it handles, their results, its params and hooks.
#pragma once

#include <type_traits>
#include <utility>

#include "viceroy/base/task.hpp"
#include "viceroy/message/list.hpp"

namespace viceroy {

template <class A>
class context;

namespace detail {

template <class T>
struct unwrap_task {
  using type = T;
};
template <class T>
struct unwrap_task<task<T>> {
  using type = T;
};

// What a.handle(cx, m) gives; `no_handler` if it is not there.
struct no_handler;
template <class A, class M>
auto raw_result(A* a, context<A>* cx, M* m)
    -> std::type_identity<decltype(a->handle(*cx, static_cast<M&&>(*m)))>;
template <class A, class M>
auto raw_result(...) -> std::type_identity<no_handler>;

template <class A, class M, class R>
concept takes_value = requires { static_cast<R (A::*)(context<A>&, M)>(&A::handle); };
template <class A, class M, class R>
concept takes_reference = requires { static_cast<R (A::*)(context<A>&, const M&)>(&A::handle); } ||
                          requires { static_cast<R (A::*)(context<A>&, const M&) const>(&A::handle); };
template <class A, class M, class R>
concept takes_value_const = requires { static_cast<R (A::*)(context<A>&, M) const>(&A::handle); };

template <class A>
concept has_params = requires { typename A::params; };

template <class A>
struct params {
  using type = void;
};
template <has_params A>
struct params<A> {
  using type = typename A::params;
};

}  // namespace detail

// Whether each hook that A has takes its context; one that does not would never run.
template <class A>
inline constexpr bool has_sound_hooks =
    (!requires { requires std::is_member_function_pointer_v<decltype(&A::init)>; } ||
     requires(A& a, context<A>& cx) { a.init(cx); }) &&
    (!requires { requires std::is_member_function_pointer_v<decltype(&A::stop)>; } ||
     requires(A& a, context<A>& cx) { a.stop(cx); }) &&
    (!requires { requires std::is_member_function_pointer_v<decltype(&A::cleanup)>; } ||
     requires(A& a, context<A>& cx) { a.cleanup(cx); });

// What A::handle returns for M, as it stands: void, a value, or a task.
template <class A, class M>
using handler_return = typename decltype(detail::raw_result<A, M>(nullptr, nullptr, nullptr))::type;

// What a call of M on A answers with: the handler's value, or its task's.
template <class A, class M>
using handler_result = typename detail::unwrap_task<handler_return<A, M>>::type;

// Whether A has a handler for M at all, with any signature.
template <class A, class M>
concept has_handler = !std::is_same_v<handler_return<A, M>, detail::no_handler>;

// Whether it has exactly `R handle(context<A>&, M)` or `R handle(context<A>&, const M&)`, perhaps const.
template <class A, class M>
concept has_exact_handler = has_handler<A, M> && (detail::takes_reference<A, M, handler_return<A, M>> ||
                                                  detail::takes_value<A, M, handler_return<A, M>> ||
                                                  detail::takes_value_const<A, M, handler_return<A, M>>);

// Whether A's handler of M takes const M&, so that receivers of a cast can share one payload.
template <class A, class M>
inline constexpr bool handler_shares =
    has_handler<A, M> && detail::takes_reference<A, M, handler_return<A, M>>;

// Whether A lists M in its `handles`.
template <class A, class M>
concept handled_by = list_contains<typename A::handles, M>;

namespace detail {

// What an actor handles, looked up only once M is known: until then A may be incomplete.
template <class A, class M>
struct listed {
  using type = typename A::handles;
};
template <class A, class M>
using list_of = typename listed<A, M>::type;

}  // namespace detail

// Whether M(fields...) can be built.
template <class M, class... F>
concept made_from = __is_constructible(M, F...);

// The type of A's spawn parameters; void if it has none.
template <class A>
using params_of = typename detail::params<A>::type;

// Whether spawn's trailing arguments make an A: through its params if it has any, else directly from nothing.
template <class A, class... F>
concept spawnable_from = (detail::has_params<A> && __is_constructible(params_of<A>, F...)) ||
                         (!detail::has_params<A> && sizeof...(F) == 0 && __is_constructible(A));

// The same, as one word: a compiler does not explain it.
template <class A, class... F>
inline constexpr bool can_spawn = spawnable_from<A, F...>;

}  // namespace viceroy
