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

  // Takes note of a frame's acknowledgement. Returns: false when its numbers contradict what went before.
  bool accept(const frame_header& header) noexcept {
    if (header.sequence != expected(header)) return false;
    if (header.acknowledged > sent || header.acknowledged < acknowledged) return false;
    acknowledged = header.acknowledged;
    return true;
  }

  // Says why accept() returned false.
  std::string complaint(const frame_header& header) const {
    if (header.sequence != expected(header)) {
      return "a frame is out of sequence: " + std::to_string(header.sequence) + " came, " +
             std::to_string(expected(header)) + " was expected";
    }
    return "it acknowledges message " + std::to_string(header.acknowledged) + " after " +
           std::to_string(acknowledged) + ", and was sent " + std::to_string(sent);
  }

 private:
  std::uint64_t expected(const frame_header& header) const noexcept {
    return received + (is_message(header.kind) ? 1 : 0);
  }
};

}  // namespace viceroy
