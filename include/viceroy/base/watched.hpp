// watched: what is shared and may be looked for by who does not keep it.
#pragma once

#include <atomic>
#include <cstddef>

#include "viceroy/base/shared.hpp"

namespace viceroy {

// As `counted`; the number of handles stands apart, where it outlives the object.
class watched {
 public:
  watched() : tally_(make_counted<tally>()) {}
  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;

 private:
  template <class T>
  friend class shared;
  template <class T>
  friend class watcher;

  struct tally : counted {
    std::atomic<std::size_t> handles{1};
  };
  void add_handle() const noexcept { tally_->handles.fetch_add(1, std::memory_order_relaxed); }
  // Returns: whether it was the last.
  bool drop_handle() const noexcept { return tally_->handles.fetch_sub(1, std::memory_order_acq_rel) == 1; }

  const shared<tally> tally_;
};

// Finds a watched object while it is there. Threads: as of a handle.
template <class T>
class watcher {
 public:
  watcher() noexcept = default;  // of nothing
  explicit watcher(const shared<T>& of) noexcept : object_(of.get()), tally_(of->tally_) {}

  // Returns: one more handle; none once the last is gone, from which on the object is being deleted.
  shared<T> lock() const noexcept {
    if (!tally_) return {};
    std::size_t handles = tally_->handles.load(std::memory_order_relaxed);
    while (handles != 0) {
      if (tally_->handles.compare_exchange_weak(handles, handles + 1, std::memory_order_acq_rel,
                                                std::memory_order_relaxed))
        return shared<T>(object_);
    }
    return {};
  }
  bool expired() const noexcept { return tally_->handles.load(std::memory_order_acquire) == 0; }

 private:
  T* object_ = nullptr;
  shared<watched::tally> tally_;
};

}  // namespace viceroy
