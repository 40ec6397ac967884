// pending: the waiting end of a call: its place among all that a loop waits for, its limit, and who should
// answer.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/clock.hpp"
#include "viceroy/mailbox/delivery.hpp"
#include "viceroy/mailbox/port_base.hpp"

namespace viceroy {

// A port that waits for answers. All of a loop's stand in one list, oldest first, so that one timer serves
// every call with the default limit, and so that the death of a process reaches the calls that wait for it.
class pending : public port_base {
 public:
  // Whether an answer from a proc is still awaited: then its loss is told by lost_proc().
  virtual bool awaits(const proc_id& from) const = 0;
  virtual void lost_proc(const proc_id& from, const error& cause) = 0;
  // The limit has passed: names who did not answer. May destroy it.
  virtual void expired(std::chrono::milliseconds limit) = 0;
  bool is_answer() const final { return true; }

 protected:
  pending() = default;
  ~pending() { leave(); }

  void enter(mailbox& owner) {
    run_queue& q = owner.queue();
    q.open(*this, owner);
    queue_ = &q;
    limit_ = q.bounds().call;
    deadline_ = q.loop().now() + limit_;
    older_ = q.newest_pending();
    (older_ ? older_->newer_ : q.oldest_pending()) = this;
    q.newest_pending() = this;
    if (q.pending_timer() && deadline_ < q.pending_due())  // the limit was made shorter meanwhile
      q.loop().cancel(std::exchange(q.pending_timer(), 0));
    if (!q.pending_timer()) arm(q, deadline_);
  }
  void leave() {
    if (!queue_) return;
    run_queue& q = *std::exchange(queue_, nullptr);
    (older_ ? older_->newer_ : q.oldest_pending()) = newer_;
    (newer_ ? newer_->older_ : q.newest_pending()) = older_;
    if (own_timer_) q.loop().cancel(std::exchange(own_timer_, 0));
    if (owner()) q.close(*this);
  }
  void limit_to(std::chrono::milliseconds limit) {
    if (!queue_) return;
    limit_ = limit;
    if (own_timer_) queue_->loop().cancel(own_timer_);
    deadline_ = executor::clock::time_point::max();  // the common timer passes it by
    own_timer_ = queue_->loop().call_at(queue_->loop().exact_now() + limit, [this] {
      own_timer_ = 0;
      expired(limit_);
    });
  }
  bool waiting() const { return queue_ != nullptr; }

 private:
  friend void tell_lost(run_queue& q, const proc_id& gone, const error& cause);

  static void arm(run_queue& q, executor::clock::time_point when) {
    q.pending_due() = when;
    q.pending_timer() = q.loop().call_at(when, [&q] {
      q.pending_timer() = 0;
      const auto now = q.loop().now();
      std::vector<std::uint64_t> late;
      executor::clock::time_point next = executor::clock::time_point::max();
      for (pending* p = q.oldest_pending(); p != nullptr; p = p->newer_) {
        if (p->deadline_ <= now) {
          late.push_back(p->number());
        } else {
          next = std::min(next, p->deadline_);
        }
      }
      if (next != executor::clock::time_point::max()) arm(q, next);
      for (const std::uint64_t number : late)  // each may end others: look it up anew
        if (port_base* const p = q.find_port(number))
          static_cast<pending*>(p)->expired(static_cast<pending*>(p)->limit_);
    });
  }

  run_queue* queue_ = nullptr;
  pending* older_ = nullptr;
  pending* newer_ = nullptr;
  std::chrono::milliseconds limit_{0};
  executor::clock::time_point deadline_{};
  executor::timer own_timer_ = 0;
};

// Ends what is awaited from a proc that is gone. Threads: the loop's.
inline void tell_lost(run_queue& q, const proc_id& gone, const error& cause) {
  std::vector<std::uint64_t> hit;
  for (pending* p = q.oldest_pending(); p != nullptr; p = p->newer_)
    if (p->awaits(gone)) hit.push_back(p->number());
  for (const std::uint64_t number : hit)
    if (port_base* const p = q.find_port(number)) static_cast<pending*>(p)->lost_proc(gone, cause);
}

}  // namespace viceroy
