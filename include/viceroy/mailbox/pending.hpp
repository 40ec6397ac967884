// pending: the waiting end of a call: its place among all that a loop waits for, its limit, and who should
// answer.
#pragma once

#include <cstdint>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/delivery.hpp"
#include "viceroy/mailbox/port_base.hpp"

namespace viceroy {

// A port that waits for answers. One timer serves all calls of a loop with the default limit, and the death
// of a process reaches those that wait for it: both look through the loop's open ports, so that a call itself
// is in no list but its owner's.
class pending : public port_base {
 public:
  // Whether an answer from a proc is still awaited: then its loss is told by lost_proc().
  virtual bool awaits(const proc_id& from) const = 0;
  virtual void lost_proc(const proc_id& from, const error& cause) = 0;
  // The limit has passed: names who did not answer. May destroy it.
  virtual void expired(std::chrono::milliseconds limit) = 0;
  bool is_answer() const final { return true; }

  // Ends what is awaited from a proc that is gone. Threads: the loop's.
  static void tell_lost(run_queue& q, const proc_id& gone, const error& cause);

 protected:
  pending() = default;
  ~pending() { leave(); }

  void enter(mailbox& owner) {
    run_queue& q = owner.queue();
    q.open(*this, owner);
    queue_ = &q;
    limit_ = q.bounds().call;
    deadline_ = end_of_limit(q.loop().now(), limit_);
    if (deadline_ < q.pending_due()) [[unlikely]]  // none is armed, or the limit was made shorter
      arm(q, deadline_);
  }
  void leave() {
    if (own_timer_) [[unlikely]]
      queue_->loop().cancel(taken(own_timer_));
    if (owner()) queue_->close(*this);
  }
  void limit_to(std::chrono::milliseconds limit);
  // Returns: for how long it has been waited for, or `most`: a limit of whoever waits may have begun before.
  std::chrono::milliseconds waited(std::chrono::milliseconds most) const;

  // Memory of its loop's; the heap's when that loop is not this thread's, or gone: an answer may be dropped
  // after its runtime's end. The queue is only compared.
  static void* take_block(const run_queue* q, std::size_t bytes) {
    run_queue* const here = run_queue::current();
    return here && here == q ? here->blocks().take(bytes) : ::operator new(block_cache::whole(bytes));
  }
  static void give_block(const run_queue* q, void* memory, std::size_t bytes) noexcept {
    run_queue* const here = run_queue::current();
    if (here && here == q) {
      here->blocks().give(memory, bytes);
    } else {
      ::operator delete(memory);
    }
  }
  run_queue* queue() const { return queue_; }

 private:
  template <class F>
  static void for_each(const run_queue& q, F f);
  // Gives it a timer of its own.
  void expire_at(executor::clock::time_point when);
  static void arm(run_queue& q, executor::clock::time_point when);
  // Several may be late, if the loop was held up: the timers have them end in the order of their deadlines.
  static void end_late(run_queue& q);

  run_queue* queue_ = nullptr;
  std::chrono::milliseconds limit_{0};
  executor::clock::time_point deadline_{};
  executor::timer own_timer_ = 0;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/expiry.hpp"
#endif
