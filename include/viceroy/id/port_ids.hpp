// port_ids: how a port's id is written, and read. Compiled once on request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/id/port_id.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {
namespace detail {

inline std::optional<std::uint64_t> parse_port(std::string_view text) noexcept {
  if (text.empty() || text.front() != 'h') return parse_number(text, port_id::handler_bit - 1);
  const auto number = parse_hex(text.substr(1));
  if (!number || *number < port_id::handler_bit) return std::nullopt;
  return number;
}

}  // namespace detail

VICEROY_DECL const char* port_id::problem(std::string_view text) noexcept {
  const auto bracket = text.rfind("]:");
  if (bracket == text.npos) return "expected address,proc,name[slot]:number";
  if (const char* wrong = actor_id::problem(text.substr(0, bracket + 1))) return wrong;
  if (!detail::parse_port(text.substr(bracket + 2))) {
    return "a port is a number below 2^63, or h and 16 hexadecimal digits from h8000000000000000 on";
  }
  return nullptr;
}

VICEROY_DECL port_id port_id::parse(std::string_view text) {
  if (const char* wrong = problem(text)) {
    throw error(errc::bad_input, in_quotes(text) + " is not a port's id: " + wrong);
  }
  const auto bracket = text.rfind("]:");
  return port_id(actor_id::parse(text.substr(0, bracket + 1)), *detail::parse_port(text.substr(bracket + 2)));
}

VICEROY_DECL std::string port_id::text() const {
  std::string out = actor_.text();
  if (out.empty()) return out;
  out += ':';
  if (is_handler()) {
    out += 'h';
    append_hex(out, number_);
  } else {
    append_number(out, number_);
  }
  return out;
}

}  // namespace viceroy
