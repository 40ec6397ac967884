// answer: what a call returns: a pending result, already on its way.
#pragma once

#include <coroutine>
#include <cstddef>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/mailbox/life.hpp"
#include "viceroy/mailbox/message_ops.hpp"
#include "viceroy/mailbox/pending.hpp"

namespace viceroy {

// The waiting end of an answer<T>; what a call of one actor, and of a mesh, derive from.
template <class T>
class pending_answer : public pending {
 public:
  virtual ~pending_answer() {
    if (then_) then_(*this, nullptr, nullptr);
  }

  bool settled() const { return settled_; }
  outcome<T>& result() { return result_; }
  void set_limit(std::chrono::milliseconds limit) { limit_to(limit); }
  void await(std::coroutine_handle<> h) { waiter_ = h; }
  // Its waiter is destroyed, and does not want it any more; at a limit it says who did not answer.
  void leave_waiting() {
    detail::unfinished* const asks = detail::unfinished::asks();
    if (!asks || !taken(waiter_, nullptr) || settled()) return;
    expired(this->waited(asks->limit()));
    asks->tell(sentence_of(result_.failure()));
  }

  // Lets go of the answer: the result goes to `f(mailbox* asker, outcome<T>&)`, where the asker is null if it
  // has ended, and this deletes itself.
  template <class F>
  void detach(mailbox_handle asker, F&& f) {
    using stored = std::remove_cvref_t<F>;
    if constexpr (fits<stored>) {
      ::new (static_cast<void*>(space_)) stored(std::forward<F>(f));
    } else {
      ::new (static_cast<void*>(space_)) stored*(make_apart<stored>(std::forward<F>(f)));
    }
    then_ = continue_with<stored>;
    if (settled()) finish(asker.get(), result_);
  }
  void orphaned(const error& cause) override { settle(cause); }

 protected:
  // May destroy this.
  void settle(outcome<T>&& result) {
    if (settled_) return;
    mailbox* const asker = this->owner();
    this->leave();
    if (then_) return finish(asker, result);
    result_ = std::move(result);
    settled_ = true;
    if (waiter_) taken(waiter_).resume();
  }

 private:
  // What continues stands here, so that its call is one indirect one and needs no memory of its own.
  static constexpr std::size_t space_bytes = 4 * sizeof(void*);
  template <class F>
  static constexpr bool fits =
      sizeof(F) <= space_bytes && alignof(F) <= alignof(void*) && __is_nothrow_constructible(F, F);

  void finish(mailbox* asker, outcome<T>& result) {
    then_(*this, asker, &result);
    delete this;
  }
  template <class F>
  F* make_apart(F f) {
    static_assert(alignof(F) <= 16, "what then() continues with may be aligned to 16 bytes at most");
    void* const memory = this->take_block(this->queue(), sizeof(F));
    try {
      return ::new (memory) F(std::move(f));
    } catch (...) {
      this->give_block(this->queue(), memory, sizeof(F));
      throw;
    }
  }
  // Continues with the result, if there is one, and forgets the function.
  template <class F>
  static void continue_with(pending_answer& self, mailbox* asker, outcome<T>* result) {
    self.then_ = nullptr;
    if constexpr (fits<F>) {
      F& f = *std::launder(reinterpret_cast<F*>(self.space_));
      if (result) f(asker, *result);
      f.~F();
    } else {
      F* const f = *std::launder(reinterpret_cast<F**>(self.space_));
      if (result) (*f)(asker, *result);
      f->~F();
      self.give_block(self.queue(), f, sizeof(F));
    }
  }

