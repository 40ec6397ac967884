// mesh_handle: what the owned handles of every level have in common: how they reach the core, and let go.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "viceroy/actor/sentences.hpp"
#include "viceroy/actor/supervision.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/base/memory.hpp"
#include "viceroy/mailbox/participant.hpp"
#include "viceroy/mesh/operations.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

template <class A>
class context;

struct gcc_12_would_destroy_this_temporary_twice__name_it_in_a_line_of_its_own_and_move_it;

namespace detail {

// Whoever spawns a mesh hears of its failures: an actor by a handler, an instance through its runtime.
template <class Owner>
inline constexpr bool hears_failures = true;
template <class A>
inline constexpr bool hears_failures<context<A>> = has_exact_handler<A, mesh_failure>;

// What the core offers, by way of whoever asks. Errors: not_here in a proc without a runtime.
inline mesh_operations& operations_of(const mailbox& asks) {
  runtime_core* const core = asks.home().core();
  if (!core)
    throw error(
        errc::not_here,
        asks.text() +
            " lives in a proc without a runtime, which has no meshes; make the proc with proc<App>::direct");
  if (&asks.queue() != &core->queue())
    throw error(errc::wrong_thread,
                asks.text() +
                    " has a thread of its own and cannot own or stop meshes; let an actor without "
                    "`using execution = own_thread;` do that");
  return core->meshes();
}
// Errors: wrong_thread, inert.
inline mesh_operations& operations_of(const participant& cx) { return operations_of(cx.sender_box()); }

inline task<void> stop_mesh(participant& cx, std::shared_ptr<mesh_state> mesh) {
  return operations_of(cx).stop(mailbox_handle(cx.sender_box()), std::move(mesh));
}

inline void let_go(std::shared_ptr<mesh_state> mesh) noexcept {
  if (mesh && mesh->operations) mesh->operations->abandon(std::move(mesh));
}

inline task<std::shared_ptr<mesh_state>> spawn_actors(const participant& cx,
                                                      const std::shared_ptr<mesh_state>& procs,
                                                      const region& part, std::string_view name,
                                                      actor_spec spec) {
  return operations_of(cx).spawn_actors(mailbox_handle(cx.sender_box()), procs, part, std::string(name),
                                        std::move(spec));
}

}  // namespace detail

}  // namespace viceroy
