// instance: an actor-shaped participant that no loop runs: client mode.
#pragma once

#include <utility>

#include "viceroy/actor/spawn.hpp"

namespace viceroy {

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
  }
  instance(instance&& other) noexcept {
    if (mailbox* const b = other.handle().get()) bind(*b);
    other.unbind();
  }
  instance& operator=(instance&& other) noexcept {
    if (this != &other) {
      end();
      if (mailbox* const b = other.handle().get()) bind(*b);
      other.unbind();
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
  actor_ref<C> spawn(F&&... fields) {
    mailbox& parent = sender_box();
    return actor_ref<C>(
        detail::spawn_in<C>(parent.home(), parent.name(), &parent, false, std::forward<F>(fields)...).id());
  }

  viceroy::status status() const { return handle().get() ? box().status() : status::stopped; }
  // Ends it: ports close, children stop. Idempotent.
  void stop() { end(); }

 private:
  void end() noexcept {
    if (mailbox* const b = handle().get()) life::stop(*b, stop_mode::stop);
    unbind();
  }
};

}  // namespace viceroy
