// assignments: the text form that extents, points and regions share, {label=value, label=value}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/limits.hpp"

namespace viceroy {

struct assignment {
  std::string_view label;
  std::string_view value;
};

// Splits `{a=1, b=2}` into parts of the text, or nothing if it is not of that form. `{}` has none.
inline std::optional<std::vector<assignment>> split_assignments(std::string_view text) {
  std::vector<assignment> out;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    const auto comma = text.find(", ");
    const std::string_view one = text.substr(0, comma);
    const auto equals = one.find('=');
    if (equals == one.npos || out.size() == limit::dimensions) return std::nullopt;
    out.push_back({one.substr(0, equals), one.substr(equals + 1)});
    if (comma == text.npos) return out;
    text = text.substr(comma + 2);
    if (text.empty()) return std::nullopt;
  }
  return out;
}

// Appends one more `label=` to a text that was begun with '{'.
inline void append_assignment(std::string& out, std::string_view label) {
  if (out.back() != '{') out += ", ";
  out += label;
  out += '=';
}

}  // namespace viceroy
