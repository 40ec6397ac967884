// late: how it is said that a limit has passed. Compiled once on request.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/unfinished.hpp"

namespace viceroy {

VICEROY_DECL std::string limit_text(std::chrono::milliseconds limit) {
  const auto ms = limit.count();
  return ms >= 1000 && ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

VICEROY_DECL error detail::unfinished::late(const std::string& what) const {
  std::string sentence = what + " did not finish within " + limit_text(limit_);
  if (!clause_.empty() && !clause_.ends_with(what)) sentence += "; " + clause_;
  return error(errc::timeout, std::move(sentence));
}

}  // namespace viceroy
