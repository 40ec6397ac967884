// invoke: how one message type is handled by one actor type: the function behind a message's one indirect
// call.
#pragma once

#include <coroutine>
#include <exception>
#include <type_traits>
#include <utility>

#include "viceroy/actor/reentrant.hpp"
#include "viceroy/actor/traits.hpp"
#include "viceroy/base/config.hpp"
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

// The payload of the message being handled. Nearly every message is plain: sent within the loop to one actor,
// answering nobody.
inline void* payload_of(message_node& n) { return n.flags == 0 ? static_cast<void*>(&n + 1) : n.payload(); }

// Keeps a message until the handler is done that is a task: its frame may be destroyed where it is suspended.
class suspended_message {
 public:
  suspended_message(mailbox& box, message_node& n) : box_(box), node_(n) { box.set_current(&n); }
  suspended_message(const suspended_message&) = delete;
  suspended_message& operator=(const suspended_message&) = delete;
  ~suspended_message() {
    box_.set_current(nullptr);
    box_.queue().discard(node_);
  }

 private:
  mailbox& box_;
  message_node& node_;
};

// The same in a reentrant actor, which may be handling something else when it ends.
class side_by_side_message {
 public:
  side_by_side_message(mailbox& box, message_node& n) : box_(box), node_(n) { box.set_current(&n); }
  side_by_side_message(const side_by_side_message&) = delete;
  side_by_side_message& operator=(const side_by_side_message&) = delete;
  ~side_by_side_message() {
    if (box_.current() == &node_) box_.set_current(nullptr);
    box_.queue().discard(node_);
  }

 private:
  mailbox& box_;
  message_node& node_;
};

// Fails the call if somebody waits for its answer, else the actor. Called in a catch block.
VICEROY_DECL void handler_threw(mailbox& box, const message_node& n);

// Puts an answer in the place of its question. Apart, so that a handler's usual way stays small.
template <class R>
[[gnu::noinline]] void answer_in_place(mailbox& box, message_node& n, R&& value) noexcept {
  if (!turn_into_answer(box, n)) return;
  n.ops = &message_ops_of<R>;
  ::new (n.storage()) R(std::move(value));
  box.queue().push(n);
}

// Ends the handling of a message that is not plain, by a handler that returned nothing. Returns: whether its
// node became the answer.
VICEROY_DECL bool answered_nothing(mailbox& box, message_node& n);

// Ends the handling of a message that is not plain, or has become its actor's last.
[[gnu::noinline]] inline void let_go(mailbox& box, message_node& n) {
  const bool last = n.is(message_node::last);
  box.queue().discard(n);
  if (last) life::stop_now(box);
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

// Awaits a handler that is a task, and answers with its value. Of the value's type only: a coroutine is dear
// to compile.
template <class Frame, class Held, class R>
Frame run_task_handler(mailbox& box, message_node& n, task<R> (*begin)(mailbox&, message_node&)) {
  const Held held(box, n);
  std::exception_ptr thrown;
  try {
    if constexpr (std::is_void_v<R>) {
      co_await begin(box, n);
      answer_with<unit>(box, n, 0);
    } else {
      R value = co_await begin(box, n);
      answer_with<R>(box, n, 0, std::move(value));
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

// Calls A's handler of M.
template <class A, class M>
handler_return<A, M> call_handler(mailbox& base, message_node& n) {
  auto& box = static_cast<actor_box<A>&>(base);
  M& m = *static_cast<M*>(payload_of(n));
  if constexpr (handler_shares<A, M>) {
    return box.actor().handle(box.cx(), static_cast<const M&>(m));
  } else {
    if (n.is(message_node::shared)) [[unlikely]]
      return box.actor().handle(box.cx(), copy_of_shared<M>(n));
    return box.actor().handle(box.cx(), std::move(m));
  }
}

// What ends the handling of a message of some class; known where it is compiled, so that nothing is loaded.
struct handled_class {
  void (*destroy)(void*) noexcept;
  pool::size_class plain;  // of a node that holds nothing else
};

VICEROY_MERGED inline void end_handling(mailbox& box, message_node& n, handled_class m) {
  run_queue::set_handling(nullptr);
  if (n.flags == 0) [[likely]] {
    m.destroy(&n + 1);
    box.queue().release_plain(n, m.plain);
  } else {
    let_go(box, n);
  }
}

// Runs a handler that returns nothing.
VICEROY_MERGED inline void run_handler(mailbox& box, message_node& n, invoke_function call, handled_class m) {
  run_queue::set_handling(&n);
  try {
    call(box, n);
    if (n.flags != 0) [[unlikely]] {
      if (answered_nothing(box, n)) return;
    }
  } catch (...) {
    handler_threw(box, n);
  }
  end_handling(box, n, m);
}

// Runs a handler that returns an R.
template <class R>
VICEROY_MERGED inline void run_answering_handler(mailbox& box, message_node& n,
                                                 R (*call)(mailbox&, message_node&), handled_class m) {
  run_queue::set_handling(&n);
  try {
    if constexpr (answers_in_place<R>) {
      R value = call(box, n);
      if (n.is(message_node::asked_here)) {
        run_queue::set_handling(nullptr);
        m.destroy(n.storage());
        return answer_in_place(box, n, std::move(value));
      }
      answer_with<R>(box, n, 0, std::move(value));
    } else {
      answer_with<R>(box, n, 0, call(box, n));
    }
  } catch (...) {
    handler_threw(box, n);
  }
  end_handling(box, n, m);
}

template <class A, class M>
void invoke_handler(mailbox& box, message_node& n) {
  using returned = handler_return<A, M>;
  constexpr handled_class m{destroy_message<M>, pool::class_of(run_queue::plain_bytes<M>)};
  if constexpr (!is_task<returned>) {
    if constexpr (std::is_void_v<returned>) {
      run_handler(box, n, call_handler<A, M>, m);
    } else {
      run_answering_handler<returned>(box, n, call_handler<A, M>, m);
    }
  } else if constexpr (is_reentrant<A>) {
    run_task_handler<reentrant_frame, side_by_side_message>(box, n, call_handler<A, M>).start(box, n);
  } else {
    run_task_handler<handler_frame, suspended_message>(box, n, call_handler<A, M>).start(box);
  }
}

// What a message of type M to an actor of class A starts with.
template <class A, class M>
inline constexpr message_way way_of{&message_ops_of<M>, invoke_handler<A, M>};

}  // namespace detail

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/actor/handled.hpp"
#endif
