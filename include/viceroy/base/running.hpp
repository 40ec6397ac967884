// running: a task that was started and has an owner who is told of its end.
#pragma once

#include <coroutine>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/base/task.hpp"

namespace viceroy {

// Owns a started task. Destroying it (or reset) destroys the task's frame where it is suspended; `done` is
// then not called. Threads: the loop's on which the task runs.
class running {
 public:
  running() noexcept = default;
  running(running&& other) noexcept { take(other); }
  running& operator=(running&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~running() { reset(); }

  // Starts `work` now and calls `done` with its outcome, after its frame is gone: `done` may destroy the
  // owner.
  template <class T>
  static running start(task<T> work, callback<void(outcome<T>)> done);

  explicit operator bool() const noexcept { return static_cast<bool>(frame_); }
  void reset() noexcept {
    if (frame_) taken(frame_).destroy();
  }

 private:
  template <class T>
  struct driver {
    struct promise_type {
      promise_type(task<T>&, callback<void(outcome<T>)>& d) : done(std::move(d)) {}
      driver get_return_object() noexcept {
        return {std::coroutine_handle<promise_type>::from_promise(*this)};
      }
      std::suspend_always initial_suspend() noexcept { return {}; }
      struct last {
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<promise_type> h) const noexcept {
          promise_type& p = h.promise();
          callback<void(outcome<T>)> then = std::move(p.done);
          outcome<T> ended = std::move(p.result);
          if (p.owner) p.owner->frame_ = nullptr;
          h.destroy();
          then(std::move(ended));
        }
        void await_resume() const noexcept {}
      };
      last final_suspend() noexcept { return {}; }
      void return_value(outcome<T>&& r) { result = std::move(r); }
      void unhandled_exception() { result = std::current_exception(); }

      callback<void(outcome<T>)> done;
      outcome<T> result;
      running* owner = nullptr;
    };
    std::coroutine_handle<promise_type> handle;
  };

  template <class T>
  static driver<T> drive(task<T> work, callback<void(outcome<T>)>) {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
      co_return outcome<T>(unit{});
    } else {
      co_return outcome<T>(co_await std::move(work));
    }
  }

  void take(running& other) noexcept {
    frame_ = taken(other.frame_);
    owner_slot_ = other.owner_slot_;
    if (frame_) owner_slot_(frame_) = this;
  }

  std::coroutine_handle<> frame_;
  running*& (*owner_slot_)(std::coroutine_handle<>) = nullptr;  // where the frame keeps its owner's address
};

template <class T>
running running::start(task<T> work, callback<void(outcome<T>)> done) {
  running r;
  auto handle = drive<T>(std::move(work), std::move(done)).handle;
  r.frame_ = handle;
  r.owner_slot_ = [](std::coroutine_handle<> frame) -> running*& {
    return std::coroutine_handle<typename driver<T>::promise_type>::from_address(frame.address())
        .promise()
        .owner;
  };
  handle.promise().owner = &r;
  handle.resume();
  return r;
}

}  // namespace viceroy
