// interning: how a name gets into its table. Compiled once on request.
#pragma once

#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/id/interned.hpp"
#include "viceroy/id/random.hpp"

namespace viceroy {

VICEROY_DECL std::uint64_t interned_seed() {
  static const std::uint64_t seed = detail::kernel_random();
  return seed;
}

namespace detail {

VICEROY_DECL void interned_records::put(slots& into, const interned_text* record) noexcept {
  std::size_t i = record->hash & into.mask;
  while (into.at()[i].load(std::memory_order_relaxed) != nullptr) i = (i + 1) & into.mask;
  into.at()[i].store(record, std::memory_order_release);
}

VICEROY_DECL interned_records::slots* interned_records::grow(shard& home, slots* old) {
  const std::size_t size = old == nullptr ? first_slots : (old->mask + 1) * 2;
  slots* const grown = ::new (::operator new(sizeof(slots) + size * sizeof(slot))) slots{size - 1, old};
  for (std::size_t i = 0; i != size; ++i) ::new (static_cast<void*>(grown->at() + i)) slot(nullptr);
  for (std::size_t i = 0; old != nullptr && i <= old->mask; ++i) {
    if (const interned_text* record = old->at()[i].load(std::memory_order_relaxed)) put(*grown, record);
  }
  home.current.store(grown, std::memory_order_release);
  return grown;
}

VICEROY_DECL const interned_text* interned_records::find(std::uint64_t hash, matcher matches,
                                                         const void* wanted) const noexcept {
  const slots* const in = shards_[hash >> 60].current.load(std::memory_order_acquire);
  if (in == nullptr) return nullptr;
  for (std::size_t i = hash & in->mask;; i = (i + 1) & in->mask) {
    const interned_text* const record = in->at()[i].load(std::memory_order_acquire);
    if (record == nullptr || (record->hash == hash && matches(*record, wanted))) return record;
  }
}

VICEROY_DECL const interned_text* interned_records::intern(std::uint64_t hash, matcher matches,
                                                           const void* wanted, std::string_view text,
                                                           std::size_t record_bytes, maker make,
                                                           const void* rest) {
  shard& home = shards_[hash >> 60];
  const small_mutex::holding alone(home.writing);
  if (const interned_text* known = find(hash, matches, wanted)) return known;
  slots* into = home.current.load(std::memory_order_relaxed);
  if (into == nullptr || (home.count + 1) * 2 > into->mask + 1) into = grow(home, into);
  if (interned_count.load(std::memory_order_relaxed) >= limit::interned_names) {
    throw error(errc::bad_input, "this process already holds " + std::to_string(limit::interned_names) +
                                     " names, the limit, so another one was refused");
  }
  char* const room = static_cast<char*>(::operator new(record_bytes + text.size()));
  char* const copy = room + record_bytes;
  std::memcpy(copy, text.data(), text.size());
  const interned_text* const made = make(room, interned_text{hash, copy, text.size()}, rest);
  put(*into, made);
  ++home.count;
  interned_count.fetch_add(1, std::memory_order_relaxed);
  return made;
}

}  // namespace detail

}  // namespace viceroy
