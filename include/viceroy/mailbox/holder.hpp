// holder: what a loop is at just now, written by the loop for another thread to read: the watchdog.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/small_mutex.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/wire/payload.hpp"

namespace viceroy {

// Whose message a loop handles, or which work of its own it does. The loop says what it begins, by two
// stores; one other thread marks what it finds, and later sees by its mark that nothing has begun since, for
// whatever begins overwrites it. So the loop counts nothing. Threads: begin(), end() and forget() the loop's;
// the rest one other's; times_held() any.
class holder {
 public:
  // What was found begun. It is not looked into: see read().
  struct mark {
    const mailbox* box = nullptr;
    const message_ops* what = nullptr;
  };
  // Who holds the loop. An `actor` of no `type` is an instance; without an actor it is the loop's own work,
  // which `what` names.
  struct name {
    actor_id actor;
    std::string_view type;
    std::string_view what;
  };

  [[gnu::always_inline]] void begin(const mailbox& box, const message_ops& what) noexcept {
    box_.store(&box, std::memory_order_release);
    what_.store(reinterpret_cast<std::uintptr_t>(&what), std::memory_order_release);
  }
  // Work of the loop itself; `what` lives for ever.
  void begin(const message_ops& what) noexcept {
    box_.store(nullptr, std::memory_order_relaxed);
    what_.store(reinterpret_cast<std::uintptr_t>(&what), std::memory_order_release);
  }
  void end() noexcept { what_.store(0, std::memory_order_relaxed); }
  // A mailbox's memory is about to be another's.
  void forget(const mailbox& box) noexcept;

  // Does work of the loop itself while this lives.
  class own_work {
   public:
    own_work(holder& of, const message_ops& what) noexcept : holder_(&of) { of.begin(what); }
    ~own_work() { holder_->end(); }
    own_work(const own_work&) = delete;
    own_work& operator=(const own_work&) = delete;

   private:
    holder* holder_;
  };

  // Marks what is begun now. Returns: it; one of nothing when the loop is between two things, or sleeps.
  mark set_mark() noexcept {
    std::uintptr_t what = what_.load(std::memory_order_acquire);
    while (what != 0 && !what_.compare_exchange_weak(what, what | marked, std::memory_order_acquire)) {
    }
    if (what == 0) return {};
    return {box_.load(std::memory_order_acquire), reinterpret_cast<const message_ops*>(what & ~marked)};
  }
  // Returns: whether nothing has begun or ended since that mark was set.
  bool still(const mark& m) const noexcept {
    return what_.load(std::memory_order_acquire) == (reinterpret_cast<std::uintptr_t>(m.what) | marked);
  }
  // Returns: who it is; without a word for it when that has just ended.
  name read(const mark& m) noexcept;

  // How often it was said that somebody holds this loop.
  void count_held() noexcept { times_held_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t times_held() const noexcept { return times_held_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::uintptr_t marked = 1;

  std::atomic<const mailbox*> box_{nullptr};
  std::atomic<std::uintptr_t> what_{0};  // a message_ops, and the mark; or 0
  small_mutex reading_;                  // held for a few loads, or by who ends an actor
  std::atomic<std::uint64_t> times_held_{0};
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/held.hpp"
#endif