  outcome<T> result_;
  bool settled_ = false;
  std::coroutine_handle<> waiter_;
  void (*then_)(pending_answer& self, mailbox* asker, outcome<T>* result) = nullptr;
  alignas(void*) std::byte space_[space_bytes];
};

namespace detail {

// Fails who continued with an answer. Called in a catch block.
[[gnu::cold]] inline void failed_on_answer(mailbox& box) {
  std::string text = box.text() + " failed on an answer: ";
  errc kind = errc::handler_failed;
  try {
    throw;
  } catch (const error& e) {
    kind = e.kind();
    text += e.sentence();
  } catch (...) {
    text += sentence_of(std::current_exception());
  }
  life::fail(box, kind, std::move(text));
}

}  // namespace detail

// The result of a call. The message has left when the call returned; the answer is awaited, or continued by
// then(). Dropping it closes the reply port: an answer that comes later is dropped and counted. Errors: what
// the handler threw (handler_failed, with its text); timeout, naming who did not answer; the cause for which
// the message came back or the process ended; owner_gone when the caller ends first. Threads: its owner's
// loop's.
template <class T>
class [[nodiscard("dropping an answer closes its port; await it, or use send or cast")]] answer {
 public:
  using value_type = T;

  answer(owned<pending_answer<T>> p, mailbox& owner) : pending_(std::move(p)), owner_(owner) {}

  auto operator co_await() && {
    struct awaiter {
      owned<pending_answer<T>> answer_;
      explicit awaiter(owned<pending_answer<T>> p) : answer_(std::move(p)) {}
      awaiter(awaiter&&) noexcept = default;
      ~awaiter() {
        if (answer_) answer_->leave_waiting();
      }
      bool await_ready() const {
        if (!answer_) throw error(errc::inert, "an answer was awaited twice, or after it was moved from");
        return answer_->settled();
      }
      void await_suspend(std::coroutine_handle<> h) { answer_->await(h); }
      T await_resume() { return answer_->result().get(); }
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
    pending_.release()->detach(owner_, [f = std::move(f)](mailbox* box, outcome<T>& result) mutable {
      try {
        if constexpr (std::is_invocable_v<F&, outcome<T>>) {
          f(std::move(result));
        } else if constexpr (std::is_void_v<T>) {
          result.get();
          f();
        } else {
          f(result.get());
        }
      } catch (...) {
        if (box && !box->is_closed()) detail::failed_on_answer(*box);
      }
    });
  }

  operator task<T>() && {
    return as_task(std::move(*this));
  }  // NOLINT: implicit, an answer is a task that runs already

 private:
  owned<pending_answer<T>> pending_;
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

  // In memory that the owner's loop uses again.
  static void* operator new(std::size_t bytes, const run_queue& q) { return pending::take_block(&q, bytes); }
  static void operator delete(void* memory, const run_queue& q) {
    pending::give_block(&q, memory, sizeof(pending_one));
  }
  static void operator delete(pending_one* self, std::destroying_delete_t) {
    const run_queue* const q = self->queue();
    self->~pending_one();
    pending::give_block(q, self, sizeof(pending_one));
  }

  // Takes the answer that comes back in the node of its call: asked and answered on this loop, so that its
  // type is known to be right.
  static void take_answer(mailbox& box, message_node& n) {
    run_queue& q = box.queue();
    port_base* const asker = q.find_port(n.extra().port);
    value_or_unit<T>& answered = *static_cast<value_or_unit<T>*>(static_cast<void*>(&n.extra() + 1));
    outcome<T> result(std::move(answered));
    std::destroy_at(&answered);
    q.release_call(n);
    if (box.current()) q.holder().begin(box, *box.current()->ops);  // its suspended handler may go on
    if (asker) [[likely]] {
      static_cast<pending_one*>(asker)->settle(std::move(result));
    } else {
      ++q.counters().dropped;
    }
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
  const message_ops& takes() const override { return message_ops_of<value_or_unit<T>>; }
  // What a link says names neither the message nor whom it was for.
  void lost(const actor_id&, std::uint32_t, const error& cause) override {
    if (cause.kind() == errc::transport_lost) return lost_proc(whom_.proc(), cause);
    this->settle(cause);
  }
  bool awaits(const proc_id& from) const override { return whom_.proc().whole() == from.whole(); }
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

// Makes one. Errors: inert for an owner that has ended.
template <class T>
owned<pending_one<T>> wait_for_one(mailbox& owner, const actor_id& whom, std::string_view message) {
  return owned<pending_one<T>>(new (owner.queue()) pending_one<T>(owner, whom, message));
}

}  // namespace detail

}  // namespace viceroy
