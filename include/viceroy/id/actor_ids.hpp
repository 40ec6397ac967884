// actor_ids: how an actor's id is written, and read. Compiled once on request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {
namespace detail {

struct actor_id_text {
  std::string_view proc{};
  std::string_view name{};
  std::string_view index{};
};

inline actor_id_text split_actor_id(std::string_view text) noexcept {
  const auto comma = text.rfind(',');
  if (comma == text.npos || text.back() != ']') return {};
  const auto bracket = text.find('[', comma);
  if (bracket == text.npos) return {};
  return {text.substr(0, comma), text.substr(comma + 1, bracket - comma - 1),
          text.substr(bracket + 1, text.size() - bracket - 2)};
}

inline std::optional<std::uint64_t> parse_index(std::string_view text) noexcept {
  constexpr std::uint64_t largest = 0xffffffff;
  const auto dot = text.find('.');
  const auto slot = parse_number(text.substr(0, dot), largest);
  if (!slot || dot == text.npos) return slot;
  const auto generation = parse_number(text.substr(dot + 1), largest);
  if (!generation || *generation == 0) return std::nullopt;  // [7.0] is written [7]
  return *generation << 32 | *slot;
}

}  // namespace detail

VICEROY_DECL const char* actor_id::problem(std::string_view text) noexcept {
  const detail::actor_id_text p = detail::split_actor_id(text);
  if (p.name.empty()) return "expected address,proc,name[slot]";
  if (const char* wrong = proc_id::problem(p.proc)) return wrong;
  if (const char* wrong = label::problem(p.name)) return wrong;
  if (!detail::parse_index(p.index)) return "an index is [slot] or [slot.generation], numbers of 32 bits";
  return nullptr;
}

VICEROY_DECL actor_id actor_id::parse(std::string_view text) {
  if (const char* wrong = problem(text)) {
    throw error(errc::bad_input, in_quotes(text) + " is not an actor's id: " + wrong);
  }
  const detail::actor_id_text p = detail::split_actor_id(text);
  return actor_id(proc_id::parse(p.proc), label::parse(p.name), *detail::parse_index(p.index));
}

VICEROY_DECL std::string actor_id::text() const {
  std::string out;
  if (empty()) return out;
  out += proc_.text();
  out += ',';
  out += name_.text();
  out += '[';
  append_number(out, slot());
  if (generation() != 0) {
    out += '.';
    append_number(out, generation());
  }
  out += ']';
  return out;
}

}  // namespace viceroy
