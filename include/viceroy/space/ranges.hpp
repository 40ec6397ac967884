// ranges: what is no range, and how one is written. Compiled once on request.
#pragma once

#include <string>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/space/range.hpp"

namespace viceroy {

VICEROY_DECL void range::check() const {
  if (step_ == 0) throw error(errc::bad_input, "range " + text() + " has step 0, and a step is at least 1");
  if (begin_ >= end_) throw error(errc::bad_input, "range " + text() + " has no index in it");
}

VICEROY_DECL std::string range::text() const {
  std::string out = std::to_string(begin_) + ':' + std::to_string(end_);
  return step_ == 1 ? out : out + ':' + std::to_string(step_);
}

}  // namespace viceroy
