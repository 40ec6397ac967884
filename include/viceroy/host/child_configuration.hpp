// child_configuration: what a child gets from its parent over the lifeline: limits, the mesh's key, a token.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/channel/identity.hpp"
#include "viceroy/message/library_names.hpp"
#include "viceroy/message/type_id.hpp"
#include "viceroy/wire/codec.hpp"

namespace viceroy {

// Written by the parent before the child runs, and by nothing that argv or the environment would show.
struct child_configuration {
  static constexpr auto name = "viceroy::child_configuration";
  static constexpr std::uint32_t version = 1;

  limits bounds;
  std::optional<mesh_key> key;
  std::uint64_t token = 0;  // proves to the launcher that this is the process it started
};

namespace detail {

// Before the configuration: its version, and the id of its layout, so that another build of the library is
// told, and not misread.
inline constexpr std::size_t configuration_header_bytes = sizeof(std::uint32_t) + sizeof(std::uint64_t);

}  // namespace detail

// Writes a configuration for a lifeline.
inline std::vector<std::byte> encode_configuration(const child_configuration& c) {
  std::vector<std::byte> out;
  {
    writer to(out);
    to.put_u32(child_configuration::version);
    to.put_u64(type_id<child_configuration>());
    encode(to, c);
  }
  return out;
}

// Reads what encode_configuration wrote. Errors: bad_input for anything else, saying what it is.
inline child_configuration decode_configuration(std::span<const std::byte> from) {
  if (from.empty())
    throw error(errc::bad_input,
                "the lifeline carries no configuration: this process was started by something that is not a "
                "launcher of Viceroy");
  reader in(from);
  std::uint32_t version = 0;
  std::uint64_t layout = 0;
  if (from.size() < detail::configuration_header_bytes || !in.get_u32(version) || !in.get_u64(layout))
    throw error(errc::bad_input,
                "the lifeline carries " + std::to_string(from.size()) + " bytes, which is no configuration");
  if (version != child_configuration::version)
    throw error(errc::bad_input, "the parent's configuration has version " + std::to_string(version) +
                                     ", and this program knows version " +
                                     std::to_string(child_configuration::version) +
                                     "; build parent and child with one version of Viceroy");
  if (layout != type_id<child_configuration>())
    throw error(errc::bad_input,
                "the parent's configuration has another layout than this program's; build parent and child "
                "with one version of Viceroy");
  child_configuration c;
  if (!decode(in, c) || !in.finish())
    throw error(errc::bad_input, std::string("the parent's configuration does not decode: ") + in.reason());
  return c;
}

}  // namespace viceroy
