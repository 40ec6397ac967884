// mesh_health: which members of a mesh are known to be gone, and why.
#pragma once

#include <atomic>
#include <cstddef>

#include "viceroy/base/error.hpp"
#include "viceroy/base/owned.hpp"

namespace viceroy {

// The first cause for which each rank failed; nothing is ever taken back. Threads: any, for a mesh's ref
// travels to other loops of its process. Cost: of asking a healthy mesh, one load.
class mesh_health {
 public:
  explicit mesh_health(std::size_t ranks) : causes_(new cause_slot[ranks]()), ranks_(ranks) {}
  mesh_health(const mesh_health&) = delete;
  mesh_health& operator=(const mesh_health&) = delete;
  ~mesh_health() {
    for (std::size_t i = 0; i != ranks_; ++i) delete causes_[i].load(std::memory_order_relaxed);
    delete[] causes_;
  }

  bool all_well() const noexcept { return failed_.load(std::memory_order_acquire) == 0; }

  // Returns: why a rank is gone; null as far as is known that it is not.
  const error* cause(std::size_t rank) const noexcept {
    return causes_[rank].load(std::memory_order_acquire);
  }

  // Notes that a rank is gone. Returns: false when that was known already; its first cause stays.
  bool fail(std::size_t rank, const error& why) {
    auto mine = make_owned<const error>(why);
    const error* none = nullptr;
    if (!causes_[rank].compare_exchange_strong(none, mine.get(), std::memory_order_acq_rel)) return false;
    mine.release();
    failed_.fetch_add(1, std::memory_order_release);
    return true;
  }

 private:
  using cause_slot = std::atomic<const error*>;

  cause_slot* const causes_;
  std::size_t ranks_;
  std::atomic<std::size_t> failed_{0};
};

}  // namespace viceroy
