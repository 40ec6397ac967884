// handshake: the messages by which a launcher and a process that it started come to terms, and part.
#pragma once

#include <cstdint>
#include <string>

#include "viceroy/id/actor_id.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/id/transport.hpp"
#include "viceroy/message/library_names.hpp"
#include "viceroy/wire/codec_ids.hpp"

namespace viceroy {

// The child to the launcher, once it can be reached. `token` is what the launcher gave it over the lifeline.
struct hello {
  static constexpr auto name = "viceroy::hello";
  std::uint32_t index = 0;
  std::uint64_t token = 0;
  std::int64_t pid = 0;
  actor_id bootstrap;  // the actor of the child that the launcher talks to
};

// The launcher to the child: what to be.
struct start_proc {
  static constexpr auto name = "viceroy::start_proc";
  label proc;
  viceroy::transport transport = viceroy::transport::unix_domain;
  std::uint32_t rank = 0;
  actor_id host_agent;  // of the host that the proc belongs to; empty for an allocated process
};

// The child to the launcher: its proc runs; or, with a sentence, it does not.
struct started_proc {
  static constexpr auto name = "viceroy::started_proc";
  std::uint32_t index = 0;
  actor_id agent;
  std::string sentence;
};

// The launcher to the child: drain, end, exit with status 0.
struct stop_and_exit {
  static constexpr auto name = "viceroy::stop_and_exit";
  std::uint32_t drain_ms = 0;
};

// Where the launcher of a child stands: slot 0 of the proc "control" at the address the child was given.
inline constexpr auto control_proc_name = "control";
inline constexpr auto launcher_name = "launcher";
inline constexpr auto bootstrap_actor_name = "bootstrap";

}  // namespace viceroy
