// host_mesh: hosts over an extent; what procs are spawned on.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // as in viceroy.hpp
#endif

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "viceroy/base/owned.hpp"
#include "viceroy/host/bootstrap_command.hpp"
#include "viceroy/mesh/allocation.hpp"
#include "viceroy/mesh/mesh_handle.hpp"
#include "viceroy/mesh/plain_mesh_ref.hpp"
#include "viceroy/mesh/proc_mesh.hpp"

namespace viceroy {

namespace detail {

// An allocation in a std::unique_ptr, or in our own.
template <class Alloc>
concept allocation_owner = requires(Alloc& alloc) {
  { alloc.release() } -> std::convertible_to<allocation*>;
};
// By pointer, or by value.
template <class Alloc>
concept allocation_value =
    allocation_owner<Alloc> || (std::derived_from<Alloc, allocation> && std::move_constructible<Alloc>);

template <allocation_value Alloc>
owned<allocation> own_allocation(Alloc alloc) {
  if constexpr (allocation_owner<Alloc>) {
    return owned<allocation>(alloc.release());
  } else {
    return make_owned<Alloc>(std::move(alloc));
  }
}

}  // namespace detail

// Hosts over an extent, or a part of them: copied and sliced; owns nothing. Threads: its owner's loop's.
template <class App>
class host_mesh_ref : public plain_mesh_ref<host_mesh_ref<App>> {
 public:
  using plain_mesh_ref<host_mesh_ref>::plain_mesh_ref;
  // A ref that remembers who asked for it, so that spawn_procs needs nobody else.
  host_mesh_ref(shared_mesh state, mailbox& asked_by)
      : plain_mesh_ref<host_mesh_ref>(std::move(state)), asked_by_(asked_by) {}

  // Starts procs, processes of their own: `per_host` on each host, all at once. Lazy: they start when the
  // task is awaited. Returns: procs over the hosts' dimensions followed by the given ones, owned by `cx`,
  // whose actor hears mesh_failure. Errors: spawn_failed, naming ranks, exit or signal and the last lines;
  // timeout, naming who did not answer within limits::spawn_idle; bad_input for a label twice; inert;
  // owner_gone. Stops: dropping the task stops what it had started.
  template <class Owner>
    requires detail::hears_failures<Owner>
  task<proc_mesh<App>> spawn(Owner& cx, std::string_view name, viceroy::extent per_host) const {
    return spawn_for(cx.sender_box(), name, std::move(per_host));
  }
  template <class Owner,
            class Sentence =
                an_actor_that_spawns_a_mesh_needs_a_mesh_failure_handler__add_mesh_failure_to_its_handles>
    requires(!detail::hears_failures<Owner>)
  detail::stop_here spawn(Owner&, std::string_view, viceroy::extent) const = delete;

  // The same, with "procs" for a name.
  template <class Owner>
    requires detail::hears_failures<Owner>
  task<proc_mesh<App>> spawn_procs(Owner& cx, viceroy::extent per_host) const {
    return spawn_for(cx.sender_box(), "procs", std::move(per_host));
  }
  template <class Owner,
            class Sentence =
                an_actor_that_spawns_a_mesh_needs_a_mesh_failure_handler__add_mesh_failure_to_its_handles>
    requires(!detail::hears_failures<Owner>)
  detail::stop_here spawn_procs(Owner&, viceroy::extent) const = delete;
  // The same for whoever asked this_host. Errors: inert for hosts that come from elsewhere.
  task<proc_mesh<App>> spawn_procs(viceroy::extent per_host) const {
    mailbox* const owner = asked_by_.before_end();  // what is being stopped is told so
    if (!owner)
      detail::throw_error(
          errc::inert,
          "spawn_procs(extent) is for this_host(cx) while cx lives; write spawn_procs(cx, extent)");
    return spawn_for(*owner, "procs", std::move(per_host));
  }

  // Returns: the hosts' agents by rank.
  std::vector<actor_id> values() const { return this->agents(); }

