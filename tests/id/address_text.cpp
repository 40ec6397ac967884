#include "viceroy/id/address_text.hpp"

#include <doctest/doctest.h>

namespace vr = viceroy;

TEST_CASE("an address's parts are parts of its text") {
  const std::string_view text = "tcp:[::1]:4242";
  const auto parts = vr::split_address(text);
  CHECK(parts.problem == nullptr);
  CHECK(parts.transport == vr::transport::tcp);
  CHECK(parts.host == "::1");
  CHECK(parts.host.data() == text.data() + 5);
  CHECK(parts.number == 4242);
}

TEST_CASE("what is no address has a problem and no parts") {
  const auto parts = vr::split_address("tcp:host:99999");
  CHECK(parts.problem != nullptr);
  CHECK(parts.host.empty());
  CHECK(parts.number == 0);
}
