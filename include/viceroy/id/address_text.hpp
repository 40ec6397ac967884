// address_text: the parts of an address's text, or what is wrong with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "viceroy/base/limits.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/id/transport.hpp"

namespace viceroy {

// An address's text taken apart. `host` (also a unix name or path, or a shared-memory name) is a part of that
// text.
struct address_text {
  viceroy::transport transport = transport::in_process;
  std::string_view host{};
  std::uint64_t number = 0;       // the port, or n of inproc:n and sim:n
  const char* problem = nullptr;  // set: the text is no address, and this is why
};

namespace detail {

inline constexpr std::size_t unix_name_bytes =
    107;  // sun_path, less the byte that ends a path or begins a name

inline address_text wrong_address(const char* problem) noexcept {
  address_text parts;
  parts.problem = problem;
  return parts;
}

inline address_text split_unix(std::string_view rest) noexcept {
  if (rest.empty() || (rest.front() != '@' && rest.front() != '/')) {
    return wrong_address("unix: is followed by @name or by an absolute path");
  }
  const std::string_view name = rest.front() == '@' ? rest.substr(1) : rest;
  if (name.empty()) return wrong_address("unix:@ is followed by a name");
  if (name.size() > unix_name_bytes) return wrong_address("a unix name or path has at most 107 bytes");
  return {transport::unix_domain, name, 0, nullptr};
}

inline address_text split_host(transport kind, std::string_view rest) noexcept {
  const auto colon = rest.rfind(':');
  if (colon == rest.npos) return wrong_address("a host is followed by ':' and a port");
  const auto port = parse_number(rest.substr(colon + 1), 65535);
  if (!port) return wrong_address("a port is a number from 0 to 65535, without leading zeros");
  std::string_view host = rest.substr(0, colon);
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  if (host.empty()) return wrong_address("a host comes before the port");
  const auto fits = [brackets](char c) {
    const bool common = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        c == '.' || c == '-' || c == '_';
    return common || (brackets && (c == ':' || c == '%'));
  };
  for (const char c : host) {
    if (!fits(c)) return wrong_address("a host is a name, an IPv4 address, or an IPv6 address in brackets");
  }
  if (brackets && host.find(':') == host.npos)
    return wrong_address("only an IPv6 address stands in brackets");
  return {kind, host, *port, nullptr};
}

inline address_text split_numbered(transport kind, std::string_view rest) noexcept {
  const auto number = parse_number(rest);
  if (!number) return wrong_address("inproc: and sim: are followed by a number, without leading zeros");
  return {kind, {}, *number, nullptr};
}

inline address_text split_segment(std::string_view rest) noexcept {
  if (rest.empty()) return wrong_address("shm: is followed by a name");
  if (rest.find('/') != rest.npos) return wrong_address("a shared-memory name has no '/'");
  return {transport::shared_memory, rest, 0, nullptr};
}

}  // namespace detail

// Takes an address's text apart, and never throws: of untrusted text, `problem` says what is wrong with it.
inline address_text split_address(std::string_view text) noexcept {
  if (text.empty()) return detail::wrong_address("it is empty");
  if (text.size() > limit::address_bytes) return detail::wrong_address("an address has at most 255 bytes");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == ',')
      return detail::wrong_address("an address has no ',' and no control characters");
  }
  const auto colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon);
  const std::string_view rest = colon == text.npos ? std::string_view{} : text.substr(colon + 1);
  if (colon != text.npos) {
    if (scheme == "unix") return detail::split_unix(rest);
    if (scheme == "tcp") return detail::split_host(transport::tcp, rest);
    if (scheme == "tls") return detail::split_host(transport::tls, rest);
    if (scheme == "inproc") return detail::split_numbered(transport::in_process, rest);
    if (scheme == "sim") return detail::split_numbered(transport::simulated, rest);
    if (scheme == "shm") return detail::split_segment(rest);
  }
  return detail::wrong_address(
      "expected unix:@name, unix:/path, tcp:host:port, tls:host:port, shm:name, inproc:n or sim:n");
}

static_assert(limit::address_bytes == 255, "say the new bound in split_address");

}  // namespace viceroy
