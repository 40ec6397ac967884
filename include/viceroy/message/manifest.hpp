// manifest: what an application says about its types, as a constexpr list, and one hash of it all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "viceroy/id/hash.hpp"
#include "viceroy/message/dispatch_table.hpp"
#include "viceroy/message/layout.hpp"
#include "viceroy/message/type_id.hpp"

namespace viceroy {

// What a type is to an application.
enum class entry_kind : std::uint8_t { actor, params, message, result, payload, system };

// The kind in the words of a sentence.
constexpr std::string_view kind_name(entry_kind kind) {
  constexpr std::string_view names[] = {"actor",  "params",       "message",
                                        "result", "port payload", "system message"};
  return names[static_cast<std::size_t>(kind)];
}

struct manifest_entry {
  entry_kind kind;
  std::string_view name;
  std::uint64_t id;
  std::string_view layout;  // structural: "{i64,str}"; empty for an actor
  std::string_view fields;  // "owner, cents" where VICEROY_FIELDS tells; else empty
};

// Describes a type that travels: params, message, result, port payload or system message.
template <class T>
constexpr manifest_entry make_entry(entry_kind kind) {
  manifest_entry entry{kind, type_name<T>(), detail::type_id_of<T>, layout_text<T>(), {}};
  if constexpr (detail::lists_fields<T>) entry.fields = detail::listed_fields<T>::text();
  return entry;
}

// Describes an actor, which is known by its name.
template <class A>
constexpr manifest_entry make_actor_entry() {
  return {entry_kind::actor, type_name<A>(), id_of_name(type_name<A>()), {}, {}};
}

// An application's entries, and their hash. Refers to the array that it is made from.
struct manifest {
  std::span<const manifest_entry> entries;
  std::uint64_t hash = 0;
};

// Hashes entries, whatever their order and however often each is there.
template <std::size_t N>
constexpr manifest make_manifest(const std::array<manifest_entry, N>& entries) {
  std::array<std::uint64_t, N> hashes{};
  for (std::size_t i = 0; i != N; ++i) {
    hashes[i] = hash_number(entries[i].id, static_cast<std::uint64_t>(entries[i].kind));
  }
  const dispatch_table table(hashes);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i != N; ++i) {
    if (table.find(hashes[i]) == i) sum += hashes[i];
  }
  return {{entries.data(), entries.size()}, hash_number(sum)};
}

}  // namespace viceroy
