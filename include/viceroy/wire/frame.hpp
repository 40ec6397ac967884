// frame: what stands on a link, byte by byte: the preamble, the frame's header, the message's header.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "viceroy/wire/envelope.hpp"

namespace viceroy {

inline constexpr std::array<char, 4> wire_magic{'V', 'R', 'Y', '1'};
inline constexpr std::uint16_t wire_version = 1;

// The first thing that each side writes. The key stands at a fixed place before everything that needs
// parsing.
struct preamble {
  enum class kinds : std::uint8_t { hello = 1, refusal = 2 };

  std::array<char, 4> magic = wire_magic;
  std::uint16_t version = wire_version;
  kinds kind = kinds::hello;
  std::uint8_t refusal = 0;  // why, of a refusal; see channel/hello.hpp
  std::uint32_t length = 0;  // of the hello that follows; 0 of a refusal
  std::uint32_t reserved = 0;
  std::array<std::byte, 32> key{};  // the mesh key over tcp; zero elsewhere, and in a refusal
};

enum class frame_kind : std::uint8_t {
  message = 1,           // message_header, body, u32 length of each part, parts
  define = 2,            // u32 number, u8 name_kind, text: the number stands for that name from here on
  forget = 3,            // nothing: all numbers are free again
  manifest_request = 4,  // nothing: the two manifests' hashes differ, tell me yours
  manifest = 5,          // text
  refuse = 6,            // text: why there will be no link
  close = 7,             // text: why the link ends
  again = 8,             // body: a message with the envelope of the message before, and no parts
};

constexpr bool is_message(frame_kind kind) noexcept {
  return kind == frame_kind::message || kind == frame_kind::again;
}

enum class name_kind : std::uint8_t { proc = 1, label = 2, shape = 3 };

// Begins every frame after the preamble.
struct frame_header {
  std::uint32_t length = 0;  // of what follows this header
  frame_kind kind = frame_kind::message;
  std::uint8_t reserved = 0;
  std::uint16_t reserved_too = 0;
  std::uint64_t sequence = 0;      // messages written on this session, this one included
  std::uint64_t acknowledged = 0;  // messages read from the peer
};

// An envelope on the wire; names are numbers that a define frame explained before, 0 is no name.
struct message_header {
  std::uint32_t to_proc = 0;
  std::uint32_t to_name = 0;
  std::uint64_t to_index = 0;
  std::uint32_t from_proc = 0;
  std::uint32_t from_name = 0;
  std::uint64_t from_index = 0;
  std::uint64_t port = 0;
  std::uint64_t reply = 0;
  std::uint64_t type = 0;
  std::uint64_t sequence = 0;
  std::uint64_t trace = 0;
  std::uint32_t shape = 0;
  std::uint32_t rank = 0;
  envelope_flags flags = envelope_flags::none;
  std::uint8_t hops = 0;
  std::uint8_t lane = 0;
  std::uint32_t body = 0;   // bytes of it
  std::uint32_t parts = 0;  // how many
  std::uint32_t reserved = 0;
};

inline constexpr auto known_envelope_flags = static_cast<envelope_flags>(15);

// The wire is these structs' memory; wire/bytes.hpp makes sure that the machine is little-endian.
static_assert(sizeof(preamble) == 48 && std::has_unique_object_representations_v<preamble>);
static_assert(sizeof(frame_header) == 24 && std::has_unique_object_representations_v<frame_header>);
static_assert(sizeof(message_header) == 96 && std::has_unique_object_representations_v<message_header>);

// Reads a wire struct from bytes of any alignment.
template <class Struct>
Struct load_struct(const std::byte* from) noexcept {
  static_assert(std::is_trivially_copyable_v<Struct>);
  Struct value;
  std::memcpy(static_cast<void*>(&value), from, sizeof value);
  return value;
}

template <class Struct>
void store_struct(std::byte* to, const Struct& value) noexcept {
  static_assert(std::is_trivially_copyable_v<Struct>);
  std::memcpy(to, &value, sizeof value);
}

// Judges a header alone, but for limit::frame_bytes, before anything is kept for what it announces. Returns:
// what is wrong with it, or null.
constexpr const char* problem(const frame_header& header) noexcept {
  if ((header.reserved | header.reserved_too) != 0) return "a frame with unknown bits in its header";
  switch (header.kind) {
    case frame_kind::message:
      return header.length >= sizeof(message_header) ? nullptr : "a message shorter than its header";
    case frame_kind::again:
      return nullptr;
    case frame_kind::define:
      return header.length <= limit::name_bytes ? nullptr : "a definition longer than limit::name_bytes";
    case frame_kind::manifest:
      return header.length <= limit::manifest_bytes ? nullptr
                                                    : "a manifest longer than limit::manifest_bytes";
    case frame_kind::refuse:
    case frame_kind::close:
      return header.length <= limit::reason_bytes ? nullptr : "a reason longer than limit::reason_bytes";
    case frame_kind::forget:
    case frame_kind::manifest_request:
      return header.length == 0 ? nullptr : "a frame that should be empty and is not";
  }
  return "a frame of unknown kind";
}

}  // namespace viceroy
