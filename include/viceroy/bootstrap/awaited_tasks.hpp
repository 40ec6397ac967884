// awaited_tasks: the tasks that plain code waits for, and how the runtime's end reaches them.
#pragma once

#include <cstdint>
#include <exception>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"

namespace viceroy {

// Whoever waits hears of the runtime's end, with its cause, instead of waiting for ever. Threads: the loop's.
class awaited_tasks {
 public:
  using cut = callback<void(const std::exception_ptr&)>;

  // Returns: why nothing begins any more; null while the runtime lives.
  const std::exception_ptr& over() const { return over_; }

  // Adds one that hears of the end, once, unless it is removed first.
  std::uint64_t add(cut hears) {
    all_.push_back({++last_, std::move(hears)});
    return last_;
  }
  // Cost: looks through all, which are as many as there are threads that wait.
  void remove(std::uint64_t which) {
    for (entry& each : all_) {
      if (each.number != which) continue;
      std::swap(each, all_.back());
      all_.pop_back();
      return;
    }
  }

  // Ends all, with the failure that ends the runtime if there is one.
  void end(const std::exception_ptr& failure) {
    over_ = failure
                ? failure
                : std::make_exception_ptr(error(errc::owner_gone, "the runtime ended before the task did"));
    for (entry& each : taken(all_)) each.hears(over_);
  }

 private:
  struct entry {
    std::uint64_t number;
    cut hears;
  };

  series<entry> all_;
  std::uint64_t last_ = 0;
  std::exception_ptr over_;
};

}  // namespace viceroy
