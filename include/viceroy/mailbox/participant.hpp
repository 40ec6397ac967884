// participant: who takes part in sending: the context of an actor, or an instance.
#pragma once

#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/mailbox/run_queue.hpp"

namespace viceroy {

// The `cx` of every verb: the mailbox whose owner sends, opens ports and owns what it spawns.
// Threads: its loop's; elsewhere every verb throws wrong_thread.
class participant {
 public:
  participant(const participant&) = delete;
  participant& operator=(const participant&) = delete;

  actor_id id() const { return box().id(); }

  // Returns: its mailbox. Errors: inert once it has ended.
  mailbox& box() const {
    if (!box_ || box_->generation() != generation_) [[unlikely]]
      throw error(errc::inert, "this instance has ended (it was stopped, or moved from); make another one");
    return *box_;
  }
  // The same, for a verb: on the loop's thread only.
  mailbox& sender_box() const {
    mailbox& b = box();
    b.queue().check_thread(b);
    return b;
  }

 protected:
  participant() = default;
  explicit participant(mailbox& b) { bind(b); }
  ~participant() = default;
  void bind(mailbox& b) {
    box_ = &b;
    generation_ = b.generation();
  }
  void unbind() { box_ = nullptr; }
  bool bound() const { return box_ != nullptr; }
  mailbox_handle handle() const { return box_ ? mailbox_handle(*box_, generation_) : mailbox_handle(); }

 private:
  mailbox* box_ = nullptr;
  std::uint32_t generation_ = 0;
};

}  // namespace viceroy
