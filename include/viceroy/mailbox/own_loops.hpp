// own_loops: loops with a thread of their own, lent to actors that must block; work for a mailbox on another
// loop.
#pragma once

#include <cstdint>
#include <utility>

#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/message_ops.hpp"
#include "viceroy/mailbox/run_queue.hpp"

namespace viceroy {

// A loop with a thread of its own, lent to one actor and its children.
class own_loop {
 public:
  // Returns: the part of the borrower's proc that lives there.
  virtual directory& home() = 0;
  // Begins the thread, when the actor has been made. Errors: system.
  virtual void start() = 0;
  // The actor has ended. Threads: any.
  virtual void finished() noexcept = 0;
  // Does what was posted to it until now: so arrives what comes from other processes. Threads: its own.
  virtual void do_posted() = 0;

 protected:
  ~own_loop() = default;
};

class own_loops {
 public:
  // Lends a loop, whose thread does not run yet, to an actor of a proc. Threads: any.
  virtual own_loop& lend(directory& proc) = 0;

 protected:
  ~own_loops() = default;
};

namespace detail {

// Makes this thread another loop's while this lives; that loop's own does not run.
class on_loop {
 public:
  explicit on_loop(run_queue& q) : executor_(&q.loop()), before_(run_queue::exchange_current(&q)) {}
  ~on_loop() { run_queue::exchange_current(before_); }
  on_loop(const on_loop&) = delete;
  on_loop& operator=(const on_loop&) = delete;

 private:
  executor::scope executor_;
  run_queue* before_;
};

template <class Work>
inline constexpr message_ops work_ops{0, "its own start or end", sizeof(Work), destroy_message<Work>};

// Calls `work(mailbox&)` on the loop of a mailbox that lives on another one, unless it is gone by then, even
// if it is busy or closed. Order: before anything is
// handled that was sent there later.
template <class Work>
void signal_elsewhere(run_queue& from, directory& home, std::uint64_t index, Work work) {
  message_node& n = from.make<Work>(work_ops<Work>, true, std::move(work));
  n.flags |= message_node::signal | message_node::urgent | message_node::foreign;
  n.from = actor_id();
  n.extra().index = index;
  n.extra().owner = &from;
  n.invoke = [](mailbox& box, message_node& m) {
    Work todo = std::move(*static_cast<Work*>(m.payload()));
    box.queue().discard(m);
    todo(box);
  };
  from.hand_over(n, home);
}

}  // namespace detail

}  // namespace viceroy
