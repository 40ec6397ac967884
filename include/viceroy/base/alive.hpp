// alive: lets what is called later see whether its object is still there.
#pragma once

#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/shared.hpp"

namespace viceroy {

// A member of the object. Threads: views may be made by any, and are asked on the thread on which it ends.
class alive {
  struct flag : counted {
    bool up = true;
  };

 public:
  alive() : flag_(make_counted<flag>()) {}
  alive(const alive&) = delete;
  alive& operator=(const alive&) = delete;
  ~alive() { end(); }

  // Says so before the object's other members go.
  void end() noexcept { flag_->up = false; }

  // Kept by what is called later.
  class view {
   public:
    explicit operator bool() const noexcept { return flag_->up; }

   private:
    friend class alive;
    explicit view(shared<flag> of) noexcept : flag_(std::move(of)) {}
    shared<flag> flag_;
  };
  view watch() const noexcept { return view(flag_); }
  // Returns: what calls `f` if the object is still there.
  callback<void()> guard(callback<void()> f) const {
    return [f = std::move(f), here = watch()]() mutable {
      if (here) f();
    };
  }

 private:
  shared<flag> flag_;
};

}  // namespace viceroy
