// task: a lazy computation with one owner, for what takes steps; std only.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

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

class task_promise_base {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }
  struct final_awaiter {
    bool await_ready() const noexcept { return false; }
    template <class P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> h) const noexcept {
      return h.promise().continuation_;
    }
    void await_resume() const noexcept {}
  };
  final_awaiter final_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { error_ = std::current_exception(); }

  std::coroutine_handle<> continuation_ = std::noop_coroutine();
  std::exception_ptr error_;
};

template <class T>
class task_promise final : public task_promise_base {
 public:
  task<T> get_return_object() noexcept;
  template <class U>
    requires std::is_constructible_v<T, U&&>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T result() {
    if (error_) std::rethrow_exception(error_);
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class task_promise<void> final : public task_promise_base {
 public:
  task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  void result() {
    if (error_) std::rethrow_exception(error_);
  }
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
  task(task&& other) noexcept : handle_(taken(other.handle_)) {}
  task& operator=(task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = taken(other.handle_);
    }
    return *this;
  }
  ~task() {
    if (handle_) handle_.destroy();
  }

  explicit operator bool() const noexcept { return static_cast<bool>(handle_); }

  auto operator co_await() && {
    if (!handle_) throw error(errc::inert, "a task was awaited twice, or after it was moved from");
    return awaiter{std::move(*this)};
  }

 private:
  friend promise_type;
  explicit task(std::coroutine_handle<promise_type> h) noexcept : handle_(h) {}

  // Owns the frame while it is awaited, so that the frame dies with the awaiting coroutine.
  struct awaiter {
    explicit awaiter(task&& t) noexcept : owned(std::move(t)) {}
    awaiter(const awaiter&) = delete;
    awaiter& operator=(const awaiter&) = delete;
    bool await_ready() const noexcept { return false; }
    // Runs it here until it waits or ends. One that ended is not resumed from: g++ keeps the stack of a
    // symmetric transfer without optimisation, and a loop over tasks that need no wait would use it up.
    bool await_suspend(std::coroutine_handle<> continuation) {
      owned.handle_.resume();
      if (owned.handle_.done()) return false;
      owned.handle_.promise().continuation_ = continuation;
      return true;
    }
    T await_resume() { return owned.handle_.promise().result(); }
    task owned;
  };

  std::coroutine_handle<promise_type> handle_;
};

template <class T>
task<T> detail::task_promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<task_promise>::from_promise(*this));
}
inline task<void> detail::task_promise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<task_promise>::from_promise(*this));
}

}  // namespace viceroy
