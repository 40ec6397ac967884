// bootstrap_mode: what a started process is for.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace viceroy {

// Both modes run the same handshake; only an allocated process can become a host.
enum class bootstrap_mode : std::uint8_t { allocated, proc };

constexpr std::string_view text(bootstrap_mode m) noexcept {
  return m == bootstrap_mode::proc ? "proc" : "allocated";
}

// Parses what `text(bootstrap_mode)` writes, or nothing.
constexpr std::optional<bootstrap_mode> try_parse_bootstrap_mode(std::string_view name) noexcept {
  for (const bootstrap_mode m : {bootstrap_mode::allocated, bootstrap_mode::proc})
    if (text(m) == name) return m;
  return std::nullopt;
}

}  // namespace viceroy
