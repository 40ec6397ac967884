// limits: every bound of the library, with its unit, default and reason.
#pragma once

#include <cstddef>
#include <cstdint>

#include "viceroy/base/clock.hpp"

namespace viceroy {

// Bounds that are the same in every process of a mesh. Changing one is a new version of the library.
namespace limit {

inline constexpr std::size_t label_bytes = 63;            // a name fits a DNS label and a 64-byte record
inline constexpr std::size_t address_bytes = 255;         // longer than any unix path (108) or host name
inline constexpr std::size_t interned_names = 4'000'000;  // ~0.6 GB of records; a flood of ids stops here
inline constexpr std::size_t dimensions = 16;             // of an extent; more is a mistake, not a machine
inline constexpr std::size_t ranks = 1u << 20;  // of a mesh or an allocation: more is a mistake, too
inline constexpr std::size_t fields = 64;       // of a message without VICEROY_FIELDS
inline constexpr std::size_t nesting = 64;      // of values in a message: recursion on untrusted bytes
inline constexpr std::size_t decode_amplification = 16;  // bytes allocated per byte of frame while decoding
inline constexpr std::size_t frame_bytes = 1u << 30;     // one message: beyond it, send in parts
inline constexpr std::size_t traces = 64;        // messages that a process follows; the oldest is forgotten
inline constexpr std::size_t obituaries = 64;    // a proc's last failures, told to who asks for their actors
inline constexpr std::uint8_t hops = 64;         // an envelope that was forwarded more often goes in a circle
inline constexpr std::size_t output_lines = 64;  // last lines kept of a child's output, for its obituary
inline constexpr std::size_t output_line_bytes = 4096;  // of each such line
inline constexpr std::size_t link_buffer_bytes =
    64u << 20;  // waiting to leave on one link before sends come back busy
inline constexpr std::size_t read_bytes = 128u << 10;  // one read of a socket
inline constexpr std::size_t separate_bytes =
    64u << 10;  // a vr::bytes of this size or more leaves from where it lies
inline constexpr std::size_t flush_bytes =
    128u << 10;  // waiting on a link when a post sends them at once: one read of the peer
inline constexpr std::size_t hello_bytes = 64u
                                           << 10;  // a hello; all that a stranger can make this process keep
inline constexpr std::size_t half_open = 1024;     // accepted links whose peer has not proved itself yet
inline constexpr int backlog =
    4096;  // connections the kernel holds until they are accepted; its own default bound
inline constexpr std::size_t link_names =
    1u << 20;  // names of one kind that a link numbers before it begins anew: 16 MB
inline constexpr std::size_t name_bytes =
    4096;  // a name's text on a link; a shape of 16 long dimensions fits
inline constexpr std::size_t manifest_bytes =
    16u << 20;  // an application's manifest as text, to explain a refusal
inline constexpr std::size_t resource_waiters =
    1u << 16;  // who waits at one agent for resources to run or end; more are answered with what is known
inline constexpr std::size_t ended_resources = 1u
                                               << 16;  // that one agent remembers; the oldest are forgotten
inline constexpr std::size_t reason_bytes = 4096;      // the sentence with which a link is closed or refused

}  // namespace limit

// Waits and other bounds that a program may change (runtime options); a child gets its client's.
struct limits {
  using ms = std::chrono::milliseconds;

  ms call{60'000};            // an answer: long enough for a slow handler, short enough for a person
  ms connect{10'000};         // dialling an address, until the handshake is complete
  ms hello{30'000};           // a started process, until it says hello: exec and loading on a busy machine
  ms start_proc{30'000};      // from hello to started_proc
  ms spawn_idle{30'000};      // a spawn of procs or actors, since the last rank that answered
  ms trampoline{30'000};      // a host standing up in an allocated process
  ms drain{5'000};            // actors of a stopping proc, until SIGTERM; an actor's drain, behind a handler
  ms terminate{3'000};        // from SIGTERM to SIGKILL
  ms reap{10'000};            // from SIGKILL until the kernel reports the death
  ms shutdown{30'000};        // a whole mesh's shutdown, and a runtime's end
  ms actor_stop{5'000};       // an actor's stop and its children's
  ms orphan_grace{40};        // from the parent's death to SIGKILL of the child's process group
  ms watchdog{1'000};         // who holds a loop longer is named, while it does; zero: nobody is watched
  std::uint32_t poll_us{50};  // a busy loop polls this long at most before it sleeps; 0: never, and never
                              // when more loops run in the process than the machine has cores
  std::uint32_t turn_messages{1024};        // messages handled before sockets are looked at again
  std::uint64_t mailbox_bytes{256u << 20};  // of the waiting messages of an actor that begins from now on
};

}  // namespace viceroy
