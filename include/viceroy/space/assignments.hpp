// assignments: the text form that extents, points and regions share, {label=value, label=value}.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "viceroy/base/limits.hpp"

namespace viceroy {

struct assignment {
  std::string_view label;
  std::string_view value;
};

// At most limit::dimensions of them, in order.
class assignments {
 public:
  const assignment* begin() const noexcept { return parts_; }
  const assignment* end() const noexcept { return parts_ + size_; }
  const assignment& operator[](std::size_t i) const noexcept { return parts_[i]; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  // Whether the text was of the form.
  explicit operator bool() const noexcept { return well_formed_; }
  // Returns: false when there are as many as there may be.
  bool add(const assignment& one) noexcept {
    if (size_ == limit::dimensions) return false;
    parts_[size_++] = one;
    return true;
  }
  static assignments malformed() noexcept {
    assignments out;
    out.well_formed_ = false;
    return out;
  }

 private:
  assignment parts_[limit::dimensions];
  std::size_t size_ = 0;
  bool well_formed_ = true;
};

// Splits `{a=1, b=2}` into parts of the text, or says that it is not of that form. `{}` has none.
inline assignments split_assignments(std::string_view text) {
  assignments out;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return assignments::malformed();
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    const auto comma = text.find(", ");
    const std::string_view one = text.substr(0, comma);
    const auto equals = one.find('=');
    if (equals == one.npos || !out.add({one.substr(0, equals), one.substr(equals + 1)}))
      return assignments::malformed();
    if (comma == text.npos) return out;
    text = text.substr(comma + 2);
    if (text.empty()) return assignments::malformed();
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
