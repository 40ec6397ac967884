// room: waiting until a receiver, or the link that leads to it, takes more messages.
#pragma once

#include <coroutine>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/limits.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/mailbox/participant.hpp"
#include "viceroy/mailbox/router.hpp"

namespace viceroy::detail {

// Suspends until each of some actors' mailboxes and links is at most half full. It looks once a millisecond:
// room comes by megabytes, and a notice of each would stand on every message's path.
class room_awaiter {
 public:
  room_awaiter(mailbox& who, const std::vector<actor_id>& targets)
      : who_(who), queue_(&who.queue()), targets_(&targets) {}
  room_awaiter(const room_awaiter&) = delete;
  room_awaiter& operator=(const room_awaiter&) = delete;
  ~room_awaiter() {
    if (timer_) queue_->loop().cancel(timer_);
  }

  bool await_ready() { return !full(); }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    until_ = queue_->loop().exact_now() + queue_->bounds().call;
    look_later();
  }
  // Errors: timeout, naming what is full; owner_gone.
  void await_resume() const {
    if (!who_.before_end()) throw error(errc::owner_gone, "whoever waited for room to send has ended");
    if (given_up_)
      throw error(errc::timeout,
                  fullest_ + " had no room for more messages within " + limit_text(queue_->bounds().call));
  }

 private:
  // Notes the first that is full.
  bool full() {
    for (const actor_id& to : *targets_) {
      if (to.empty()) continue;
      if (auto* const home = static_cast<directory*>(to.proc().home())) {
        if (&home->queue() != queue_) continue;  // another thread's; it tells what it does not take
        const mailbox* const box = home->find(to.index());
        if (!box || is_terminal(box->status())) continue;
        if (box->is_bounded() && box->waiting_messages() > box->ops()->bound.most / 2) {
          fullest_ = "the mailbox of " + to.text() + " (" + std::to_string(box->waiting_messages()) +
                     " messages wait)";
          return true;
        }
        if (box->waiting_bytes() <= box->most_bytes() / 2) continue;
        fullest_ =
            "the mailbox of " + to.text() + " (" + std::to_string(box->waiting_bytes()) + " bytes wait)";
        return true;
      }
      const std::size_t waiting = queue_->road().waiting_bytes(to.proc());
      if (waiting <= limit::link_buffer_bytes / 2) continue;
      fullest_ =
          "the link to " + std::string(to.proc().text()) + " (" + std::to_string(waiting) + " bytes wait)";
      return true;
    }
    return false;
  }
  void look_later() {
    timer_ = queue_->loop().call_at(queue_->loop().now() + std::chrono::milliseconds(1), [this] {
      timer_ = 0;
      if (who_.before_end() && full()) {
        given_up_ = queue_->loop().now() >= until_;
        if (!given_up_) return look_later();
      }
      waiting_.resume();  // may destroy this
    });
  }

  mailbox_handle who_;
  run_queue* queue_;
  const std::vector<actor_id>* targets_;
  std::coroutine_handle<> waiting_;
  executor::timer timer_ = 0;
  executor::clock::time_point until_{};
  std::string fullest_;
  bool given_up_ = false;
};

// A template, so that g++ compiles it only where it is called: every other coroutine it emits into every
// file.
template <class Targets>
task<void> await_room(mailbox_handle who, Targets targets) {
  mailbox* const box = who.before_end();
  if (!box) throw error(errc::owner_gone, "whoever waits for room to send has ended");
  co_await room_awaiter(*box, targets);
}

}  // namespace viceroy::detail
