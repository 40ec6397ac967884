// unfinished: what a task that is given up at its limit says of what it waited for.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/taken.hpp"

namespace viceroy {

// Text of a limit for an error: "200 ms", "60 s".
VICEROY_DECL std::string limit_text(std::chrono::milliseconds limit);

namespace detail {

// While a task is destroyed because its limit has passed, what it awaits tells a clause here; the innermost
// is the first. So nothing is noted of a task that comes to its end.
class unfinished {
 public:
  explicit unfinished(std::chrono::milliseconds limit) : before_(taken(now_, this)), limit_(limit) {}
  unfinished(const unfinished&) = delete;
  unfinished& operator=(const unfinished&) = delete;
  ~unfinished() { now_ = before_; }

  // Returns: the one that wants to know; null in all other destructions.
  static unfinished* asks() { return now_; }

  std::chrono::milliseconds limit() const { return limit_; }
  void tell(std::string clause) {
    if (clause_.empty()) clause_ = std::move(clause);
  }
  error late(const std::string& what) const;

 private:
  static inline constinit thread_local unfinished* now_ = nullptr;

  unfinished* before_;
  std::chrono::milliseconds limit_;
  std::string clause_;
};

// Stands in a coroutine of the library that takes a step: "it was spawning procs p".
class unfinished_step {
 public:
  explicit unfinished_step(std::string step) : step_(std::move(step)) {}
  unfinished_step(const unfinished_step&) = delete;
  unfinished_step& operator=(const unfinished_step&) = delete;
  ~unfinished_step() {
    if (unfinished* const u = unfinished::asks()) u->tell("it was " + step_);
  }

 private:
  std::string step_;
};

}  // namespace detail

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/base/late.hpp"
#endif
