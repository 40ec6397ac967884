// delayed: a message of an actor to itself that waits for its time, once or again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/delivery.hpp"
#include "viceroy/mailbox/port_base.hpp"

namespace viceroy {

// What context::after and every return: names what they began, so that it can be cancelled. A value; it owns
// nothing.
class delayed {
 public:
  delayed() = default;
  explicit delayed(std::uint64_t number) : number_(number) {}
  std::uint64_t number() const { return number_; }

 private:
  std::uint64_t number_ = 0;
};

namespace detail {

// The message until its time comes. It is one of its owner's ports, of no type, to which nobody can send: so
// it has a number that is not used again, ends with its owner, and counts against the bound of its mailbox.
class delayed_port final : public port_base {
 public:
  using duration = executor::clock::duration;
  using copy_function = message_node& (*)(run_queue&, message_node&);

  // Errors: mailbox_full; inert for an owner that has ended.
  static delayed start(mailbox& owner, message_node& n, duration delay, duration period, copy_function copy);
  // Returns: whether it was still to come.
  static bool cancel(mailbox& owner, delayed which);

  // In memory that its loop uses again: it ends there.
  static void* operator new(std::size_t bytes, run_queue& q) { return q.blocks().take(bytes); }
  static void operator delete(void* memory, run_queue& q) noexcept {
    q.blocks().give(memory, sizeof(delayed_port));
  }
  static void operator delete(delayed_port* self, std::destroying_delete_t) {
    run_queue& q = *self->queue_;
    self->~delayed_port();
    q.blocks().give(self, sizeof(delayed_port));
  }

  void deliver(message_node&) override {}
  const message_ops& takes() const override { return nothing; }
  void lost(const actor_id&, std::uint32_t, const error&) override {}
  void orphaned(const error&) override { delete this; }

 private:
  delayed_port(run_queue& q, message_node& n, duration period, copy_function copy)
      : queue_(&q), node_(&n), period_(period), copy_(copy) {}
  ~delayed_port();
  void end() {
    queue_->close(*this);
    delete this;
  }

  void arm();
  void fire();

  static constexpr message_ops nothing{0, "nothing", 0, nullptr};

  run_queue* queue_;
  message_node* node_;
  duration period_;
  copy_function copy_;  // null: once
  executor::clock::time_point when_{};
  executor::timer timer_ = 0;
};

}  // namespace detail

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/delayed_ports.hpp"
#endif
