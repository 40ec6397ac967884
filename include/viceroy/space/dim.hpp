// dim: one dimension of an extent; a label and a size.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/error.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {

// Takes a count or an index of any integer type. Errors: errc::bad_input for a negative one, saying what it
// was to be.
template <std::integral Number>
constexpr std::size_t non_negative(Number value, std::string_view what) {
  if (std::in_range<std::size_t>(value)) return static_cast<std::size_t>(value);
  throw error(errc::bad_input,
              std::string(what) + " cannot be negative, and " + std::to_string(value) + " is");
}

// One dimension: a label and how many places it has, at least one.
class dim {
 public:
  // Errors: errc::bad_input for what is no label, and for a size of zero or below.
  template <std::integral Size>
  dim(std::string_view label, Size size) : dim(parsed(label), size) {}

  template <std::integral Size>
  dim(viceroy::label label, Size size) : label_(label), size_(non_negative(size, "the size of a dimension")) {
    if (label_.empty()) throw error(errc::bad_input, "a dimension has a label, and this one has none");
    if (size_ == 0) {
      throw error(errc::bad_input, "dimension '" + std::string(label_.text()) +
                                       "' has size 0, and a dimension has at least one place");
    }
  }

  viceroy::label label() const noexcept { return label_; }
  std::size_t size() const noexcept { return size_; }

  friend bool operator==(const dim&, const dim&) noexcept = default;

 private:
  static viceroy::label parsed(std::string_view text) {
    if (const char* wrong = viceroy::label::problem(text)) {
      throw error(errc::bad_input, in_quotes(text) + " is not a dimension's label: " + wrong);
    }
    return viceroy::label::parse(text);
  }

  viceroy::label label_;
  std::size_t size_;
};

}  // namespace viceroy
