// dims: what is no dimension. Compiled once on request.
#pragma once

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

}  // namespace viceroy
