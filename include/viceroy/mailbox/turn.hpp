// turn: one turn of a loop, and what becomes of ports and of who uses a mailbox wrongly. Compiled once on
// request.
#pragma once

#include <cstddef>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/mailbox/run_queue.hpp"

namespace viceroy {

#if defined(VICEROY_SEPARATE_COMPILATION)
template class block_pool<plain_link>;
template class block_pool<mailbox_link>;
#endif

// Handles what waits in the list, up to `most`. Returns: how many are left of those.
[[gnu::always_inline]] inline std::size_t run_queue::handle_waiting(std::size_t most) {
  for (; tail_ != &head_ && most != 0; --most) {
    message_node* const n = head_;
    if (tail_ == &n->next) {
      tail_ = &head_;
    } else {
      head_ = n->next;
    }
    handle(*n);
  }
  return most;
}

// While newborns wait, one of them joins the list after so many messages, or when the list is empty.
[[gnu::noinline]] VICEROY_DECL std::size_t run_queue::handle_and_bring_up(std::size_t left) {
  constexpr std::size_t stretch = 16;
  while (left != 0 && !cradle_.empty()) {
    bring_up(cradle_.take_next());
    const std::size_t now = left < stretch ? left : stretch;
    left -= now - handle_waiting(now);
  }
  return left;
}

VICEROY_DECL std::size_t run_queue::run(std::size_t most) {
  if (!inbox_.empty()) take_inbox();
  if (!returned_.empty()) take_returned();
  if (!cradle_.empty()) bring_up(cradle_.take_oldest());
  std::size_t left = most;
  do {
    if (!cradle_.empty()) left = handle_and_bring_up(left);
    left = handle_waiting(left);
  } while (left != 0 && !cradle_.empty());
  holder_.end();
  flush();
  settle();
  mailboxes_.settle();
  counters_.handled += most - left;
  return most - left;
}

VICEROY_DECL void run_queue::close_ports_of(mailbox& owner, const error& cause) {
  while (port_base* const p = owner.ports_) {
    close(*p);
    p->orphaned(cause);
  }
}

VICEROY_DECL void run_queue::owner_has_ended(const mailbox& owner) {
  throw error(errc::inert, owner.text() + " has ended: it opens no ports and makes no calls");
}

VICEROY_DECL void run_queue::wrong_thread(const mailbox& who) {
  throw error(errc::wrong_thread, who.text() +
                                      " was used on a thread that is not its loop's; post the work to the "
                                      "loop (rt.post) or send a message");
}

}  // namespace viceroy
