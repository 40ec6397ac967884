// own_identity: what this process says of itself on every link; and what it says when it cannot run at all.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "viceroy/channel/identity.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/proc/application_table.hpp"

namespace viceroy {

inline identity own_identity(const application_table& app, const limits& bounds, std::optional<mesh_key> key,
                             std::uint64_t system_hash) {
  identity self;
  self.application = std::string(app.name);
  self.manifest_hash = hash_number(app.manifest_hash, system_hash);
  self.manifest_text = app.manifest_text;
  self.key = key;
  self.limits = bounds;
  return self;
}

// Says why on stderr. Returns: the exit status.
inline int cannot_run(const std::exception& why) {
  std::fprintf(stderr, "viceroy: process %d cannot run: %s\n", ::getpid(), why.what());
  return 1;
}

}  // namespace viceroy
