// port_id: which port of which actor.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "viceroy/id/actor_id.hpp"
#include "viceroy/id/hash.hpp"

namespace viceroy {

// The name of a port, `unix:@ab12,root,client[0]:5`. Numbers with the top bit set are a message's type id,
// the port of its handler, and print as `:h8f0a...`, 16 digits; the others count up. A value of four words.
// Default: no port.
class port_id {
 public:
  static constexpr std::uint64_t handler_bit = std::uint64_t{1} << 63;

  constexpr port_id() noexcept = default;
  constexpr port_id(actor_id actor, std::uint64_t number) noexcept : actor_(actor), number_(number) {}

  // Says what keeps `text` from being a port's id, or null when nothing does. Interns nothing.
  static const char* problem(std::string_view text) noexcept;

  // Interns what `text()` writes. Errors: errc::bad_input with what is wrong, or beyond
  // limit::interned_names.
  static port_id parse(std::string_view text);

  // Interns what `text()` writes, or nothing if the text is no id. Errors: only beyond limit::interned_names.
  // (A template: files that do not call it compile nothing of std::optional.)
  template <class Id = port_id>
  static std::optional<Id> try_parse(std::string_view text) {
    if (problem(text) != nullptr) return std::nullopt;
    return parse(text);
  }

  bool empty() const noexcept { return actor_.empty(); }
  const actor_id& actor() const noexcept { return actor_; }
  std::uint64_t number() const noexcept { return number_; }
  bool is_handler() const noexcept { return (number_ & handler_bit) != 0; }

  // Writes the id; `parse` reads it back. Of no port, nothing.
  std::string text() const;

  friend bool operator==(const port_id&, const port_id&) noexcept = default;
  friend std::strong_ordering operator<=>(const port_id&, const port_id&) noexcept = default;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const port_id& id) {
    return out << id.text();
  }

 private:
  actor_id actor_{};
  std::uint64_t number_ = 0;
};

}  // namespace viceroy

template <>
struct std::hash<viceroy::port_id> {
  std::size_t operator()(const viceroy::port_id& id) const noexcept {
    return viceroy::hash_number(id.number(), std::hash<viceroy::actor_id>{}(id.actor()));
  }
};

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/id/port_ids.hpp"
#endif
