#include "viceroy/id/transport.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace vr = viceroy;

TEST_CASE("every transport prints and parses back") {
  for (std::size_t i = 0; i < vr::transport_count; ++i) {
    const auto each = static_cast<vr::transport>(i);
    std::ostringstream out;
    out << each;
    CHECK(vr::parse_transport(out.str()) == each);
  }
  CHECK(vr::text(vr::transport::unix_domain) == "unix_domain");
}

TEST_CASE("what is no transport is refused by one sentence that names it") {
  CHECK_FALSE(vr::try_parse_transport("udp"));
  CHECK_FALSE(vr::try_parse_transport("unknown"));
  CHECK(vr::text(static_cast<vr::transport>(200)) == "unknown");
  CHECK_THROWS_WITH_AS(
      vr::parse_transport("udp"),
      "'udp' is not a transport: expected in_process, unix_domain, tcp, tls, shared_memory or simulated",
      vr::error);
}
