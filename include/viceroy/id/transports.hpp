// transports: how a transport's name is read. Compiled once on request.
#pragma once

#include <cstddef>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/id/transport.hpp"

namespace viceroy {

VICEROY_DECL transport parse_transport(std::string_view name) {
  for (std::size_t i = 0; i < transport_count; ++i) {
    if (const auto candidate = static_cast<transport>(i); text(candidate) == name) return candidate;
  }
  throw error(errc::bad_input, in_quotes(name) +
                                   " is not a transport: expected in_process, unix_domain, tcp, tls, " +
                                   "shared_memory or simulated");
}

}  // namespace viceroy
