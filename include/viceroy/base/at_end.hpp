// at_end: calls something when it goes.
#pragma once

#include "viceroy/base/callback.hpp"
#include "viceroy/base/taken.hpp"

namespace viceroy {

// Has one owner, who may move it.
class at_end {
 public:
  at_end() noexcept = default;
  explicit at_end(callback<void()> f) noexcept : call_(static_cast<callback<void()>&&>(f)) {}
  at_end(at_end&& other) noexcept = default;
  at_end& operator=(at_end&& other) noexcept {
    if (this != &other) {
      reset();
      call_ = taken(other.call_);
    }
    return *this;
  }
  ~at_end() { reset(); }

  // Calls it now, and not again.
  void reset() {
    if (call_) taken(call_)();
  }

 private:
  callback<void()> call_;
};

}  // namespace viceroy
