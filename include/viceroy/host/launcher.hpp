// launcher: what starts child processes and brings each to the point where its proc runs; no Asio.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "viceroy/base/callback.hpp"
#include "viceroy/host/bootstrap_command.hpp"
#include "viceroy/host/bootstrap_mode.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/id/address.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/id/transport.hpp"

namespace viceroy {

// One process to start, and the proc it is to run.
struct launch_request {
  std::uint32_t rank = 0;
  label proc;
  viceroy::transport transport = viceroy::transport::unix_domain;
  bootstrap_mode mode = bootstrap_mode::allocated;
  bootstrap_command command;
  actor_id host_agent;  // of the host that the proc belongs to
};

// What became of it: created and running at most once each, in this order, and in the end `ended`, once.
struct launch_event {
  enum class kind : std::uint8_t { created, running, ended } what = kind::created;
  std::int64_t pid = 0;
  actor_id agent;        // running: the proc's agent
  std::string sentence;  // ended: how, with rank, process, exit or signal, and the last lines that it wrote
  bool asked = false;    // ended: because stop() was called, and as one ends then
  bool gone = true;      // ended: false if the kernel has not reported its end after SIGKILL
  bool ended_badly = false;  // ended: stop() was called, and it ended with another status or signal than that
  bool forced = false;  // ended: it had not ended in its time, and may not have heard what it was told last
};

// Starts processes, each on its own; stops them by asking, then by SIGTERM, then by SIGKILL. Destroying it
// kills what still runs. Events never come from within a call. Threads: the loop's.
class launcher {
 public:
  using events = callback<void(const launch_event&)>;

  virtual ~launcher() = default;

  // The private address that its children call back.
  virtual viceroy::address address() const = 0;

  // Starts a process at once, without waiting for it. Returns: its index, by which stop() knows it.
  // Errors: none; what fails is told by `ended`.
  virtual std::uint32_t start(launch_request what, events tell) = 0;

  // Ends a process: asked, then with SIGTERM after limits::drain, with SIGKILL after limits::terminate; its
  // end is told at the latest after limits::reap. Idempotent.
  virtual void stop(std::uint32_t index) = 0;
};

}  // namespace viceroy
