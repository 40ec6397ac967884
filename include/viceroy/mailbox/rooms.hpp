// rooms: how it is seen that there is room again. Compiled once on request.
#pragma once

#include <coroutine>
#include <cstddef>
#include <string>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/mailbox/room.hpp"
#include "viceroy/mailbox/router.hpp"

namespace viceroy::detail {

VICEROY_DECL room_awaiter::~room_awaiter() {
  if (timer_) queue_->loop().cancel(timer_);
}

VICEROY_DECL void room_awaiter::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  until_ = queue_->loop().exact_now() + finite(queue_->bounds().call);
  look_later();
}

VICEROY_DECL void room_awaiter::await_resume() const {
  if (!who_.before_end()) throw error(errc::owner_gone, "whoever waited for room to send has ended");
  if (given_up_)
    throw error(errc::timeout,
                fullest_ + " had no room for more messages within " + limit_text(queue_->bounds().call));
}

VICEROY_DECL bool room_awaiter::full() {
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
      fullest_ = "the mailbox of " + to.text() + " (" + std::to_string(box->waiting_bytes()) + " bytes wait)";
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

VICEROY_DECL void room_awaiter::look_later() {
  timer_ = queue_->loop().call_at(queue_->loop().now() + std::chrono::milliseconds(1), [this] {
    timer_ = 0;
    if (who_.before_end() && full()) {
      given_up_ = queue_->loop().now() >= until_;
      if (!given_up_) return look_later();
    }
    waiting_.resume();  // may destroy this
  });
}

}  // namespace viceroy::detail
