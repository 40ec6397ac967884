// identity: what a process says of itself on every link, and what it wants to hear.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "viceroy/base/limits.hpp"
#include "viceroy/id/random.hpp"
#include "viceroy/message/manifest_text.hpp"

namespace viceroy {

// The secret of one mesh; who knows it belongs to it.
using mesh_key = std::array<std::byte, 32>;

// One per process; every network of the process is given the same.
struct identity {
  std::string application;
  std::uint64_t manifest_hash = 0;
  std::string (*manifest_text)() = nullptr;  // asked for only when a peer's hash differs
  // Says in one sentence how two manifests differ, as the first one's process sees it: which type, and which
  // field.
  std::string (*explain)(std::string_view ours, std::string_view theirs) = explain_difference;
  std::optional<mesh_key> key;  // without one, no tcp
  viceroy::limits limits;
  std::uint64_t incarnation = random_u64();      // tells a restarted process from the one before it
  void (*notice)(const std::string&) = nullptr;  // hears of trouble that belongs to no link; default: stderr
};

}  // namespace viceroy
