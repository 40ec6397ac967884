// port: a typed place to receive: the two ends that a program holds.
#pragma once

#include <coroutine>
#include <optional>
#include <string>
#include <utility>

#include "viceroy/base/fifo.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/id/port_id.hpp"
#include "viceroy/mailbox/message_ops.hpp"
#include "viceroy/mailbox/port_ref.hpp"

namespace viceroy {

namespace detail {

template <class M>
class port_state final : public port_base, public counted {
 public:
  class awaiter;

  explicit port_state(bool once) : once_(once) {}
  ~port_state() { shut(); }

  // The receiver is destroyed; what was made of it to wait may still be there.
  void drop() {
    dropped_ = true;
    shut();
    if (waiter_) taken(waiter_)->abandon();
  }
  bool is_dropped() const { return dropped_; }

  void deliver(message_node& n) override {
    const std::size_t before = items_.size();
    if (n.is(message_node::failure)) {
      failed_ = std::make_exception_ptr(static_cast<failure*>(n.payload())->to_error());
    } else if (n.is(message_node::shared)) {
      items_.push(copy_of_shared<M>(n));
    } else {
      items_.push(std::move(*static_cast<M*>(n.payload())));
    }
    if (once_) {
      shut();
    } else if (items_.size() != before) {
      const allowance::granules whole = each + (n.is(message_node::heavy) ? n.extra().beside : 0);
      held_ += whole;
      owner()->count_in(whole);
    }
    wake();
  }
  const message_ops& takes() const override { return message_ops_of<M>; }
  void lost(const actor_id&, std::uint32_t, const error& cause) override { orphaned(cause); }
  void orphaned(const error& cause) override {
    failed_ = std::make_exception_ptr(cause);
    wake();
  }

  bool ready() const { return dropped_ || !items_.empty() || failed_ != nullptr || (once_ && !owner()); }
  std::optional<M> take() {
    if (items_.empty()) {
      if (failed_) std::rethrow_exception(failed_);
      return std::nullopt;
    }
    const auto share = static_cast<allowance::granules>(held_ / items_.size());  // of all, they are alike
    std::optional<M> first(items_.pop());
    if (owner()) {
      held_ -= share;
      owner()->count_out(share);
    }
    return first;
  }

 private:
  static constexpr allowance::granules each = message_node::granules_of(sizeof(M));

  void shut() {
    if (owner()) owner()->queue().close(*this);
  }
  void wake() {
    if (waiter_) taken(waiter_)->resume();
  }

  const bool once_;
  bool dropped_ = false;
  fifo<M> items_;
  std::exception_ptr failed_;
  awaiter* waiter_ = nullptr;
};

// What recv() gives. It keeps what it waits for, so that a receiver may be gone before it is awaited.
template <class M>
class port_state<M>::awaiter {
 public:
  explicit awaiter(shared<port_state> s) : state_(std::move(s)) {}
  awaiter(awaiter&& other) noexcept : state_(std::move(other.state_)) {}
  awaiter& operator=(awaiter&&) = delete;
  ~awaiter() {
    if (state_ && state_->waiter_ == this) {
      if (auto* const asks = unfinished::asks()) asks->tell("it waited for " + waits_for());
      state_->waiter_ = nullptr;
    }
    if (timer_) loop_->cancel(timer_);
  }

  // For the error of a limit.
  std::string waits_for() const {
    std::string text = "recv() of " + std::string(type_name<M>());
    if (state_ && state_->owner())
      text += " on port " + std::to_string(state_->number()) + " of " + state_->owner()->text();
    return text;
  }
  bool await_ready() const { return !state_ || state_->ready(); }
  void await_suspend(std::coroutine_handle<> h) {
    if (state_->waiter_) throw error(errc::inert, "two receivers wait on one port; give each its own port");
    state_->waiter_ = this;
    handle_ = h;
  }
  M await_resume() {
    const shared<port_state> state = std::move(state_);
    if (!state || state->is_dropped())
      throw error(errc::inert, "recv() on a receiver that was moved from, or destroyed before it received");
    std::optional<M> m = state->take();
    if (!m) throw error(errc::inert, "a once port receives one message, and it was received already");
    return std::move(*m);
  }

 private:
  friend class port_state;

  void resume() { handle_.resume(); }
  // The receiver is destroyed: its waiter hears of it in a turn of its own, not on a destructor's stack.
  void abandon() {
    loop_ = executor::current();
    if (loop_)
      timer_ = loop_->call_at(loop_->now(), [this] {
        timer_ = 0;
        resume();
      });
  }

  shared<port_state> state_;
  std::coroutine_handle<> handle_;
  executor* loop_ = nullptr;
  executor::timer timer_ = 0;
};

}  // namespace detail

// The end of a port that a program receives on. Dropping it closes the port. Threads: its owner's loop's.
template <class M>
class receiver {
 public:
  receiver() = default;
  explicit receiver(shared<detail::port_state<M>> s) : state_(std::move(s)) {}
  receiver(receiver&& other) noexcept : state_(std::move(other.state_)) {}
  receiver& operator=(receiver&& other) noexcept {
    if (this != &other) {
      const receiver last(std::move(*this));
      state_ = std::move(other.state_);
    }
    return *this;
  }
  ~receiver() {
    if (state_) state_->drop();
  }

  // Waits for the next message, for ever unless `within`; one waiter at a time.
  // Errors: owner_gone when the port's owner ends; inert for the second message of a once port, and when the
  // receiver is destroyed before.
  auto recv() { return typename detail::port_state<M>::awaiter(state_); }
  // Returns: the next message if there is one now. Errors: as recv.
  std::optional<M> try_recv() { return state_ ? state_->take() : std::nullopt; }

 private:
  shared<detail::port_state<M>> state_;
};

// The end of a port that a program gives away: `bind()` makes the ref that others send to.
template <class M>
class port {
 public:
  explicit port(const port_id& id) : id_(id) {}
  port_ref<M> bind() const { return port_ref<M>(id_); }
  const port_id& id() const { return id_; }

 private:
  port_id id_;
};
template <class M>
class once_port {
 public:
  explicit once_port(const port_id& id) : id_(id) {}
  once_port_ref<M> bind() const { return once_port_ref<M>(id_); }
  const port_id& id() const { return id_; }

 private:
  port_id id_;
};

namespace detail {

template <class Port, class M>
std::pair<Port, receiver<M>> open_port(mailbox& owner, bool once) {
  auto state = make_counted<port_state<M>>(once);
  owner.queue().open(*state, owner);
  Port port(port_id(owner.id(), state->number()));
  return {std::move(port), receiver<M>(std::move(state))};
}

}  // namespace detail

}  // namespace viceroy
