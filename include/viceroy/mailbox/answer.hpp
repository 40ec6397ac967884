// answer: what a call returns: a pending result, already on its way.
#pragma once

#include <coroutine>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/clock.hpp"
#include "viceroy/base/memory.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/mailbox/decode_node.hpp"
#include "viceroy/mailbox/life.hpp"
#include "viceroy/mailbox/pending.hpp"

namespace viceroy {

// The waiting end of an answer<T>; what a call of one actor, and of a mesh, derive from.
template <class T>
class pending_answer : public pending {
 public:
  virtual ~pending_answer() = default;

  bool settled() const { return result_.has_value(); }
  outcome<T> take() { return std::move(*result_); }
  void set_limit(std::chrono::milliseconds limit) { limit_to(limit); }
  void await(std::coroutine_handle<> h) { waiter_ = h; }

  // Lets go of the answer: the result goes to `f`, with the asker if that lives, and this deletes itself.
  void detach(mailbox_handle asker, callback<void(mailbox*, outcome<T>)> f) {
    asker_ = asker;
    then_ = std::move(f);
    if (settled()) finish();
  }
  void orphaned(const error& cause) override { settle(cause); }

 protected:
  void settle(outcome<T> result) {
    if (result_) return;
    result_.emplace(std::move(result));
    this->leave();
    finish();
  }

 private:
  void finish() {
    if (then_) {
      auto f = std::move(then_);
      outcome<T> result = std::move(*result_);
      mailbox* const asker = asker_.get();
      delete this;
      f(asker, std::move(result));
    } else if (waiter_) {
      std::exchange(waiter_, nullptr).resume();
    }
  }

  std::optional<outcome<T>> result_;
  std::coroutine_handle<> waiter_;
  mailbox_handle asker_;
  callback<void(mailbox*, outcome<T>)> then_;
};

// The result of a call. The message has left when the call returned; the answer is awaited, or continued by
// then(). Dropping it closes the reply port: an answer that comes later is dropped and counted. Errors: what
// the handler threw (handler_failed, with its text); timeout, naming who did not answer; the cause for which
// the message came back or the process ended; owner_gone when the caller ends first. Threads: its owner's
// loop's.
template <class T>
class [[nodiscard("dropping an answer closes its port; await it, or use send or cast")]] answer {
 public:
  using value_type = T;

  answer(std::unique_ptr<pending_answer<T>> p, mailbox& owner) : pending_(std::move(p)), owner_(owner) {}

  auto operator co_await() && {
    struct awaiter {
      std::unique_ptr<pending_answer<T>> owned;
      explicit awaiter(std::unique_ptr<pending_answer<T>> p) : owned(std::move(p)) {}
      bool await_ready() const {
        if (!owned) throw error(errc::inert, "an answer was awaited twice, or after it was moved from");
        return owned->settled();
      }
      void await_suspend(std::coroutine_handle<> h) { owned->await(h); }
      T await_resume() { return owned->take().get(); }
    };
    return awaiter(std::move(pending_));
  }

  // Changes the limit of the wait from now on (a call's default is limits::call).
  void set_limit(std::chrono::milliseconds limit) {
    if (pending_) pending_->set_limit(limit);
  }

  // Continues with `f(value)` (f() for void), or with `f(outcome<T>)` where f takes that. A failure that f
  // does not take fails the owner, as an exception from its handler would.
  template <class F>
  void then(F f) && {
    if (!pending_) throw error(errc::inert, "then() on an answer that was moved from");
    // `box` is null when it has ended: then nobody is left to fail.
    pending_.release()->detach(owner_, [f = std::move(f)](mailbox* box, outcome<T> result) mutable {
      try {
        if constexpr (std::is_invocable_v<F&, outcome<T>>) {
          f(std::move(result));
        } else if constexpr (std::is_void_v<T>) {
          result.get();
          f();
        } else {
          f(result.get());
        }
      } catch (const error& e) {
        if (box) life::fail(*box, e.kind(), box->text() + " failed on an answer: " + e.sentence());
      } catch (...) {
        if (box)
          life::fail(*box, errc::handler_failed,
                     box->text() + " failed on an answer: " + sentence_of(std::current_exception()));
      }
    });
  }

  operator task<T>() && {
    return as_task(std::move(*this));
  }  // NOLINT: implicit, an answer is a task that runs already

 private:
  std::unique_ptr<pending_answer<T>> pending_;
  mailbox_handle owner_;
};

namespace detail {

// A call of one actor.
template <class T>
class pending_one final : public pending_answer<T> {
 public:
  pending_one(mailbox& owner, const actor_id& whom, std::string_view message)
      : whom_(whom), message_(message) {
    this->enter(owner);
  }

  void deliver(message_node& n) override {
    if (n.is(message_node::failure)) {
      this->settle(static_cast<failure*>(n.payload())->to_error());
    } else if constexpr (std::is_void_v<T>) {
      this->settle(unit{});
    } else {
      this->settle(std::move(*static_cast<T*>(n.payload())));
    }
  }
  message_node* decode(run_queue& q, reader& bytes) override {
    return decode_node<value_or_unit<T>>(q, bytes);
  }
  void lost(const actor_id&, std::uint32_t, const error& cause) override { this->settle(cause); }
  std::uint64_t type() const override { return type_id<value_or_unit<T>>(); }
  bool awaits(const proc_id& from) const override { return whom_.proc() == from; }
  void lost_proc(const proc_id&, const error& cause) override {
    this->settle(error(cause.kind(), "no answer to " + std::string(message_) + " from " + whom_.text() +
                                         ": " + cause.sentence()));
  }
  void expired(std::chrono::milliseconds limit) override {
    this->settle(error(errc::timeout, "no answer to " + std::string(message_) + " from " + whom_.text() +
                                          " within " + limit_text(limit)));
  }

 private:
  actor_id whom_;
  std::string_view message_;
};

}  // namespace detail

}  // namespace viceroy
