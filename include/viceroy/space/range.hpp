// range: a part of one dimension; from begin, below end, every step-th.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>

#include "viceroy/base/config.hpp"
#include "viceroy/space/dim.hpp"

namespace viceroy {

// The indices begin, begin + step, ... below end; never none.
class range {
 public:
  // Errors: errc::bad_input for a negative number, a step of zero, and a range without an index.
  template <std::integral Begin, std::integral End, std::integral Step = int>
  range(Begin begin, End end, Step step = 1)
      : begin_(non_negative(begin, "the begin of a range")),
        end_(non_negative(end, "the end of a range")),
        step_(non_negative(step, "the step of a range")) {
    check();
  }

  std::size_t begin() const noexcept { return begin_; }
  std::size_t end() const noexcept { return end_; }
  std::size_t step() const noexcept { return step_; }

  // Returns how many indices it holds.
  std::size_t count() const noexcept { return (end_ - begin_ - 1) / step_ + 1; }

  // Writes `begin:end`, and `:step` unless it is 1.
  std::string text() const;

  friend bool operator==(const range&, const range&) noexcept = default;

 private:
  void check() const;

  std::size_t begin_;
  std::size_t end_;
  std::size_t step_;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/space/ranges.hpp"
#endif
