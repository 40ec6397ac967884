// departures: a router that writes down what would have left the process.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "viceroy/mailbox/router.hpp"

namespace viceroy::testing {

// What would have gone to another process: kept, never delivered, never returned.
class departures final : public router {
 public:
  struct letter {
    envelope header;
    std::string name;  // of the message; empty when it was encoded already
  };
  void post(const envelope& header, const payload_view& payload) override {
    letters.push_back({header, payload.typed() ? std::string(payload.ops().name) : std::string()});
  }
  std::size_t waiting_bytes(const proc_id&) const override { return waiting; }

  std::vector<letter> letters;
  std::size_t waiting = 0;  // bytes, as if every link had them
};

}  // namespace viceroy::testing
