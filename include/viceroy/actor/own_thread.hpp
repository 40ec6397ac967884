// own_thread: an actor that must block gets a thread of its own, and its handlers run there.
#pragma once

#include <type_traits>
#include <utility>

#include "viceroy/actor/building_site.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/mailbox/thread_keeper.hpp"
#include "viceroy/message/name.hpp"

namespace viceroy {

// Says in an actor, `using execution = vr::own_thread;`, that its handlers block: each such actor has a
// thread of its own, on which its init, handlers, stop and cleanup run, one at a time, and all that it
// spawns. Its proc's loop is never held by it. Its constructor runs where it is spawned. It sends, calls and
// answers like any other; it owns no meshes.
struct own_thread {};

template <class A>
inline constexpr bool has_own_thread =
    requires { requires std::is_same_v<typename A::execution, own_thread>; };

// Whether A::execution, if there is one, is something that this version knows.
template <class A>
inline constexpr bool knows_execution = !requires { typename A::execution; } || has_own_thread<A>;

namespace detail {

// What stands in the proc for an A on its own thread.
template <class A>
inline constexpr actor_ops keeper_ops_of{type_name<A>(),
                                         0,
                                         [](std::uint64_t) -> const handler_entry* { return nullptr; },
                                         nullptr,
                                         thread_keeper<own_loop>::stop_hook,
                                         thread_keeper<own_loop>::destroy_hook,
                                         [](mailbox&, const void*, std::uint64_t) { return false; }};

// Builds an actor on a loop that is lent to it. `make` builds it in the home that it is given.
template <class A, class Make>
mailbox& spawn_on_own_thread(directory& home, label name, mailbox* parent, Make make) {
  using keeper_type = thread_keeper<own_loop>;
  building_site site(home, parent, pool::class_of(sizeof(keeper_type)));
  auto* const keeper = ::new (site.memory()) keeper_type(home.queue(), home, keeper_ops_of<A>);
  site.add(*keeper, name);
  own_loop* thread = nullptr;
  try {
    thread = &home.threads()->lend(home);
    {
      const on_loop there(thread->home().queue());
      keeper->keep(*thread, make(thread->home()));
    }
    thread->start();
  } catch (...) {
    if (thread) {
      const on_loop there(thread->home().queue());
      thread->home().on_root_end({});
      life::end_all(thread->home());
      thread->finished();
    }
    throw;
  }
  site.finish();
  return *keeper;
}

}  // namespace detail

}  // namespace viceroy
