// task: a lazy computation with one owner, for what takes steps; std only.
#pragma once

#include <coroutine>
#include <exception>
#include <new>
#include <type_traits>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/taken.hpp"

namespace viceroy {

template <class T = void>
class task;

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<task<T>> = true;

namespace detail {

// What a task's promise is whatever the task's value: a value's own part is compiled for each type.
class task_promise_base {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }
  struct final_awaiter {
    const task_promise_base* ended;
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept {
      return ended->continuation_;
    }
    void await_resume() const noexcept {}
  };
  final_awaiter final_suspend() noexcept { return {this}; }
  void unhandled_exception() noexcept;

  [[noreturn]] void rethrow() const;

  std::coroutine_handle<> frame_;
  std::coroutine_handle<> continuation_ = std::noop_coroutine();
  std::exception_ptr error_;
  bool for_another_ = false;  // who awaits it makes something else of its value: see task::made_of
};

// Owns the frame of a task.
class task_frame {
 public:
  task_frame() noexcept = default;
  explicit task_frame(task_promise_base& p) noexcept : promise_(&p) {}
  task_frame(task_frame&& other) noexcept : promise_(taken(other.promise_)) {}
  task_frame& operator=(task_frame&& other) noexcept {
    if (this != &other) {
      destroy();
      promise_ = taken(other.promise_);
    }
    return *this;
  }
  ~task_frame() { destroy(); }

  task_promise_base* promise() const noexcept { return promise_; }

 private:
  void destroy() noexcept {
    if (promise_) promise_->frame_.destroy();
  }
  task_promise_base* promise_ = nullptr;
};

// Owns the frame while it is awaited, so that the frame dies with the awaiting coroutine.
class task_awaiter {
 public:
  // Errors: inert for no task.
  explicit task_awaiter(task_frame&& t) : owned_(std::move(t)) {
    if (!owned_.promise()) throw_error(errc::inert, "a task was awaited twice, or after it was moved from");
  }
  task_awaiter(const task_awaiter&) = delete;
  task_awaiter& operator=(const task_awaiter&) = delete;
  bool await_ready() const noexcept { return false; }
  // Runs it here until it waits or ends. One that ended is not resumed from: g++ keeps the stack of a
  // symmetric transfer without optimisation, and a loop over tasks that need no wait would use it up.
  bool await_suspend(std::coroutine_handle<> continuation) {
    const std::coroutine_handle<> frame = owned_.promise()->frame_;
    frame.resume();
    if (frame.done()) return false;
    owned_.promise()->continuation_ = continuation;
    return true;
  }

 protected:
  // Errors: what left the coroutine.
  task_promise_base& ended() const {
    if (owned_.promise()->error_) [[unlikely]]
      owned_.promise()->rethrow();
    return *owned_.promise();
  }

 private:
  task_frame owned_;
};

template <class T>
class task_promise final : public task_promise_base {
 public:
  task_promise() noexcept {}
  ~task_promise() {
    if (has_value_) value_.~T();
  }
  task_promise(const task_promise&) = delete;
  task_promise& operator=(const task_promise&) = delete;

  task<T> get_return_object() noexcept;
  template <class U>
    requires std::is_constructible_v<T, U&&>
  void return_value(U&& value) {
    VICEROY_BUILDS_BEGIN
    ::new (static_cast<void*>(&value_)) T(static_cast<U&&>(value));
    VICEROY_BUILDS_END
    has_value_ = true;
  }
  T&& take() noexcept { return static_cast<T&&>(value_); }

 private:
  bool has_value_ = false;
  union {  // no std::optional: that is thirty functions for each type
    T value_;
  };
};

template <>
class task_promise<void> final : public task_promise_base {
 public:
  task<void> get_return_object() noexcept;
  void return_void() noexcept {}
};

}  // namespace detail

// A coroutine that starts when it is awaited and is awaited once, by its one owner.
// Errors: an exception that leaves the coroutine is thrown by co_await; awaiting an empty task is
// errc::inert. Threads: it resumes where what it awaits resumes it: on its loop. Cost: one allocation (the
// frame). Stops: destroying a task destroys its frame and with it whatever it awaits.
template <class T>
class [[nodiscard("a task does nothing until it is awaited")]] task {
 public:
  using promise_type = detail::task_promise<T>;
  using value_type = T;

  task() noexcept = default;

  explicit operator bool() const noexcept { return frame_.promise() != nullptr; }

  auto operator co_await() && { return awaiter(std::move(frame_)); }

  // The task of a T that is made of another task's value, which T names: `using task_source = From;`. It is
  // no coroutine of its own, which would have to be compiled for each T.
  template <class From>
    requires std::is_same_v<typename T::task_source, From>
  static task made_of(task<From> work) noexcept {
    task made;
    made.frame_ = std::move(work.frame_);
    if (made.frame_.promise()) made.frame_.promise()->for_another_ = true;
    return made;
  }

 private:
  template <class>
  friend class task;
  friend promise_type;
  explicit task(detail::task_promise_base& p) noexcept : frame_(p) {}

  struct awaiter : detail::task_awaiter {
    using detail::task_awaiter::task_awaiter;
    T await_resume() {
      if constexpr (std::is_void_v<T>) {
        ended();
      } else {
        detail::task_promise_base& promise = ended();
        if constexpr (requires { typename T::task_source; }) {
          using source = detail::task_promise<typename T::task_source>;
          if (promise.for_another_) return T(static_cast<source&>(promise).take());
        }
        return static_cast<promise_type&>(promise).take();
      }
    }
  };

  detail::task_frame frame_;
};

template <class T>
task<T> detail::task_promise<T>::get_return_object() noexcept {
  frame_ = std::coroutine_handle<task_promise>::from_promise(*this);
  return task<T>(*this);
}
inline task<void> detail::task_promise<void>::get_return_object() noexcept {
  frame_ = std::coroutine_handle<task_promise>::from_promise(*this);
  return task<void>(*this);
}

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/base/task_errors.hpp"
#endif
