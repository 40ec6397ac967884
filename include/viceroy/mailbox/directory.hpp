// directory: who lives in a proc: the table from index to mailbox, and the names that are taken.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/id/proc_id.hpp"
#include "viceroy/mailbox/actor_table.hpp"
#include "viceroy/mailbox/free_slots.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/mailbox/name_table.hpp"
#include "viceroy/mailbox/run_queue.hpp"

namespace viceroy {

class own_loops;
class runtime_core;

// The mailboxes of one proc. While it is published, messages to the proc's id find it without asking anybody.
// Threads: its loop's; other threads only read `queue()` of a published one.
class directory : public actor_table {
 public:
  directory(proc_id id, run_queue& q);
  // Ends what still lives in it, at once: see life::end_all.
  ~directory();
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;

  proc_id id() const { return id_; }
  run_queue& queue() const { return *queue_; }
  void publish() { id_.set_home(this, queue_); }
  void withdraw() {
    id_.set_home(nullptr);
    if (run_queue::current() == queue_) queue_->forget_near(*this);  // else it stays: see thread_loops
  }

  // The core of the runtime this proc belongs to; what a context reaches for meshes. Null in a test without
  // one.
  runtime_core* core() const { return core_; }
  void set_core(runtime_core* c) { core_ = c; }
  // Where actors that say `using execution = own_thread;` get their threads. Null in a deterministic world:
  // there they run with all others.
  own_loops* threads() const { return threads_; }
  void set_threads(own_loops* t) { threads_ = t; }

  // Bounds what other loops have sent and this one has not looked at yet, in bytes: for a loop that may be
  // held for long. Set before it is published. The rest: of any thread.
  void bound_arrivals(std::uint64_t bytes) { most_on_the_way_ = bytes; }
  bool bounds_arrivals() const noexcept { return most_on_the_way_ != 0; }
  bool admits(std::size_t bytes) noexcept {
    if (most_on_the_way_ == 0) return true;
    if (on_the_way_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= most_on_the_way_) return true;
    on_the_way_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  void took(std::size_t bytes) noexcept {
    if (most_on_the_way_ != 0) on_the_way_.fetch_sub(bytes, std::memory_order_relaxed);
  }
  std::string full_text(const actor_id& who) const;

  using actor_table::find;
  mailbox* find(label root) const;

  // Gives a mailbox its place and name. Slot 0 is for the proc's agent, whose id everybody can tell: its
  // memory is fresh, its generation 0. Errors: already_exists for a root's name; inert for a proc that has
  // ended.
  void add(mailbox& box, std::uint32_t generation, label name, mailbox* parent, bool agent = false);

  // Lets a mailbox go by the id of an actor on another loop, whose life it has here.
  static void stand_for(mailbox& box, const actor_id& other) { box.id_ = other; }

  void remove(mailbox& box);

  // Keeps why an actor failed, of the last limit::obituaries, for messages that still ask for it.
  void remember(std::uint64_t index, const std::string& why);
  const std::string* why_gone(std::uint64_t index) const;

  mailbox* first_root() const { return first_root_; }
  static mailbox* next_root(const mailbox& box) { return box.next_sibling_; }
  std::size_t living() const { return living_; }
  // All that lives in it is being ended, and whoever owns it may listen no more.
  void begin_end() { ending_ = true; }
  bool is_ending() const { return ending_; }
  // From now on nothing is added, and nobody hears of ends.
  void end();

  // Hears of the end of each root: its mailbox (still readable), how it ended, and why if it failed.
  void on_root_end(callback<void(mailbox&, status, const error*)> f) { root_end_ = std::move(f); }
  void root_ended(mailbox& box, status how, const error* cause);

 private:
  struct obituary {
    std::uint64_t index;  // of the actor
    std::string why;
  };
  void grow();

  proc_id id_;
  run_queue* queue_;
  runtime_core* core_ = nullptr;
  own_loops* threads_ = nullptr;
  std::uint64_t most_on_the_way_ = 0;  // 0: any amount
  std::atomic<std::uint64_t> on_the_way_{0};
  places entries_;
  free_slots free_;
  name_table roots_;
  mailbox* first_root_ = nullptr;
  std::size_t living_ = 0;
  series<obituary> obituaries_;
  std::size_t next_obituary_ = 0;
  bool ending_ = false;
  bool ended_ = false;
  callback<void(mailbox&, status, const error*)> root_end_;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/residents.hpp"
#endif
