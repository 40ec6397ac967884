// counters: how many messages a session wrote and read, as every frame's header tells.
#pragma once

#include <cstdint>
#include <string>

#include "viceroy/wire/frame.hpp"

namespace viceroy {

struct counters {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t acknowledged = 0;  // by the peer

  // Makes the header of the next frame; a message has been counted before.
  frame_header header(frame_kind kind) const noexcept {
    frame_header header;
    header.kind = kind;
    header.sequence = sent;
    header.acknowledged = received;
    return header;
  }

  // Says how a frame's numbers contradict what went before, or nothing; takes note of its acknowledgement.
  std::string check(const frame_header& header) {
    const std::uint64_t expected = received + (header.kind == frame_kind::message ? 1 : 0);
    if (header.sequence != expected) {
      return "a frame is out of sequence: " + std::to_string(header.sequence) + " came, " +
             std::to_string(expected) + " was expected";
    }
    if (header.acknowledged > sent || header.acknowledged < acknowledged) {
      return "it acknowledges message " + std::to_string(header.acknowledged) + " after " +
             std::to_string(acknowledged) + ", and was sent " + std::to_string(sent);
    }
    acknowledged = header.acknowledged;
    return {};
  }
};

}  // namespace viceroy
