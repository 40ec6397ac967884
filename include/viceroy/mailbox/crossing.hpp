// crossing: how messages and their memory pass from loop to loop, in chains. Compiled once on request.
#pragma once

#include <cstdint>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/delivery.hpp"

namespace viceroy {

// A chain waits until the end of its loop's turn, no longer than these. A loop that is held up for whole
// messages (own_thread) keeps nothing waiting, and is not kept waiting: whoever sends there may block until
// it has an effect.
VICEROY_DECL std::uint32_t run_queue::longest_chain() const {
  constexpr std::uint32_t most = 32;
  return limits_->turn_messages < most ? limits_->turn_messages : most;
}

VICEROY_DECL void run_queue::hand_over(message_node& n, directory& to) {
  if (leaving_to_ != &to) {
    if (leaving_to_ != nullptr) send_off();
    leaving_to_ = &to;
    leaving_for_ = to.id();
  }
  n.to = reinterpret_cast<mailbox*>(&to);  // the receiving loop exchanges it for the mailbox
  leaving_.add(n);
  if (leaving_.size() >= longest_chain() || to.bounds_arrivals()) send_off();
}

VICEROY_DECL void run_queue::send_off() noexcept {
  if (leaving_for_.home() != leaving_to_) [[unlikely]]
    return return_chain();
  run_queue& there = taken(leaving_to_)->queue();
  if (there.inbox_.push(leaving_) && there.wake_) there.wake_();
}

// The proc has ended since these were sent.
VICEROY_DECL void run_queue::return_chain() noexcept {
  leaving_to_ = nullptr;
  const proc_id gone = taken(leaving_for_);
  for (message_node* next = oldest_first(taken(leaving_).newest()); next != nullptr;) {
    message_node& n = *taken(next, next->next);
    return_node(*this, n, actor_id(gone, label(), n.extra().index), absence(is_for_port(n)),
                "there is no proc " + std::string(gone.text()) + " (any more) in its process");
  }
}

VICEROY_DECL void run_queue::give_back(message_node& n) noexcept {
  stay_if_abandoned();
  run_queue& owner = *n.extra().owner;
  if (&owner == this || n.memory() == pool::heap) return give_node(n);
  if (going_home_to_ != &owner) {
    if (going_home_to_ != nullptr) send_home();
    going_home_to_ = &owner;
  }
  going_home_.add(n);
  if (going_home_.size() >= longest_chain()) send_home();
}

VICEROY_DECL void run_queue::send_home() noexcept { taken(going_home_to_)->returned_.push(going_home_); }

// Handles the last stretch for what arrives on the queue from other loops.
VICEROY_DECL void run_queue::take_inbox() {
  stay_if_abandoned();
  message_node* oldest = oldest_first(inbox_.take());
  while (oldest) {
    message_node& n = *oldest;
    oldest = oldest->next;
    auto& home = *reinterpret_cast<directory*>(n.to);
    const std::uint64_t index = n.extra().index;
    if (n.is(message_node::traced)) n.extra().index = n.generation;
    if (!n.is(message_node::signal) && !is_for_port(n)) home.took(n.memory_bytes());
    if (mailbox* const box = home.find(index)) {
      if (!n.is(message_node::signal)) {
        enqueue(*box, n);
      } else {  // work for the mailbox takes its own place in the queue; what comes back waits for no room
        n.ops->type_id == 0 ? n.invoke(*box, n) : enqueue_always(*box, n);
      }
    } else {
      const actor_id to(home.id(), label(), index);
      return_node(*this, n, to, absence(home, is_for_port(n)), no_such_actor_text(home, to, n.ops->name));
    }
  }
}

VICEROY_DECL void run_queue::take_returned() noexcept {
  message_node* mine = returned_.take();
  while (mine) {
    message_node* const next = mine->next;
    give_node(*mine);
    mine = next;
  }
}

VICEROY_DECL message_node* run_queue::take_all() {
  flush();
  if (!inbox_.empty()) take_inbox();
  if (!returned_.empty()) take_returned();
  while (!cradle_.empty()) bring_up(cradle_.take_oldest());
  *tail_ = nullptr;
  tail_ = &head_;
  return taken(head_);
}

// Procs end before their queue; queues that hand nodes to each other have stopped before the first one ends.
VICEROY_DECL void run_queue::clear() noexcept {
  *tail_ = nullptr;
  while (head_) {
    message_node& n = *taken(head_, head_->next);
    n.to->count_out(n.granules);
    relieve(n);
    if (n.to->left_over_ && n.to->room_.untouched()) n.to->affairs_.reset();
    discard(n);
  }
  tail_ = &head_;
  message_node* handed_over = inbox_.take();
  while (handed_over) discard(*taken(handed_over, handed_over->next));
  take_returned();
  flush();  // what was another's goes home while that lives
}

}  // namespace viceroy
