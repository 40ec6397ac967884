// proc_mesh: procs over an extent; what actor meshes are spawned on.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // as in viceroy.hpp
#endif

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "viceroy/actor/invoke.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/mesh/actor_mesh.hpp"
#include "viceroy/mesh/mesh_handle.hpp"
#include "viceroy/mesh/plain_mesh_ref.hpp"
#include "viceroy/message/type_list.hpp"

namespace viceroy {

namespace detail {

template <class App, class A>
concept in_application = list_contains<typename App::actors_list, A>;

// The sentence against spawning an A from an owner; void when there is none.
template <class App, class A, class Owner, class... F>
consteval auto find_spawn_complaint() {
  if constexpr (!in_application<App, A>)
    return std::type_identity<the_actor_is_not_in_the_application__add_it_to_its_actors_list>();
  else if constexpr (!spawnable_from<A, F...>)
    return std::type_identity<
        the_actor_cannot_be_constructed_from_these_parameters__give_what_its_params_type_takes>();
  else if constexpr (!hears_failures<Owner>)
    return std::type_identity<
        an_actor_that_spawns_a_mesh_needs_a_mesh_failure_handler__add_mesh_failure_to_its_handles>();
  else if constexpr (any_destroyed_twice<F...>)
    return std::type_identity<
        gcc_12_would_destroy_this_temporary_twice__name_it_in_a_line_of_its_own_and_move_it>();
  else
    return std::type_identity<void>();
}
template <class App, class A, class Owner, class... F>
using spawn_complaint = typename decltype(find_spawn_complaint<App, A, Owner, F...>())::type;
template <class App, class A, class Owner, class... F>
inline constexpr bool can_spawn = std::is_void_v<spawn_complaint<App, A, Owner, F...>>;

// What a proc agent makes an A from.
template <class A, class... F>
actor_spec spec_of(F&&... fields) {
  if constexpr (has_params<A>) {
    VICEROY_BUILDS_BEGIN
    return make_spec(actor_tag<A>, type_name<A>(), encode_message(params_of<A>(static_cast<F&&>(fields)...)));
    VICEROY_BUILDS_END
  } else {
    return make_spec(actor_tag<A>, type_name<A>());
  }
}

}  // namespace detail

// Procs over an extent, or a part of one: copied and sliced; owns nothing. Threads: its owner's loop's.
template <class App>
class proc_mesh_ref : public plain_mesh_ref<proc_mesh_ref<App>> {
 public:
  using plain_mesh_ref<proc_mesh_ref>::plain_mesh_ref;

  // Starts one A per rank, made from the fields as a message is; they are written down in this call. Lazy:
  // the actors are made when the task is awaited. Returns: the actors, owned by `cx`, whose actor hears
  // mesh_failure. Errors: spawn_failed, naming ranks and what their constructors threw; timeout, naming who
  // did not answer within limits::spawn_idle; inert; owner_gone. Stops: dropping the task stops what it had
  // started.
  template <class A, class Owner, class... F>
    requires detail::can_spawn<App, A, Owner, F...>
  task<actor_mesh<A>> spawn(Owner& cx, std::string_view name, F&&... fields) const {
    return task<actor_mesh<A>>::made_of(detail::spawn_actors(
        cx, this->shared(), this->region(), name, detail::spec_of<A>(static_cast<F&&>(fields)...)));
  }
  template <class A, class Owner, class... F, class Sentence = detail::spawn_complaint<App, A, Owner, F...>>
    requires(!detail::can_spawn<App, A, Owner, F...>)
  detail::stop_here spawn(Owner&, std::string_view, F&&...) const = delete;

  // Returns: the procs by rank.
  std::vector<proc_id> values() const {
    std::vector<proc_id> all;
    for (const actor_id& agent : this->agents()) all.push_back(agent.proc());
    return all;
  }
};

// Owns procs over an extent. Move-only; its destructor posts a stop and never blocks. Verbs as a ref's.
template <class App>
class proc_mesh : public proc_mesh_ref<App> {
 public:
  using task_source = shared_mesh;  // what its task makes it of

  explicit proc_mesh(const shared_mesh& state) : proc_mesh_ref<App>(state) {}
  proc_mesh(proc_mesh&& other) noexcept
      : proc_mesh_ref<App>(std::move(static_cast<proc_mesh_ref<App>&>(other))) {}
  proc_mesh& operator=(proc_mesh&& other) noexcept {
    if (this != &other) {
      detail::let_go(this->state_);
      proc_mesh_ref<App>::operator=(std::move(static_cast<proc_mesh_ref<App>&>(other)));
    }
    return *this;
  }
  ~proc_mesh() { detail::let_go(this->state_); }

  proc_mesh_ref<App> ref() const { return *this; }

  // Stops every proc and waits until all are gone; a second stop waits for the first. Errors: what could not
  // be stopped within limits::shutdown; owner_gone. Stops: dropping the task ends only the wait.
  task<void> stop(participant& cx) const { return detail::stop_mesh(cx, this->shared()); }
};

}  // namespace viceroy

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
