// timers: what a loop has to do later, soonest first.
#pragma once

#include <map>
#include <unordered_map>
#include <utility>

#include "viceroy/base/executor.hpp"

namespace viceroy {

// For the control plane: waits, grace times. Cost: a tree node each. Threads: one.
class timers {
 public:
  using time_point = executor::clock::time_point;

  executor::timer add(time_point when, callback<void()> work) {
    const executor::timer id = ++last_;
    where_.emplace(id, queue_.emplace(when, entry{id, std::move(work)}));
    return id;
  }
  void cancel(executor::timer id) {
    const auto it = where_.find(id);
    if (it == where_.end()) return;
    queue_.erase(it->second);
    where_.erase(it);
  }
  bool empty() const { return queue_.empty(); }
  time_point next() const { return queue_.empty() ? time_point::max() : queue_.begin()->first; }

  // Calls all that is due at `now`; what they add for the past waits for the next call. Returns: how many.
  std::size_t fire(time_point now) {
    std::size_t fired = 0;
    const executor::timer newest = last_;
    while (!queue_.empty() && queue_.begin()->first <= now && queue_.begin()->second.id <= newest) {
      auto node = queue_.extract(queue_.begin());
      where_.erase(node.mapped().id);
      node.mapped().work();
      ++fired;
    }
    return fired;
  }

 private:
  struct entry {
    executor::timer id;
    callback<void()> work;
  };
  std::multimap<time_point, entry> queue_;
  std::unordered_map<executor::timer, std::multimap<time_point, entry>::iterator> where_;
  executor::timer last_ = 0;
};

}  // namespace viceroy
