// within: a limit on how long something is awaited.
#pragma once

#include <concepts>
#include <coroutine>
#include <string>
#include <utility>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/executor.hpp"
#include "viceroy/base/running.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/base/unfinished.hpp"

namespace viceroy {

namespace detail {

template <class A>
decltype(auto) awaiter_of(A&& awaitable) {
  if constexpr (requires { std::forward<A>(awaitable).operator co_await(); }) {
    return std::forward<A>(awaitable).operator co_await();
  } else {
    return std::forward<A>(awaitable);
  }
}

}  // namespace detail

template <class A>
using await_result = decltype(detail::awaiter_of(std::declval<A>()).await_resume());

// Turns anything that can be awaited into a task; a task stays what it is.
template <class T>
task<T> as_task(task<T> work) {
  return work;
}
template <class A>
task<await_result<A>> as_task(A awaitable) {
  if constexpr (std::is_void_v<await_result<A>>) {
    co_await std::move(awaitable);
  } else {
    co_return co_await std::move(awaitable);
  }
}

namespace detail {

// Waits for a task or a timer, whichever is first; the loser is destroyed. Lives in the awaiting frame.
template <class T>
class limited_awaiter {
 public:
  limited_awaiter(std::chrono::milliseconds limit, task<T> work, std::string what)
      : limit_(limit), work_(std::move(work)), what_(std::move(what)) {}
  limited_awaiter(const limited_awaiter&) = delete;
  limited_awaiter& operator=(const limited_awaiter&) = delete;
  ~limited_awaiter() {
    if (timer_) loop_->cancel(timer_);
  }

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> continuation) {
    loop_ = executor::current();
    if (!loop_)
      throw error(errc::wrong_thread,
                  "within() was awaited on a thread that runs no loop; await it in a task of a runtime");
    child_ = running::start<T>(std::move(work_), [this](outcome<T> o) { settle(std::move(o)); });
    if (settled_) return false;
    continuation_ = continuation;
    timer_ = loop_->call_at(loop_->exact_now() + finite(limit_), [this] {
      timer_ = 0;
      settle(give_up());
    });
    return true;
  }
  T await_resume() { return result_.get(); }

 private:
  error give_up() {
    const unfinished last(limit_);
    child_.reset();
    return last.late(what_);
  }
  void settle(outcome<T> o) {
    result_ = std::move(o);
    settled_ = true;
    if (timer_) loop_->cancel(taken(timer_));
    if (continuation_) taken(continuation_).resume();
  }

  std::chrono::milliseconds limit_;
  task<T> work_;
  std::string what_;
  executor* loop_ = nullptr;
  running child_;
  executor::timer timer_ = 0;
  outcome<T> result_;
  bool settled_ = false;
  std::coroutine_handle<> continuation_;
};

// What an awaitable says it waits for, if it can tell.
template <class A>
std::string waited_for(const A& awaitable) {
  if constexpr (requires { awaitable.waits_for(); }) {
    return awaitable.waits_for();
  } else {
    return "what was awaited";
  }
}

}  // namespace detail

// Awaits `awaitable` for at most `limit`; then destroys it, which ends or detaches what it waited for.
// Errors: errc::timeout, naming `what`, or else what the awaitable says of itself, and what a task waited for
// when it was given up; whatever the awaitable throws. Threads: a loop's. Cost: two frames and a timer; an
// answer<R> has an overload that costs the timer only.
template <class A>
  requires(!requires(A& a) { a.set_limit(std::chrono::milliseconds{}); })
task<await_result<A>> within(std::chrono::milliseconds limit, A awaitable, std::string what = {}) {
  if (what.empty()) what = detail::waited_for(awaitable);
  co_return co_await detail::limited_awaiter<await_result<A>>(limit, as_task(std::move(awaitable)),
                                                              std::move(what));
}

// The same for what carries a limit of its own and can name who did not answer.
template <class A>
  requires requires(A& a) { a.set_limit(std::chrono::milliseconds{}); }
A within(std::chrono::milliseconds limit, A pending) {
  pending.set_limit(limit);
  return pending;
}

}  // namespace viceroy
