// alloc: an allocation of processes of this machine, started and stopped through a launcher.
#pragma once

#include <utility>

#include "viceroy/alloc/alloc_spec.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/host/bootstrap_command.hpp"
#include "viceroy/mesh/allocation.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

namespace detail {
class alloc_state;
}

// One process per rank, and in each a proc with its agent. Move-only; dropping it stops what it started, in
// the background, and the runtime's end waits for that. Threads: its loop's.
class alloc final : public allocation {
 public:
  // Used by allocators. Errors: system.
  alloc(runtime_core& core, alloc_spec wanted, bootstrap_command command);
  alloc(alloc&&) noexcept;
  alloc& operator=(alloc&& other) noexcept;
  ~alloc() override;

  const viceroy::extent& extent() const override;
  viceroy::transport transport() const override;

  // Starts all processes at once when it is awaited first, and gives what has happened since: of each rank
  // created, running, then stopped or failed, each at most once and in this order. Errors: inert for a moved
  // one, and for a second reader.
  task<alloc_event> next() override;

  // Asks all processes to end, then makes them (limits::drain, terminate, reap), and waits until they have.
  // Errors: system, naming what could not be ended, and what was asked to end and did so with another status
  // or signal than that. Stops: it goes on if the wait is dropped.
  task<void> stop() override;

 private:
  detail::alloc_state& state() const;
  void abandon() noexcept;

  shared<detail::alloc_state> state_;
};

}  // namespace viceroy
