// allocation: what host_mesh::allocate drives: something that brings up one process per rank.
#pragma once

#include <cstdint>
#include <string>

#include "viceroy/base/task.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/id/transport.hpp"
#include "viceroy/space/extent.hpp"

namespace viceroy {

// What an allocation tells of itself, in order: created and running per rank, then stopped or failed per
// rank.
struct alloc_event {
  enum class kind : std::uint8_t { created, running, stopped, failed, end } what = kind::end;
  std::uint32_t rank = 0;
  actor_id agent;        // running: the proc agent; its proc() is the proc
  std::int64_t pid = 0;  // created: of the process, 0 if it is not on this machine
  std::string sentence;  // stopped, failed: why, with exit or signal and the last lines it wrote
};

// The interface of every allocation, whatever starts its processes. Nothing is started before the first
// next(). Destroying it stops what it started. Threads: its loop's.
class allocation {
 public:
  virtual ~allocation() = default;
  virtual const viceroy::extent& extent() const = 0;
  virtual viceroy::transport transport() const = 0;
  virtual task<alloc_event>
  next() = 0;  // the next event; kind::end when every rank has stopped or failed and was told
  virtual task<void> stop() = 0;  // asks all to exit, then makes them; returns when all are gone
};

}  // namespace viceroy
