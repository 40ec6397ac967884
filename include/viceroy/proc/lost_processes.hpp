// lost_processes: who wants to hear of processes that can be reached no more.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/memory.hpp"
#include "viceroy/id/address.hpp"

namespace viceroy {

// A list of watchers, told in the order they came. Threads: the loop's.
class lost_processes {
 public:
  using watcher = callback<void(const address&, const error&)>;

  // Calls `f` with the address of each process whose last link has broken, and the cause, until forget(key).
  void watch(const void* key, watcher f) {
    all_.push_back(std::make_shared<entry>(entry{key, std::move(f)}));
  }
  void forget(const void* key) {
    std::size_t kept = 0;
    for (std::shared_ptr<entry>& each : all_) {
      if (each->key == key) {
        each->key = nullptr;  // it may be in the middle of a tell()
      } else {
        all_[kept++].swap(each);
      }
    }
    while (all_.size() != kept) all_.pop_back();
  }

  // A watcher may add and forget any; one that is added meanwhile is not told.
  void tell(const address& lost, const error& cause) const {
    const auto now = all_;
    for (const auto& each : now)
      if (each->key) each->f(lost, cause);
  }

 private:
  struct entry {
    const void* key;
    watcher f;
  };
  std::vector<std::shared_ptr<entry>> all_;
};

}  // namespace viceroy
