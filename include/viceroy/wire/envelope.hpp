// envelope: who a message is for, who sent it, and what later order, sessions and traces need; no payload.
#pragma once

#include <cstdint>

#include "viceroy/base/limits.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/space/shape.hpp"

namespace viceroy {

// What kind of message an envelope carries, and what the fields beside it mean; they combine.
enum class envelope_flags : std::uint16_t {
  none = 0,
  cast = 1,      // rank and shape say where the receiver stands in the mesh (or slice) that was cast to
  failure = 2,   // the payload is a `failure` instead of what the port expects: the answer is that error
  returned = 4,  // a message that came back to its sender: the payload is an `undeliverable`
  traced = 8,    // every hop is noted under `trace`
};
constexpr envelope_flags operator|(envelope_flags a, envelope_flags b) {
  return static_cast<envelope_flags>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}
constexpr bool has(envelope_flags set, envelope_flags one) {
  return (static_cast<std::uint16_t>(set) & static_cast<std::uint16_t>(one)) != 0;
}

struct envelope {
  actor_id to;
  std::uint64_t port = 0;  // of `to`: a handler's type id (top bit set), or an ephemeral number
  actor_id from;
  std::uint64_t reply = 0;     // the port of `from` that waits for the answer; 0: nobody waits
  std::uint64_t type = 0;      // the payload's type id; 0: nothing to check
  std::uint64_t sequence = 0;  // per (from, to), for roads that may reorder; 0: the link's order holds
  std::uint64_t trace = 0;
  viceroy::shape shape;    // of the mesh that was cast to
  std::uint32_t rank = 0;  // of the receiver in it; in an answer: of the answerer
  envelope_flags flags = envelope_flags::none;
  std::uint8_t hops = limit::hops;  // forwards left before the message counts as lost in a circle
  std::uint8_t lane = 0;            // which of several roads; 0 until there are several
};

}  // namespace viceroy
