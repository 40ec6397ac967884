// mesh_handle: what the owned handles of every level have in common: how they reach the core, and let go.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "viceroy/actor/sentences.hpp"
#include "viceroy/actor/supervision.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/participant.hpp"
#include "viceroy/mesh/operations.hpp"
#include "viceroy/proc/runtime_core.hpp"
#include "viceroy/wire/buffer.hpp"

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
VICEROY_DECL mesh_operations& operations_of(const mailbox& asks);
// Errors: wrong_thread, inert.
VICEROY_DECL mesh_operations& operations_of(const participant& cx);

VICEROY_DECL task<void> stop_mesh(participant& cx, const shared_mesh& mesh);

// A handle is gone: its mesh is stopped. Takes what the handle held, which may be nothing.
VICEROY_DECL void let_go(shared_mesh& mesh) noexcept;

VICEROY_DECL task<shared_mesh> spawn_procs(mailbox& owner, const shared_mesh& hosts, const region& part,
                                           std::string_view name, extent per_host);
VICEROY_DECL task<shared_mesh> spawn_actors(const participant& cx, const shared_mesh& procs,
                                            const region& part, std::string_view name, actor_spec spec);

// What a proc agent makes an actor from. Errors: frame_too_large.
VICEROY_DECL actor_spec make_spec(std::uint64_t type, std::string_view name, encoded params);
// The same without parameters.
VICEROY_DECL actor_spec make_spec(std::uint64_t type, std::string_view name);

}  // namespace detail

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mesh/mesh_handles.hpp"
#endif
