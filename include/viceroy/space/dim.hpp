// dim: one dimension of an extent; a label and a size.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/id/label.hpp"

namespace viceroy {

namespace detail {
[[noreturn]] VICEROY_DECL void refuse_negative(std::intmax_t value, std::string_view what);
}

// Takes a count or an index of any integer type. Errors: errc::bad_input for a negative one, saying what it
// was to be.
template <std::integral Number>
constexpr std::size_t non_negative(Number value, std::string_view what) {
  if (std::in_range<std::size_t>(value)) return static_cast<std::size_t>(value);
  detail::refuse_negative(static_cast<std::intmax_t>(value), what);
}

// One dimension: a label and how many places it has, at least one.
class dim {
 public:
  // Errors: errc::bad_input for what is no label, and for a size of zero or below.
  template <std::integral Size>
  dim(std::string_view label, Size size) : dim(parsed(label), size) {}

  template <std::integral Size>
  dim(viceroy::label label, Size size)
      : dim(label, non_negative(size, "the size of a dimension"), checked()) {}

  viceroy::label label() const noexcept { return label_; }
  std::size_t size() const noexcept { return size_; }

  friend bool operator==(const dim&, const dim&) noexcept = default;

 private:
  friend class dim_list;
  dim() noexcept = default;

  struct checked {};
  dim(viceroy::label label, std::size_t size, checked);
  static viceroy::label parsed(std::string_view text);

  viceroy::label label_;
  std::size_t size_ = 0;
};

// Dimensions in a row: an extent's, and those that two extents would have together. (Not a vector: every file
// that defines actors would compile one.)
class dim_list {
 public:
  dim_list() noexcept = default;
  explicit dim_list(std::span<const dim> from) noexcept;

  std::span<const dim> all() const noexcept;
  const dim* begin() const noexcept { return dims_; }
  const dim* end() const noexcept { return dims_ + size_; }
  std::size_t size() const noexcept { return size_; }
  dim& operator[](std::size_t i) noexcept { return dims_[i]; }
  void add(const dim& one) noexcept { dims_[size_++] = one; }
  void remove(std::size_t at) noexcept;

 private:
  dim dims_[2 * limit::dimensions];
  std::size_t size_ = 0;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/space/dims.hpp"
#endif
