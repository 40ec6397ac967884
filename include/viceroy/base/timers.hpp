// timers: what a loop has to do later: a hierarchical wheel.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"

namespace viceroy {

// A loop's timers. A slot of level 0 is one tick of 2^20 ns (about a millisecond), one of level n 64 ticks of
// level n - 1; what a slot holds moves down when its time comes, and what is due in the current tick stands
// in a heap. Order: exact, soonest first, those of one time as added. Threads: one. Cost: adding and
// cancelling constant, no allocation once warm; a timer moves at most once per level.
class timers {
 public:
  using time_point = executor::clock::time_point;

  timers() { heads_.fill(nobody); }

  executor::timer add(time_point when, callback<void()> work) {
    if (free_ == nobody) {
      entries_.push_back({});
      free_ = static_cast<std::uint32_t>(entries_.size() - 1);
    }
    const std::uint32_t at = free_;
    entry& e = entries_[at];
    free_ = e.next;
    e.when = when;
    e.number = ++last_;
    e.work = std::move(work);
    place(at);
    next_ = count_ == 0 ? when : std::min(next_, when);
    ++count_;
    return id_of(at);
  }
  // Forgets it; one that has fired, or never was, is ignored.
  void cancel(executor::timer id) {
    const auto at = static_cast<std::uint32_t>(id);
    if (at >= entries_.size() || entries_[at].generation != id >> 32) return;
    take_out(at);
    const auto work = release(at);  // destroyed last: it may own whoever cancels others
  }

  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  // No later than the soonest, and exactly that unless it was cancelled: who sleeps until then may wake in
  // vain.
  time_point next() const { return count_ == 0 ? time_point::max() : next_; }

  // Whether anything is due.
  bool due(time_point now) {
    if (next() > now) return false;
    for (;;) {
      while (!ripe_.empty() && is_stale(ripe_[0])) drop_ripe();
      if (!ripe_.empty()) {
        next_ = ripe_[0].when;
        return next_ <= now;
      }
      if (!turn(tick_of(now))) return false;
    }
  }
  // Calls the soonest that is due. Returns: whether there was one.
  bool fire_one(time_point now) { return fire_before(now, last_); }
  // Calls all that is due at `now`; what they add for the past waits for the next call. Returns: how many.
  std::size_t fire(time_point now) {
    const std::uint64_t newest = last_;
    std::size_t fired = 0;
    while (fire_before(now, newest)) ++fired;
    return fired;
  }

 private:
  static constexpr std::uint32_t nobody = 0xffffffff;
  static constexpr unsigned bits = 6, slots = 1u << bits,
                            levels = 8;  // 48 bits of ticks: all that a clock can count
  static constexpr std::uint16_t in_heap = 0xffff;

  struct entry {
    time_point when;
    std::uint64_t number = 0;  // counts up: of two for one time the first goes first
    callback<void()> work;
    std::uint32_t next = nobody, previous = nobody;  // in its slot; `next` in the free list, too
    std::uint32_t generation = 1;
    std::uint16_t slot = in_heap;
  };
  struct ripe {
    time_point when;
    std::uint64_t number;
    std::uint32_t at, generation;
    friend bool operator<(const ripe& a, const ripe& b) {  // the soonest on top of a heap
      return a.when != b.when ? a.when > b.when : a.number > b.number;
    }
  };

  static std::uint64_t tick_of(time_point t) {
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(t.time_since_epoch()).count();
    return ns <= 0 ? 0 : static_cast<std::uint64_t>(ns) >> 20;
  }
  executor::timer id_of(std::uint32_t at) const { return std::uint64_t{entries_[at].generation} << 32 | at; }
  bool is_stale(const ripe& r) const { return entries_[r.at].generation != r.generation; }
  void drop_ripe() {
    std::pop_heap(ripe_.begin(), ripe_.end());
    ripe_.pop_back();
  }

  // Puts an entry where it belongs, seen from the current tick.
  void place(std::uint32_t at) {
    entry& e = entries_[at];
    const std::uint64_t tick = tick_of(e.when);
    if (tick <= tick_) {
      e.slot = in_heap;
      ripe_.push_back({e.when, e.number, at, e.generation});
      std::push_heap(ripe_.begin(), ripe_.end());
      return;
    }
    const auto level = static_cast<unsigned>(std::bit_width(tick ^ tick_) - 1) / bits;
    const auto slot = static_cast<unsigned>(tick >> level * bits) & (slots - 1);
    e.slot = static_cast<std::uint16_t>(level * slots + slot);
    e.previous = nobody;
    e.next = taken(heads_[e.slot], at);
    if (e.next != nobody) entries_[e.next].previous = at;
    used_[level] |= std::uint64_t{1} << slot;
  }
  void take_out(std::uint32_t at) {
    entry& e = entries_[at];
    if (e.slot == in_heap) return;
    (e.previous != nobody ? entries_[e.previous].next : heads_[e.slot]) = e.next;
    if (e.next != nobody) entries_[e.next].previous = e.previous;
    if (heads_[e.slot] == nobody) used_[e.slot / slots] &= ~(std::uint64_t{1} << e.slot % slots);
  }
  callback<void()> release(std::uint32_t at) {
    entry& e = entries_[at];
    if (++e.generation == 0) e.generation = 1;
    e.next = taken(free_, at);
    --count_;
    return std::move(e.work);
  }

  // Goes on to the next slot that holds something, if that is not after `until`. Returns: false, next() being
  // exact, if there is none.
  bool turn(std::uint64_t until) {
    for (unsigned level = 0; level < levels; ++level) {
      if (used_[level] == 0) continue;  // whatever is on a higher level is later
      const auto slot = static_cast<unsigned>(std::countr_zero(used_[level]));
      const std::uint64_t above = tick_ >> (level + 1) * bits << (level + 1) * bits;
      const std::uint64_t start = above | std::uint64_t{slot} << level * bits;
      const std::size_t where = level * slots + slot;
      if (start > until) {
        next_ = time_point::max();
        for (std::uint32_t at = heads_[where]; at != nobody; at = entries_[at].next)
          next_ = std::min(next_, entries_[at].when);
        tick_ = std::max(tick_, until);
        return false;
      }
      tick_ = start;
      used_[level] &= ~(std::uint64_t{1} << slot);
      for (std::uint32_t at = taken(heads_[where], nobody); at != nobody;) {
        const std::uint32_t next = entries_[at].next;
        place(at);
        at = next;
      }
      return true;
    }
    tick_ = std::max(tick_, until);
    return false;
  }

  bool fire_before(time_point now, std::uint64_t newest) {
    if (!due(now) || ripe_[0].number > newest) return false;
    const std::uint32_t at = ripe_[0].at;
    drop_ripe();
    auto work = release(at);
    work();
    return true;
  }

  series<entry> entries_;
  series<ripe> ripe_;
  std::array<std::uint32_t, std::size_t{levels} * slots> heads_{};
  std::array<std::uint64_t, levels> used_{};
  std::uint64_t tick_ = 0;  // everything before it has moved to the heap
  std::uint64_t last_ = 0;
  time_point next_ = time_point::max();
  std::size_t count_ = 0;
  std::uint32_t free_ = nobody;
};

}  // namespace viceroy
