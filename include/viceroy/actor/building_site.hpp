// building_site: where a mailbox, and what stands in it, is built: finished, or nothing is left of it.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/life.hpp"
#include "viceroy/mailbox/run_queue.hpp"

namespace viceroy::detail {

// Of actors, instances, and what stands for an actor with a thread of its own.
class building_site {
 public:
  // Errors: inert for a parent that has ended.
  VICEROY_MERGED building_site(directory& home, mailbox* parent, pool::size_class c, bool agent = false)
      : home_(home), parent_(parent), size_(c) {
    if (parent && is_terminal(parent->status())) refuse(*parent);
    memory_ = home.queue().take_mailbox(c, agent);
  }
  building_site(const building_site&) = delete;
  building_site& operator=(const building_site&) = delete;
  VICEROY_MERGED ~building_site() {
    if (box_) give_up();
  }

  void* memory() const { return memory_.at; }
  // Errors: already_exists for a root's name, inert for a proc that has ended.
  VICEROY_MERGED void add(mailbox& box, label name, bool agent = false) {
    box_ = &box;
    life::set_memory(box, size_);
    home_.add(box, memory_.generation, name, parent_, agent);
    added_ = true;
  }
  // It is built, and begins its life.
  VICEROY_MERGED void start(bool bounded, bool has_init_hook) {
    mailbox& box = *box_;
    box_ = nullptr;
    if (bounded) box.set_bounded(true);
    if (has_init_hook) {
      life::signal(box, box.ops()->initialize, true);
    } else {
      life::started(box);
    }
    stop_with_parent(box);
  }
  // It is built, and its life is begun by somebody else.
  void finish() { stop_with_parent(*std::exchange(box_, nullptr)); }

 private:
  [[noreturn, gnu::cold, gnu::noinline]] static void refuse(const mailbox& parent) {
    throw error(errc::inert, parent.text() + " has ended and starts no more actors");
  }
  [[gnu::cold, gnu::noinline]] void give_up() noexcept {
    if (added_) home_.remove(*box_);
    home_.queue().give_mailbox(size_, *box_);
  }
  void stop_with_parent(mailbox& box) const {
    if (parent_ && parent_->is_closed()) life::stop(box, stop_mode::stop);
  }

  directory& home_;
  mailbox* const parent_;
  mailbox* box_ = nullptr;
  run_queue::mailbox_memory memory_;
  const pool::size_class size_;
  bool added_ = false;
};

}  // namespace viceroy::detail