 private:
  task<proc_mesh<App>> spawn_for(mailbox& owner, std::string_view name, viceroy::extent per_host) const {
    return task<proc_mesh<App>>::made_of(
        detail::spawn_procs(owner, this->shared(), this->region(), name, std::move(per_host)));
  }

  mailbox_handle asked_by_;
};

// Owns hosts over an extent, and the processes they were allocated as. Move-only; its destructor posts a
// shutdown and never blocks. Verbs as a ref's.
template <class App>
class host_mesh : public host_mesh_ref<App> {
 public:
  using task_source = shared_mesh;  // what its task makes it of

  explicit host_mesh(shared_mesh state) : host_mesh_ref<App>(std::move(state)) {}
  host_mesh(host_mesh&& other) noexcept
      : host_mesh_ref<App>(std::move(static_cast<host_mesh_ref<App>&>(other))) {}
  host_mesh& operator=(host_mesh&& other) noexcept {
    if (this != &other) {
      detail::let_go(this->state_);
      host_mesh_ref<App>::operator=(std::move(static_cast<host_mesh_ref<App>&>(other)));
    }
    return *this;
  }
  ~host_mesh() { detail::let_go(this->state_); }

  // Drives an allocation until every rank runs, and makes a host of each. Lazy. Returns: the hosts, owned by
  // `cx`, whose actor hears mesh_failure; `procs_command` is what their procs will be started with (default:
  // the hosts' own program). Errors: spawn_failed or timeout, naming step, rank, process, exit or signal and
  // the last lines; owner_gone. Stops: dropping the task stops what it had started.
  template <class Owner, detail::allocation_value Alloc>
    requires detail::hears_failures<Owner>
  static task<host_mesh> allocate(Owner& cx, Alloc alloc, std::string_view name) {
    return allocate_for(cx, detail::own_allocation<Alloc>(std::move(alloc)), name, {});
  }
  template <class Owner, detail::allocation_value Alloc>
    requires detail::hears_failures<Owner>
  static task<host_mesh> allocate(Owner& cx, Alloc alloc, std::string_view name,
                                  bootstrap_command procs_command) {
    return allocate_for(cx, detail::own_allocation<Alloc>(std::move(alloc)), name,
                        make_owned<bootstrap_command>(std::move(procs_command)));
  }
  template <class Owner, detail::allocation_value Alloc,
            class Sentence =
                an_actor_that_spawns_a_mesh_needs_a_mesh_failure_handler__add_mesh_failure_to_its_handles>
    requires(!detail::hears_failures<Owner>)
  static detail::stop_here allocate(Owner&, Alloc, std::string_view) = delete;

  host_mesh_ref<App> ref() const { return *this; }

  // Stops every host at once with its procs, and waits until all their processes are gone; handles to the
  // mesh and to what stood on it are inert from then on. A second shutdown waits for the first and ends as it
  // does. Errors: what could not be stopped within limits::shutdown; owner_gone. Stops: dropping the task
  // ends only the wait.
  task<void> shutdown(participant& cx) const {
    return detail::operations_of(cx).shutdown(mailbox_handle(cx.sender_box()), this->shared());
  }

 private:
  static task<host_mesh> allocate_for(participant& cx, owned<allocation> alloc, std::string_view name,
                                      owned<bootstrap_command> procs_command) {
    return task<host_mesh>::made_of(detail::operations_of(cx).allocate(
        mailbox_handle(cx.sender_box()), std::move(alloc), std::string(name), std::move(procs_command)));
  }
};

// Returns: the host of this process as a mesh of one: in a spawned proc the host that started it, otherwise
// one that is made in this process the first time it is asked for. Owned by the runtime. Errors:
// wrong_thread, inert.
template <class App>
host_mesh_ref<App> this_host(participant& cx) {
  mailbox& asks = cx.sender_box();
  return host_mesh_ref<App>(detail::operations_of(cx).this_host(mailbox_handle(asks)), asks);
}

}  // namespace viceroy

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
