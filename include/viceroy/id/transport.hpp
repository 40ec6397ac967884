// transport: what carries a link between two processes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string_view>

#include "viceroy/base/config.hpp"

namespace viceroy {

// What carries a link. The numbers travel: do not reorder.
enum class transport : std::uint8_t { in_process, unix_domain, tcp, tls, shared_memory, simulated };

inline constexpr std::size_t transport_count = 6;

// Names a transport as it is spelled in code; a number from outside that is none is "unknown".
constexpr std::string_view text(transport t) noexcept {
  constexpr std::array<std::string_view, transport_count> names{"in_process", "unix_domain",   "tcp",
                                                                "tls",        "shared_memory", "simulated"};
  const auto at = static_cast<std::size_t>(t);
  return at < names.size() ? names[at] : "unknown";
}

// Parses what `text(transport)` writes, or nothing.
template <class Transport = transport>
constexpr std::optional<Transport> try_parse_transport(std::string_view name) noexcept {
  for (std::size_t i = 0; i < transport_count; ++i) {
    if (const auto candidate = static_cast<Transport>(i); text(candidate) == name) return candidate;
  }
  return std::nullopt;
}

// Parses what `text(transport)` writes. Errors: errc::bad_input.
VICEROY_DECL transport parse_transport(std::string_view name);

template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, transport t) {
  return out << text(t);
}

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/id/transports.hpp"
#endif
