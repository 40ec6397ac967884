// dims: what is no dimension. Compiled once on request.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "viceroy/id/text.hpp"
#include "viceroy/space/dim.hpp"

namespace viceroy {

VICEROY_DECL void detail::refuse_negative(std::intmax_t value, std::string_view what) {
  throw error(errc::bad_input,
              std::string(what) + " cannot be negative, and " + std::to_string(value) + " is");
}

VICEROY_DECL dim::dim(viceroy::label label, std::size_t size, checked) : label_(label), size_(size) {
  if (label_.empty()) throw error(errc::bad_input, "a dimension has a label, and this one has none");
  if (size_ == 0) {
    throw error(errc::bad_input, "dimension '" + std::string(label_.text()) +
                                     "' has size 0, and a dimension has at least one place");
  }
}

VICEROY_DECL viceroy::label dim::parsed(std::string_view text) {
  if (const char* wrong = viceroy::label::problem(text)) {
    throw error(errc::bad_input, in_quotes(text) + " is not a dimension's label: " + wrong);
  }
  return viceroy::label::parse(text);
}

VICEROY_DECL dim_list::dim_list(std::span<const dim> from) noexcept {
  for (std::size_t i = 0; i < from.size(); ++i) add(from[i]);
}

VICEROY_DECL std::span<const dim> dim_list::all() const noexcept { return {dims_, size_}; }

VICEROY_DECL void dim_list::remove(std::size_t at) noexcept {
  for (--size_; at < size_; ++at) dims_[at] = dims_[at + 1];
}

}  // namespace viceroy
