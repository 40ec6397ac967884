// instance: an actor-shaped participant that no loop runs: client mode.
#pragma once

#include <coroutine>
#include <optional>
#include <utility>

#include "viceroy/actor/spawn.hpp"
#include "viceroy/base/memory.hpp"
#include "viceroy/base/shared.hpp"

namespace viceroy {

namespace detail {

// How an instance ended: outlives its mailbox, for the handle and those who wait.
struct instance_end : counted {
  explicit instance_end(mailbox* of) : box(of) {}

  struct awaiter {
    instance_end& end;
    std::coroutine_handle<> handle{};
    awaiter* next = nullptr;
    explicit awaiter(instance_end& e) : end(e) {}
    awaiter(const awaiter&) = delete;
    awaiter& operator=(const awaiter&) = delete;
    ~awaiter() {
      awaiter** at = &end.waiting;
      while (*at && *at != this) at = &(*at)->next;
      if (*at) *at = next;
    }
    bool await_ready() const { return is_terminal(end.how); }
    void await_suspend(std::coroutine_handle<> h) {
      handle = h;
      next = end.waiting;
      end.waiting = this;
    }
    void await_resume() const {
      if (end.cause) throw error(*end.cause);
    }
  };

  void tell(status s, const error* why) {
    how = s;
    if (why) cause = *why;
    while (awaiter* const last = waiting) {  // each may destroy others
      waiting = last->next;
      last->handle.resume();
    }
  }

  mailbox* box;  // until it is terminal
  status how = status::running;
  std::optional<error> cause{};
  awaiter* waiting = nullptr;  // the last to come first
};

inline task<void> wait_for_end(shared<instance_end> end) { co_await instance_end::awaiter(*end); }

}  // namespace detail

// Opens ports, sends, calls, owns children and meshes; its own code receives. A move-only handle: when it is
// destroyed the instance ends, its ports close and what it owns is stopped. Threads: its loop's.
class instance : public participant {
 public:
  // Reserves a root name of a proc. Errors: already_exists.
  instance(directory& home, label name) {
    run_queue& q = home.queue();
    constexpr pool::size_class c = pool::class_of(sizeof(mailbox));
    const run_queue::mailbox_memory memory = q.take_mailbox(c);
    auto* const box = ::new (memory.at) mailbox(q, home, nullptr);
    life::set_memory(*box, c);
    try {
      home.add(*box, memory.generation, name, nullptr);
    } catch (...) {
      q.give_mailbox(c, *box);
      throw;
    }
    life::mark_instance(*box);
    bind(*box);
    end_ = make_counted<detail::instance_end>(box);
    life::watch(*box, [end = end_](viceroy::status how, const error* cause) { end->tell(how, cause); });
  }
  instance(instance&& other) noexcept { take(other); }
  instance& operator=(instance&& other) noexcept {
    if (this != &other) {
      end();
      take(other);
    }
    return *this;
  }
  ~instance() { end(); }

  // Opens a port: `auto [port, inbox] = client.open_port<M>()`; the once form takes one message.
  template <class M>
  std::pair<viceroy::port<M>, receiver<M>> open_port() {
    return detail::open_port<viceroy::port<M>, M>(sender_box(), false);
  }
  template <class M>
  std::pair<once_port<M>, receiver<M>> open_once_port() {
    return detail::open_port<once_port<M>, M>(sender_box(), true);
  }

  // Starts an actor of this proc as a child of the instance.
  template <class C, class... F>
    requires can_spawn<C, F...>
  actor_ref<C> spawn(F&&... fields) {
    mailbox& parent = sender_box();
    return actor_ref<C>(
        detail::spawn_actor<C>(parent.home(), parent.name(), &parent, std::forward<F>(fields)...).id());
  }
  template <
      class C,
      class Sentence = the_actor_cannot_be_constructed_from_these_parameters__give_what_its_params_type_takes,
      class... F>
    requires(!can_spawn<C, F...>)
  actor_ref<C> spawn(F&&...) = delete;

  // Returns: how it is, and after its end how it ended; not_exist for a handle that was moved from.
  viceroy::status status() const {
    if (!end_) return viceroy::status::not_exist;
    if (is_terminal(end_->how)) return end_->how;
    return end_->box->is_closed() ? viceroy::status::stopping : end_->box->status();
  }
  // Waits until it has ended. Errors: the failure it ended with; inert for a handle that was moved from.
  // Stops: dropping the task ends the wait only.
  task<void> wait() const {
    if (!end_) throw error(errc::inert, "wait() on an instance that was moved from");
    return detail::wait_for_end(end_);
  }
  // Ends it: ports close, children stop. Idempotent.
  void stop() { end(); }
  // Ends a child of this instance, as context::stop does.
  template <class C>
  void stop(const actor_ref<C>& child, stop_mode how = stop_mode::stop) {
    life::stop_child(sender_box(), child.id(), how);
  }

 private:
  void end() noexcept {
    if (mailbox* const b = handle().get()) life::stop(*b, stop_mode::stop);
    unbind();
  }
  void take(instance& other) noexcept {
    end_ = std::move(other.end_);
    if (mailbox* const b = other.handle().get()) {
      bind(*b);
    } else {
      unbind();
    }
    other.unbind();
  }

  shared<detail::instance_end> end_;
};

}  // namespace viceroy
