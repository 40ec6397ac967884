// alloc_specs: how a request is built up. Compiled once on request.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "viceroy/alloc/alloc_spec.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {

VICEROY_DECL alloc_spec alloc_spec::constraint(std::string key, std::string value) const {
  if (key.empty()) throw error(errc::bad_input, "a constraint of an alloc_spec needs a key");
  alloc_spec more = *this;
  for (auto& [known, demanded] : more.constraints_) {
    if (known != key) continue;
    demanded = std::move(value);
    return more;
  }
  more.constraints_.emplace_back(std::move(key), std::move(value));
  return more;
}

VICEROY_DECL alloc_spec alloc_spec::proc_name(std::string_view name) const {
  if (name.size() > longest_proc_name)
    throw error(errc::bad_input, in_quotes(name) + " is too long for the procs of an allocation: at most " +
                                     std::to_string(longest_proc_name) +
                                     " characters leave room for a unique suffix and a rank");
  alloc_spec more = *this;
  more.proc_name_ = label::parse(name);
  return more;
}

}  // namespace viceroy
