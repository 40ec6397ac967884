// labels: how a name is found, or made. Compiled once on request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/id/interned.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {

VICEROY_DECL label label::parse(std::string_view text) {
  const std::uint64_t hash = hash_bytes(text, interned_seed());
  if (const auto* known = find(hash, text)) return label(known);
  if (const char* wrong = problem(text)) {
    throw error(errc::bad_input, in_quotes(text) + " is not a name: " + wrong);
  }
  return label(interned_table<detail::label_record>::global.intern(hash, same_text{text}, text));
}

VICEROY_DECL const detail::label_record* label::find(std::uint64_t hash, std::string_view text) noexcept {
  return interned_table<detail::label_record>::global.find(hash, same_text{text});
}

}  // namespace viceroy
