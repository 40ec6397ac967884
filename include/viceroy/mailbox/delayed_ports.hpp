// delayed_ports: how delayed messages wait, and come. Compiled once on request.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/delayed.hpp"

namespace viceroy::detail {

VICEROY_DECL delayed delayed_port::start(mailbox& owner, message_node& n, duration delay, duration period,
                                         copy_function copy) {
  run_queue& q = owner.queue();
  auto* const it = new (q) delayed_port(q, n, period, copy);
  try {
    if (!owner.has_room(n.granules))
      throw error(errc::mailbox_full,
                  "the mailbox of " + owner.text() + " is full: it takes no more delayed messages (" +
                      std::to_string(owner.waiting_bytes()) + " bytes wait; limits::mailbox_bytes is " +
                      std::to_string(owner.most_bytes()) + ")");
    q.open(*it, owner);
  } catch (...) {
    delete it;
    throw;
  }
  it->held_ = n.granules;
  owner.count_in(it->held_);
  it->when_ = q.loop().exact_now() + finite(delay);
  it->arm();
  return delayed(it->number());
}

VICEROY_DECL bool delayed_port::cancel(mailbox& owner, delayed which) {
  port_base* const p = owner.queue().find_port(which.number());
  if (!p || p->owner() != &owner) return false;
  static_cast<delayed_port*>(p)->end();
  return true;
}

VICEROY_DECL delayed_port::~delayed_port() {
  if (timer_) queue_->loop().cancel(timer_);
  if (node_) queue_->discard(*node_);
}

VICEROY_DECL void delayed_port::arm() {
  timer_ = queue_->loop().call_at(when_, [this] {
    timer_ = 0;
    fire();
  });
}

VICEROY_DECL void delayed_port::fire() {
  mailbox& box = *owner();
  if (box.is_closed()) return end();  // it takes no more messages, and need not hear of its own
  if (!copy_) {
    message_node& n = *taken(node_);
    end();
    return enqueue(box, n);
  }
  // Periods count from the first, not from the last; those that a busy loop missed are not made up for.
  const auto now = queue_->loop().now();
  const duration::rep periods = (now - when_) / period_ + 1;
  when_ += period_ * (periods > 1 ? periods : 1);
  arm();
  message_node& n = copy_(*queue_, *node_);
  n.from = node_->from;
  n.invoke = node_->invoke;
  enqueue(box, n);  // last: a full mailbox may end whatever it returns to
}

}  // namespace viceroy::detail
