// asio: the bridge between tasks and Asio: a task as an asynchronous operation, an operation as something to await.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // as in viceroy.hpp
#endif

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "viceroy/base/taken.hpp"
#include "viceroy/bootstrap/process_core.hpp"
#include "viceroy/bootstrap/runtime.hpp"

namespace viceroy {

// Returns: the io_context of the runtime's loop, for what is to be awaited there with `use`. It runs on the loop's thread
// only and must not be posted to from another: use rt.post for that.
template <class App>
boost::asio::io_context& io_context_of(runtime<App>& rt) {
  return static_cast<process_core&>(rt.core()).real_loop().io();
}

namespace detail {

template <class T>
struct spawned {
  using signature = void(std::exception_ptr, T);
};
template <>
struct spawned<void> {
  using signature = void(std::exception_ptr);
};

template <class T, class Handler>
class spawned_task final : public awaited_task<T> {
 public:
  spawned_task(awaited_tasks& all, task<T> work, Handler handler)
      : awaited_task<T>(all, std::move(work)), handler_(std::move(handler)) {}

  void settle(outcome<T> o) override {
    Handler complete = std::move(handler_);
    if constexpr (std::is_void_v<T>) {
      complete(o.failure());
    } else if (o.ok()) {
      complete(std::exception_ptr(), o.get());
    } else {
      complete(o.failure(), T());
    }
  }

 private:
  Handler handler_;
};

}  // namespace detail

// Runs a task on the runtime's loop as an Asio operation of signature void(std::exception_ptr, T), completed by `token`
// (use_future, a callback, detached, ...) on the loop's thread. Types: a T has a default value, which goes with an exception.
// Errors: what the task throws; the failure that ends the runtime first, as owner_gone if there is none. Threads: any.
template <class App, class T, class CompletionToken>
auto spawn(runtime<App>& rt, task<T> work, CompletionToken&& token) {
  return boost::asio::async_initiate<CompletionToken, typename detail::spawned<T>::signature>(
      [&rt](auto handler, task<T> started) {
        const auto kept = make_counted<detail::spawned_task<T, decltype(handler)>>(
            rt.core().awaited(), std::move(started), std::move(handler));
        if (!rt.core().post([kept] { detail::awaited_task<T>::start(kept); }))
          kept->settle(rt.core().awaited().over());  // the loop is no more, and nobody else completes it
      },
      token, std::move(work));
}

namespace detail {

// What is awaited of a completion with these arguments: none, one, or several; an error code in front is thrown instead.
template <class... Results>
struct completion {
  using type = std::tuple<Results...>;
  static auto finish(std::tuple<Results...> all) {
    if constexpr (sizeof...(Results) == 1) {
      return std::get<0>(std::move(all));
    } else if constexpr (sizeof...(Results) != 0) {
      return all;
    }
  }
};
template <class... Rest>
struct completion<boost::system::error_code, Rest...> {
  static auto finish(std::tuple<boost::system::error_code, Rest...> all) {
    if (const auto& ec = std::get<0>(all)) throw boost::system::system_error(ec);
    return std::apply([](auto&&, auto&&... rest) { return completion<Rest...>::finish({std::move(rest)...}); }, std::move(all));
  }
};
template <class... Rest>
struct completion<std::exception_ptr, Rest...> {
  static auto finish(std::tuple<std::exception_ptr, Rest...> all) {
    if (const auto& failure = std::get<0>(all)) std::rethrow_exception(failure);
    return std::apply([](auto&&, auto&&... rest) { return completion<Rest...>::finish({std::move(rest)...}); }, std::move(all));
  }
};

// An operation that begins when it is awaited. Dropped while it runs, it goes on and its result is dropped.
template <class Begin, class... Results>
class operation_awaiter {
 public:
  explicit operation_awaiter(Begin b) : begin_(std::move(b)) {}
  operation_awaiter(operation_awaiter&& other) noexcept : begin_(std::move(other.begin_)) {}
  ~operation_awaiter() {
    if (alive_) *alive_ = nullptr;
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    waiter_ = h;
    alive_ = std::make_shared<operation_awaiter*>(this);
    begin_([alive = alive_](Results... results) {
      operation_awaiter* const self = *alive;
      if (!self) return;
      self->results_.emplace(std::move(results)...);
      const holder::own_work here(run_queue::current()->holder(), loop::io_work);
      taken(self->waiter_).resume();
    });
  }
  auto await_resume() { return completion<Results...>::finish(std::move(*results_)); }

 private:
  Begin begin_;
  std::shared_ptr<operation_awaiter*> alive_;
  std::coroutine_handle<> waiter_;
  std::optional<std::tuple<Results...>> results_;
};

}  // namespace detail

// The completion token by which an Asio operation becomes something to await.
struct use_t {};

// Awaits an Asio operation on the runtime's io_context: `n = co_await vr::use(rt, [&](auto token) { return
// socket.async_read_some(buffer, token); })`. The operation begins when it is awaited. Returns: what it completes with.
// Errors: an error code or exception that it completes with is thrown. Threads: the loop's.
template <class App, class Initiate>
auto use(runtime<App>&, Initiate initiate) {
  return initiate(use_t());
}

}  // namespace viceroy

template <class... Results>
class boost::asio::async_result<viceroy::use_t, void(Results...)> {
 public:
  template <class Initiation, class... Args>
  static auto initiate(Initiation initiation, viceroy::use_t, Args... args) {
    auto begin = [initiation = std::move(initiation), held = std::make_tuple(std::move(args)...)](auto handler) mutable {
      std::apply([&](auto&... each) { std::move(initiation)(std::move(handler), std::move(each)...); }, held);
    };
    return viceroy::detail::operation_awaiter<decltype(begin), std::decay_t<Results>...>(std::move(begin));
  }
};

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
