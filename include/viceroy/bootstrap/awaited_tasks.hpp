// awaited_tasks: the tasks that plain code waits for, and how the runtime's end reaches them.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/error.hpp"
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
    all_.emplace(++last_, std::move(hears));
    return last_;
  }
  void remove(std::uint64_t which) { all_.erase(which); }

  // Ends all, with the failure that ends the runtime if there is one.
  void end(const std::exception_ptr& failure) {
    over_ = failure
                ? failure
                : std::make_exception_ptr(error(errc::owner_gone, "the runtime ended before the task did"));
    for (auto& [number, hears] : taken(all_)) hears(over_);
  }

 private:
  std::map<std::uint64_t, cut> all_;
  std::uint64_t last_ = 0;
  std::exception_ptr over_;
};

}  // namespace viceroy
