// actor_id: which actor; its proc, its name and its place in the proc's table.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "viceroy/base/error.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/id/proc_id.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {

// The name of an actor, `unix:@ab12,root,client[0]`. The index is the actor's slot in its proc's table and,
// in the upper half, the generation of that slot: the second actor in slot 7 is [7.1]. A value of three
// words. Default: no actor.
class actor_id {
 public:
  constexpr actor_id() noexcept = default;
  constexpr actor_id(proc_id proc, label name, std::uint64_t index) noexcept
      : proc_(proc), name_(name), index_(index) {}

  static constexpr std::uint64_t index_of(std::uint32_t slot, std::uint32_t generation) noexcept {
    return std::uint64_t{generation} << 32 | slot;
  }

  // Says what keeps `text` from being an actor's id, or null when nothing does. Interns nothing.
  static const char* problem(std::string_view text) noexcept {
    const parts p = split(text);
    if (p.name.empty()) return "expected address,proc,name[slot]";
    if (const char* wrong = proc_id::problem(p.proc)) return wrong;
    if (const char* wrong = label::problem(p.name)) return wrong;
    if (!parse_index(p.index)) return "an index is [slot] or [slot.generation], numbers of 32 bits";
    return nullptr;
  }

  // Interns what `text()` writes. Errors: errc::bad_input with what is wrong, or beyond
  // limit::interned_names.
  static actor_id parse(std::string_view text) {
    if (const char* wrong = problem(text)) {
      throw error(errc::bad_input, in_quotes(text) + " is not an actor's id: " + wrong);
    }
    const parts p = split(text);
    return actor_id(proc_id::parse(p.proc), label::parse(p.name), *parse_index(p.index));
  }

  // Interns what `text()` writes, or nothing if the text is no id. Errors: only beyond limit::interned_names.
  // (A template: files that do not call it compile nothing of std::optional.)
  template <class Id = actor_id>
  static std::optional<Id> try_parse(std::string_view text) {
    if (problem(text) != nullptr) return std::nullopt;
    return parse(text);
  }

  bool empty() const noexcept { return proc_.empty(); }
  proc_id proc() const noexcept { return proc_; }
  label name() const noexcept { return name_; }
  std::uint64_t index() const noexcept { return index_; }
  std::uint32_t slot() const noexcept { return static_cast<std::uint32_t>(index_); }
  std::uint32_t generation() const noexcept { return static_cast<std::uint32_t>(index_ >> 32); }

  // Writes the id; `parse` reads it back. Of no actor, nothing.
  std::string text() const {
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

  friend bool operator==(const actor_id&, const actor_id&) noexcept = default;
  friend std::strong_ordering operator<=>(const actor_id&, const actor_id&) noexcept = default;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const actor_id& id) {
    return out << id.text();
  }

 private:
  struct parts {
    std::string_view proc{};
    std::string_view name{};
    std::string_view index{};
  };

  static parts split(std::string_view text) noexcept {
    const auto comma = text.rfind(',');
    if (comma == text.npos || text.back() != ']') return {};
    const auto bracket = text.find('[', comma);
    if (bracket == text.npos) return {};
    return {text.substr(0, comma), text.substr(comma + 1, bracket - comma - 1),
            text.substr(bracket + 1, text.size() - bracket - 2)};
  }

  static std::optional<std::uint64_t> parse_index(std::string_view text) noexcept {
    constexpr std::uint64_t largest = 0xffffffff;
    const auto dot = text.find('.');
    const auto slot = parse_number(text.substr(0, dot), largest);
    if (!slot || dot == text.npos) return slot;
    const auto generation = parse_number(text.substr(dot + 1), largest);
    if (!generation || *generation == 0) return std::nullopt;  // [7.0] is written [7]
    return *generation << 32 | *slot;
  }

  proc_id proc_{};
  label name_{};
  std::uint64_t index_ = 0;
};

}  // namespace viceroy

template <>
struct std::hash<viceroy::actor_id> {
  std::size_t operator()(const viceroy::actor_id& id) const noexcept {
    return viceroy::hash_number(id.index() ^ id.name().hash(), id.proc().hash());
  }
};
