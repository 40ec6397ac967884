// residents: how a directory's mailboxes come and go. Compiled once on request.
#pragma once

#include <string>

#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/directory.hpp"

namespace viceroy {

VICEROY_DECL_MERGED mailbox::mailbox(run_queue& q, directory& d, const actor_ops* type)
    : queue_(&q), ops_(type), room_(q.bounds().mailbox_bytes), home_(&d) {}

VICEROY_DECL directory::directory(proc_id id, run_queue& q) : id_(id), queue_(&q) { grow(); }

VICEROY_DECL std::string directory::full_text(const actor_id& who) const {
  return who.text() + " is full (" + std::to_string(most_on_the_way_) +
         " bytes wait until its thread is free)";
}

VICEROY_DECL mailbox* directory::find(label root) const {
  const std::uint32_t* const slot = roots_.find(root);
  return slot ? entries_[*slot].box : nullptr;
}

VICEROY_DECL void directory::add(mailbox& box, std::uint32_t generation, label name, mailbox* parent,
                                 bool agent) {
  if (ended_)
    throw error(errc::inert, "proc " + std::string(id_.text()) + " has ended and starts no more actors");
  if (!parent) {
    if (find(name))
      throw error(errc::already_exists, "proc " + std::string(id_.text()) +
                                            " has an actor or instance named '" + std::string(name.text()) +
                                            "' already; choose another name");
  }
  std::uint32_t slot = 0;
  if (!agent) {
    if (free_.empty()) {
      slot = entries_.size();
      grow();
    } else {
      slot = free_.take();
      if (generation == 0) generation = queue_->next_generation();
    }
  }
  entry& e = entries_[slot];
  e = {&box, box.ops() ? typed_key(generation, box.tag()) : generation};
  box.id_ = actor_id(id_, name, actor_id::index_of(slot, generation));
  box.slot_ = slot;
  box.key_ = generation;
  if (!agent && queue_->is_depth_first() && box.ops() && box.ops()->bound.most == 0) box.set_newborn(true);
  box.parent_ = parent;
  mailbox*& siblings = parent ? parent->children_ : first_root_;
  box.next_sibling_ = siblings;
  box.previous_sibling_ = nullptr;
  if (siblings) siblings->previous_sibling_ = &box;
  siblings = &box;
  if (!parent) roots_.add(name, slot);
  ++living_;
}

VICEROY_DECL void run_queue::keep(mailbox& newborn, message_node& n) noexcept {
  if (message_node* const last = newborn.last_) {
    n.next = last->next;
    last->next = &n;
  } else {
    n.next = &n;
    try {
      cradle_.add(newborn);
    } catch (...) {  // no memory: it has its turn like all others
      bring_up(newborn);
      return push(n);
    }
  }
  newborn.last_ = &n;
}

VICEROY_DECL void run_queue::bring_up(mailbox& newborn) noexcept {
  if (!newborn.is_newborn()) return;  // it has ended since
  newborn.set_newborn(false);
  if (message_node* const last = taken(newborn.last_)) {
    *tail_ = last->next;
    tail_ = &last->next;
  }
}

VICEROY_DECL void directory::remove(mailbox& box) {
  entry& e = entries_[box.slot()];
  e = {};
  box.key_ = run_queue::gone_generation | mailbox::closed;
  if (box.slot() != 0) free_.add(box.slot());
  (box.previous_sibling_ ? box.previous_sibling_->next_sibling_
   : box.parent_         ? box.parent_->children_
                         : first_root_) = box.next_sibling_;
  if (box.next_sibling_) box.next_sibling_->previous_sibling_ = box.previous_sibling_;
  if (!box.parent_) roots_.remove(box.name());
  --living_;
}

VICEROY_DECL void directory::remember(std::uint64_t index, const std::string& why) {
  if (obituaries_.size() < limit::obituaries) {
    obituaries_.push_back({index, why});
  } else {
    obituaries_[next_obituary_++ % limit::obituaries] = {index, why};
  }
}

VICEROY_DECL const std::string* directory::why_gone(std::uint64_t index) const {
  for (const obituary& one : obituaries_)
    if (one.index == index) return &one.why;
  return nullptr;
}

VICEROY_DECL void directory::end() {
  ended_ = true;
  root_end_.reset();
}

VICEROY_DECL void directory::root_ended(mailbox& box, status how, const error* cause) {
  if (root_end_) root_end_(box, how, cause);
}

VICEROY_DECL void directory::grow() {
  free_.reserve(std::size_t{entries_.size()} + 1);
  entries_.add();
  read_from(entries_);
}

}  // namespace viceroy
