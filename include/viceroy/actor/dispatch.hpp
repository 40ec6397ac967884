// dispatch: an actor type's table: from message id to handler, and its hooks; made at compile time.
#pragma once

#include <array>
#include <cstdint>
#include <exception>

#include "viceroy/actor/actor_box.hpp"
#include "viceroy/actor/invoke.hpp"
#include "viceroy/actor/supervision.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/message_ops.hpp"
#include "viceroy/message/dispatch_table.hpp"

namespace viceroy {

namespace detail {

template <class A, class List>
struct handler_table;

template <class A, class... Ms>
struct handler_table<A, messages<Ms...>> {
  static constexpr std::array<handler_entry, sizeof...(Ms)> entries{
      handler_entry{type_id_of<Ms>, invoke_handler<A, Ms>, &message_ops_of<Ms>}...};
  static constexpr dispatch_table<sizeof...(Ms)> index{
      std::array<std::uint64_t, sizeof...(Ms)>{type_id_of<Ms>...}};

  static const handler_entry* find(std::uint64_t id) {
    const auto at = index.find(id);
    return at < entries.size() ? &entries[at] : nullptr;
  }
};

// Fails the actor for what a hook threw; called in a catch block.
VICEROY_DECL void hook_threw(mailbox& box, const char* hook);

// Runs a hook that is a task, as a handler that nobody waits for.
template <class Work>
handler_frame run_hook(mailbox& box, Work work, const char* hook, void (*done)(mailbox&)) {
  try {
    co_await work();
  } catch (...) {
    hook_threw(box, hook);
  }
  done(box);
}

template <class A>
void initialize_actor(mailbox& base) {
  auto& box = static_cast<actor_box<A>&>(base);
  if constexpr (is_task<decltype(box.actor().init(box.cx()))>) {
    auto work = [&box] { return box.actor().init(box.cx()); };
    run_hook(base, work, "init", [](mailbox& b) { life::started(b); }).start(base);
  } else {
    try {
      box.actor().init(box.cx());
      life::started(base);
    } catch (...) {
      hook_threw(base, "init");
    }
  }
}

template <class A>
void stop_actor(mailbox& base) {
  auto& box = static_cast<actor_box<A>&>(base);
  if constexpr (is_task<decltype(box.actor().stop(box.cx()))>) {
    auto work = [&box] { return box.actor().stop(box.cx()); };
    life::of(base).hook_ran = true;
    run_hook(base, work, "stop", [](mailbox&) {}).start(base);
  } else {
    try {
      box.actor().stop(box.cx());
    } catch (...) {
      hook_threw(base, "stop");
    }
    life::stopped(base);
  }
}

template <class A>
void destroy_actor(mailbox& base) noexcept {
  auto& box = static_cast<actor_box<A>&>(base);
  if constexpr (requires(A& a, context<A>& cx) { a.cleanup(cx); }) {
    try {
      box.actor().cleanup(box.cx());
    } catch (...) {  // the actor is gone whatever its cleanup says
    }
  }
  box.destroy();
}

// Gives an event to the actor as a message from nobody (it must not come back), if it has a handler for it.
// What has come back counts against the mailbox's bound; a failure is told whatever else waits.
template <class A, class Event>
bool offer(mailbox& box, const Event& event) {
  if constexpr (has_exact_handler<A, Event>) {
    message_node& n = box.queue().template make<Event>(message_ops_of<Event>, false, event);
    n.from = actor_id();
    n.invoke = invoke_handler<A, Event>;
    if constexpr (std::is_same_v<Event, undeliverable>) {
      enqueue(box, n);
    } else {
      enqueue_always(box, n);
    }
    return true;
  } else {
    return false;
  }
}

template <class A>
bool supervise_actor(mailbox& box, const void* event, std::uint64_t type) {
  if (type == type_id<child_failure>()) return offer<A>(box, *static_cast<const child_failure*>(event));
  if (type == type_id<undeliverable>()) return offer<A>(box, *static_cast<const undeliverable*>(event));
  if (type == type_id<mesh_failure>()) return offer<A>(box, *static_cast<const mesh_failure*>(event));
  return false;
}

inline bool supervise_nothing(mailbox&, const void*, std::uint64_t) { return false; }

template <class A>
constexpr actor_ops make_actor_ops() {
  actor_ops ops{type_name<A>(),   actor_tag<A>, handler_table<A, typename A::handles>::find,
                life::started,    nullptr,      destroy_actor<A>,
                supervise_nothing};
  if constexpr (requires(A& a, context<A>& cx) { a.init(cx); }) ops.initialize = initialize_actor<A>;
  if constexpr (has_exact_handler<A, child_failure> || has_exact_handler<A, undeliverable> ||
                has_exact_handler<A, mesh_failure>)
    ops.supervise = supervise_actor<A>;
  if constexpr (requires(A& a, context<A>& cx) { a.stop(cx); }) ops.stop = stop_actor<A>;
  ops.bound = bound_of<A>();
  return ops;
}

}  // namespace detail

// Whether an actor's start takes a turn of its own.
template <class A>
concept has_init = requires(A& a, context<A>& cx) { a.init(cx); };

template <class A>
inline constexpr actor_ops actor_ops_of = detail::make_actor_ops<A>();

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/actor/hooks.hpp"
#endif
