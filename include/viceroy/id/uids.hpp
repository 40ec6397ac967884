// uids: how names are made that no two processes make twice. Compiled once on request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/id/random.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/id/uid.hpp"

namespace viceroy {

VICEROY_DECL std::string base58(std::uint64_t value) {
  constexpr std::string_view digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  static_assert(digits.size() == 58);
  std::string out(11, digits.front());
  for (std::size_t at = out.size(); value != 0; value /= 58) out[--at] = digits[value % 58];
  return out;
}

VICEROY_DECL label unique_label(std::string_view base) {
  if (base.size() > limit::label_bytes) {
    throw error(errc::bad_input, in_quotes(base) + " is too long a name: it has " +
                                     std::to_string(base.size()) + " characters, and at most " +
                                     std::to_string(limit::label_bytes) + " leave room for a unique suffix");
  }
  if (const char* wrong = label::problem(base)) {
    throw error(errc::bad_input, in_quotes(base) + " is not a name: " + wrong);
  }
  return label::parse(std::string(base) + '-' + base58(random_u64()));
}

}  // namespace viceroy
