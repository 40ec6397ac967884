// addresses: how an address is found, or made. Compiled once on request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/id/address.hpp"
#include "viceroy/id/address_text.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/id/interned.hpp"
#include "viceroy/id/random.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {

VICEROY_DECL const char* address::problem(std::string_view text) noexcept {
  return split_address(text).problem;
}

VICEROY_DECL address address::parse(std::string_view text) {
  const std::uint64_t hash = hash_bytes(text, interned_seed());
  if (const auto* known = find(hash, text)) return address(known);
  const address_text parts = split_address(text);
  if (parts.problem != nullptr) {
    throw error(errc::bad_input, in_quotes(text) + " is not an address: " + parts.problem);
  }
  const auto host_at = parts.host.empty() ? 0 : static_cast<std::size_t>(parts.host.data() - text.data());
  return address(interned_table<detail::address_record>::global.intern(
      hash, same_text{text}, text, parts.transport, host_at, parts.host.size(), parts.number));
}

VICEROY_DECL address address::known(std::string_view text) {
  return address(find(hash_bytes(text, interned_seed()), text));
}

VICEROY_DECL address address::random_unix() {
  std::string text = "unix:@";
  append_hex(text, random_u64());
  append_hex(text, random_u64());
  return parse(text);
}

VICEROY_DECL address address::tcp(std::string_view host, std::uint16_t port) {
  const bool bare_ipv6 = host.find(':') != host.npos && host.front() != '[';
  std::string text = "tcp:";
  if (bare_ipv6) text += '[';
  text += host;
  text += bare_ipv6 ? "]:" : ":";
  append_number(text, port);
  return parse(text);
}

VICEROY_DECL address address::in_process(std::uint64_t number) {
  return parse("inproc:" + std::to_string(number));
}
VICEROY_DECL address address::simulated(std::uint64_t number) {
  return parse("sim:" + std::to_string(number));
}

VICEROY_DECL const detail::address_record* address::find(std::uint64_t hash, std::string_view text) noexcept {
  return interned_table<detail::address_record>::global.find(hash, same_text{text});
}

}  // namespace viceroy
