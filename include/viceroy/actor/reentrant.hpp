// reentrant: handlers that let the next message in while they are suspended.
#pragma once

#include <coroutine>
#include <exception>

#include "viceroy/mailbox/life.hpp"

namespace viceroy {

// Whether an actor says `using reentrant = std::true_type;`: then its task handlers begin in the order of the
// messages and run side by side, each until its next co_await. What they share may have changed after every
// co_await, and sender(), rank() and point() are to be read before the first.
template <class A>
inline constexpr bool is_reentrant = requires { requires A::reentrant::value; };

namespace detail {

// Runs a task handler of a reentrant actor. The frame is in its mailbox's list until it ends.
struct reentrant_frame {
  struct promise_type : suspended_handler {
    reentrant_frame get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct last {
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<promise_type> h) const noexcept {
        mailbox& owner = *h.promise().box;
        life::forget(h.promise());
        h.destroy();
        life::left(owner);
      }
      void await_resume() const noexcept {}
    };
    last final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;

  void start(mailbox& box, message_node& n) const {
    suspended_handler& self = handle.promise();
    self.frame = handle;
    self.box = &box;
    self.node = &n;
    life::remember(self);  // before it runs, so that it may end at once
    handle.resume();
    if (box.current() == &n) box.set_current(nullptr);  // it waits, and others are handled meanwhile
  }
};

}  // namespace detail

}  // namespace viceroy
