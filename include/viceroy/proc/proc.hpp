// proc: an actor runtime with a reachable address, as a program sees it.
#pragma once

#include <string_view>
#include <utility>

#include "viceroy/actor/instance.hpp"
#include "viceroy/proc/application.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

template <class App>
class runtime;

// A handle to a proc of this process. The proc lives until its runtime ends; handles are copied freely.
// Threads: its loop's.
template <class App>
class proc {
 public:
  // Returns: the proc of that name which is reachable at this process's address on a transport; it is made if
  // there is none. So parts of a program that do not know each other may ask for one name; what has to be its
  // own is an instance's or actor's name. Errors: already_exists when another runtime of the process has such
  // a proc; system when the transport cannot be served; wrong_thread off the runtime's loop.
  static proc direct(runtime<App>& rt, transport over, std::string_view name) {
    runtime_core& core = rt.core();
    core.check_thread("proc::direct");
    const proc_id id(core.serve(over), label::parse(name));
    auto* const made = static_cast<directory*>(id.home_on(&core.queue()));
    return proc(made ? *made : core.make_proc(id.address(), id.name()));
  }

  proc_id id() const { return home_->id(); }

  // Reserves a root name for a participant that no loop runs: it sends, receives on ports, owns what it
  // spawns. Errors: already_exists; wrong_thread.
  viceroy::instance instance(std::string_view name) const {
    return viceroy::instance(here("proc::instance"), label::parse(name));
  }

  // Starts an actor of this proc as a root. Errors: already_exists; what its constructor throws;
  // wrong_thread.
  template <class A, class... F>
    requires can_spawn<A, F...>
  actor_ref<A> spawn(std::string_view name, F&&... fields) const {
    return actor_ref<A>(
        detail::spawn_actor<A>(here("proc::spawn"), label::parse(name), nullptr, std::forward<F>(fields)...)
            .id());
  }
  template <
      class A,
      class Sentence = the_actor_cannot_be_constructed_from_these_parameters__give_what_its_params_type_takes,
      class... F>
    requires(!can_spawn<A, F...>)
  actor_ref<A> spawn(std::string_view, F&&...) const = delete;

 private:
  explicit proc(directory& home) : home_(&home) {}

  // The proc, on its loop's thread.
  directory& here(std::string_view verb) const {
    home_->core()->check_thread(verb);
    return *home_;
  }

  directory* home_;
};

}  // namespace viceroy
