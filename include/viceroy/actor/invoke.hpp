// invoke: how one message type is handled by one actor type: the function behind a message's one indirect
// call.
#pragma once

#include <coroutine>
#include <exception>
#include <type_traits>
#include <utility>

#include "viceroy/actor/reentrant.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/mailbox/life.hpp"
#include "viceroy/mailbox/post.hpp"

namespace viceroy {

template <class A>
class actor_box;

namespace detail {

// Tells actor classes apart in a process, by name: a ref that was made from a wrong id is refused, not
// obeyed.
template <class A>
inline constexpr std::uint64_t actor_tag = id_of_name(type_name<A>());

// The payload of the message being handled, and the node, until the handler is done.
template <class M>
class handled_message {
 public:
  [[gnu::always_inline]] handled_message(mailbox& box, message_node& n) : box_(box), node_(n) {}
  handled_message(const handled_message&) = delete;
  handled_message& operator=(const handled_message&) = delete;

  // Whether it is what nearly every message is: sent within the loop to one actor, that answers nobody.
  [[gnu::always_inline]] bool is_plain() const { return node_.flags == 0; }
  bool is_shared() const { return node_.is(message_node::shared); }
  [[gnu::always_inline]] M& own() const {
    return *static_cast<M*>(is_plain() ? static_cast<void*>(&node_ + 1) : node_.payload());
  }

  // Gives the payload back; the node stays.
  [[gnu::always_inline]] void payload_done() const noexcept { own().~M(); }

  // Gives payload and node back.
  [[gnu::always_inline]] void done() const noexcept {
    if (is_plain()) [[likely]] {
      own().~M();
      box_.queue().template release_plain<M>(node_);
    } else {
      box_.queue().discard(node_);
    }
  }

 private:
  mailbox& box_;
  message_node& node_;
};

// The same for a handler that is a task: its frame may be destroyed where it is suspended.
template <class M>
class suspended_message : public handled_message<M> {
 public:
  suspended_message(mailbox& box, message_node& n) : handled_message<M>(box, n), box_(&box) {
    box.set_current(&n);
  }
  ~suspended_message() {
    box_->set_current(nullptr);
    this->done();
  }

 private:
  mailbox* box_;
};

// The same in a reentrant actor, which may be handling something else when it ends.
template <class M>
class side_by_side_message : public handled_message<M> {
 public:
  side_by_side_message(mailbox& box, message_node& n) : handled_message<M>(box, n), box_(&box), node_(&n) {
    box.set_current(&n);
  }
  ~side_by_side_message() {
    if (box_->current() == node_) box_->set_current(nullptr);
    this->done();
  }

 private:
  mailbox* box_;
  message_node* node_;
};

// Fails the call if somebody waits for its answer, else the actor. Called in a catch block.
inline void handler_threw(mailbox& box, const message_node& n) {
  std::string text;
  errc kind = errc::handler_failed;
  try {
    throw;
  } catch (const error& e) {
    text = e.sentence();
    if (n.reply()) kind = e.kind();
  } catch (const std::exception& e) {
    text = e.what();
  } catch (...) {
    text = "threw something that is not a std::exception";
  }
  text = box.text() + " failed handling " + std::string(n.ops->name) + ": " + text;
  if (n.reply()) {
    answer_with<failure>(box, n, message_node::failure,
                         failure{static_cast<std::int32_t>(kind), std::move(text)});
  } else {
    life::fail(box, errc::handler_failed, text);
  }
}

// Puts an answer in the place of its question. Apart, so that a handler's usual way stays small.
template <class R>
[[gnu::noinline]] void answer_in_place(mailbox& box, message_node& n, R&& value) noexcept {
  if (!turn_into_answer(box, n)) return;
  n.ops = &message_ops_of<R>;
  ::new (n.storage()) R(std::move(value));
  box.queue().push(n);
}

template <class A, class M>
[[gnu::always_inline]] inline decltype(auto) call_handler(actor_box<A>& box, const handled_message<M>& m) {
  if constexpr (handler_shares<A, M>) {
    return box.actor().handle(box.cx(), static_cast<const M&>(m.own()));
  } else if constexpr (std::is_copy_constructible_v<M>) {
    if (m.is_shared()) [[unlikely]]
      return box.actor().handle(box.cx(), M(static_cast<const M&>(m.own())));
    return box.actor().handle(box.cx(), std::move(m.own()));
  } else {
    return box.actor().handle(box.cx(), std::move(m.own()));
  }
}

// Runs a handler that is a task. The frame belongs to the mailbox while it is suspended.
struct handler_frame {
  struct promise_type {
    handler_frame get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct last {
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<promise_type> h) const noexcept {
        mailbox& owner = *h.promise().box;
        h.destroy();
        life::resumed(owner);
      }
      void await_resume() const noexcept {}
    };
    last final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
    mailbox* box = nullptr;
  };
  std::coroutine_handle<promise_type> handle;

  void start(mailbox& box) const {
    handle.promise().box = &box;
    life::suspended(box, handle);  // before it runs, so that it may end at once
    handle.resume();
  }
};

template <class Frame, class Held, class A, class M>
Frame run_task_handler(actor_box<A>& box, message_node& n) {
  Held m(box, n);
  std::exception_ptr thrown;
  try {
    using result = handler_result<A, M>;
    if constexpr (std::is_void_v<result>) {
      co_await call_handler<A, M>(box, m);
      answer_with<unit>(box, n, 0);
    } else {
      result value = co_await call_handler<A, M>(box, m);
      answer_with<result>(box, n, 0, std::move(value));
    }
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (...) {
      handler_threw(box, n);
    }
  }
}

template <class A, class M>
void invoke_handler(mailbox& base, message_node& n) {
  auto& box = static_cast<actor_box<A>&>(base);
  if constexpr (is_task<handler_return<A, M>>) {
    if constexpr (is_reentrant<A>) {
      run_task_handler<reentrant_frame, side_by_side_message<M>, A, M>(box, n).start(box, n);
    } else {
      run_task_handler<handler_frame, suspended_message<M>, A, M>(box, n).start(box);
    }
  } else {
    const handled_message<M> m(box, n);
    run_queue::set_handling(&n);
    try {
      if constexpr (std::is_void_v<handler_return<A, M>>) {
        call_handler<A, M>(box, m);
        if (!m.is_plain()) [[unlikely]] {
          if (n.is(message_node::asked_here)) {
            run_queue::set_handling(nullptr);
            m.payload_done();
            return answer_in_place(box, n, unit{});
          }
          answer_with<unit>(box, n, 0);
        }
      } else if constexpr (answers_in_place<handler_return<A, M>>) {
        handler_return<A, M> value = call_handler<A, M>(box, m);
        if (n.is(message_node::asked_here)) {
          run_queue::set_handling(nullptr);
          m.payload_done();
          return answer_in_place(box, n, std::move(value));
        }
        answer_with<handler_return<A, M>>(box, n, 0, std::move(value));
      } else {
        answer_with<handler_return<A, M>>(box, n, 0, call_handler<A, M>(box, m));
      }
    } catch (...) {
      handler_threw(box, n);
    }
    run_queue::set_handling(nullptr);
    m.done();
  }
}

// What a message of type M to an actor of class A starts with.
template <class A, class M>
inline constexpr message_way way_of{&message_ops_of<M>, invoke_handler<A, M>};

}  // namespace detail

}  // namespace viceroy
