// text: exact numbers in text, and foreign text made fit for an error message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace viceroy {

// Quotes text from outside for an error: at most 60 characters of it, and nothing that a terminal would obey.
inline std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown = 60;
  std::string out = "'";
  for (const char c : text.substr(0, shown)) out += c >= ' ' && c <= '~' ? c : '?';
  out += text.size() > shown ? "...'" : "'";
  return out;
}

// Parses a decimal number that fills the whole text and is written as `append_number` writes it: no sign, no
// spaces, no leading zero. So a number has one text, and equal texts are equal numbers.
inline std::optional<std::uint64_t> parse_number(
    std::string_view text, std::uint64_t largest = std::numeric_limits<std::uint64_t>::max()) noexcept {
  if (text.empty() || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || __builtin_mul_overflow(value, std::uint64_t{10}, &value) ||
        __builtin_add_overflow(value, static_cast<std::uint64_t>(c - '0'), &value))
      return std::nullopt;
  }
  if (value > largest) return std::nullopt;
  return value;
}

// Appends `value` in decimal.
inline void append_number(std::string& out, std::uint64_t value) {
  char digits[20];
  char* first = digits + sizeof digits;
  do *--first = static_cast<char>('0' + value % 10);
  while ((value /= 10) != 0);
  out.append(first, digits + sizeof digits);
}

// Appends `value` as exactly 16 lower-case hexadecimal digits.
inline void append_hex(std::string& out, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(value >> shift) & 15];
}

// Parses what `append_hex` writes.
inline std::optional<std::uint64_t> parse_hex(std::string_view text) noexcept {
  if (text.size() != 16) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    std::uint64_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint64_t>(c - 'a') + 10;
    } else {
      return std::nullopt;
    }
    value = value << 4 | digit;
  }
  return value;
}

}  // namespace viceroy
