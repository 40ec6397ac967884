// actor_id: which actor; its proc, its name and its place in the proc's table.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "viceroy/id/hash.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/id/proc_id.hpp"

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
  static const char* problem(std::string_view text) noexcept;

  // Interns what `text()` writes. Errors: errc::bad_input with what is wrong, or beyond
  // limit::interned_names.
  static actor_id parse(std::string_view text);

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
  std::string text() const;

  friend bool operator==(const actor_id&, const actor_id&) noexcept = default;
  friend std::strong_ordering operator<=>(const actor_id&, const actor_id&) noexcept = default;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const actor_id& id) {
    return out << id.text();
  }

 private:
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

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/id/actor_ids.hpp"
#endif
