// actor_box: one actor in memory: its mailbox, its context, and the object itself.
#pragma once

#include <new>
#include <utility>

#include "viceroy/actor/context.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/mailbox/pool.hpp"

namespace viceroy {

// Where an actor lives. The mailbox stays when the actor is gone: queued messages point to it.
template <class A>
class actor_box final : public mailbox {
 public:
  actor_box(run_queue& q, directory& home, const actor_ops& ops) : mailbox(q, home, &ops) {}

  // Builds the actor, once the mailbox has its place. Errors: what A's constructor throws.
  template <class... F>
  void construct(F&&... fields) {
    if constexpr (inside) {
      ::new (&space_) A(static_cast<F&&>(fields)...);
    } else {
      ::new (&space_) pointer(new A(static_cast<F&&>(fields)...));
    }
    ::new (&context_space_) context<A>(*this);
  }
  void destroy() noexcept {
    if constexpr (inside) {
      actor().~A();
    } else {
      __builtin_launder(reinterpret_cast<pointer*>(&space_))->~pointer();
    }
    cx().~context<A>();
  }

  A& actor() {
    if constexpr (inside) {
      return *__builtin_launder(reinterpret_cast<A*>(&space_));
    } else {
      return **__builtin_launder(reinterpret_cast<pointer*>(&space_));
    }
  }
  context<A>& cx() { return *__builtin_launder(reinterpret_cast<context<A>*>(&context_space_)); }

 private:
  using pointer = owned<A>;
  // A large or strictly aligned actor stands apart, so that mailboxes come from the pool whatever A is.
  static constexpr bool inside = sizeof(A) <= pool::largest / 2 && alignof(A) <= 16;
  using content = std::conditional_t<inside, A, pointer>;

  static_assert(pool::class_of(sizeof(mailbox) + sizeof(context<A>)) > pool::class_of(sizeof(mailbox)),
                "what was an instance's memory must not become an actor's: see run_queue::is_handling");

  alignas(context<A>) std::byte context_space_[sizeof(context<A>)];
  alignas(content) std::byte space_[sizeof(content)];
};

}  // namespace viceroy
