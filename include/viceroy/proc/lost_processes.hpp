// lost_processes: who wants to hear of processes that can be reached no more.
#pragma once

#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/id/address.hpp"

namespace viceroy {

// A list of watchers, told in the order they came. Threads: the loop's.
class lost_processes {
 public:
  using watcher = callback<void(const address&, const error&)>;

  // Calls `f` with the address of each process whose last link has broken, and the cause, until forget(key).
  void watch(const void* key, watcher f) { all_.push_back(make_counted<entry>(key, std::move(f))); }
  void forget(const void* key) {
    all_.erase_if([&](const shared<entry>& each) {
      if (each->key != key) return false;
      each->key = nullptr;  // it may be in the middle of a tell()
      return true;
    });
  }

  // A watcher may add and forget any; one that is added meanwhile is not told.
  void tell(const address& lost, const error& cause) const {
    const auto now = all_;
    for (const auto& each : now)
      if (each->key) each->f(lost, cause);
  }

 private:
  struct entry : counted {
    entry(const void* k, watcher w) : key(k), f(std::move(w)) {}
    const void* key;
    watcher f;
  };
  series<shared<entry>> all_;
};

}  // namespace viceroy
