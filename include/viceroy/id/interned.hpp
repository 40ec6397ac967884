// interned: a process-wide table of immutable records that are found without a lock and never freed.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/id/random.hpp"

namespace viceroy {

// What every interned record begins with.
struct interned_text {
  std::uint64_t hash;
  const char* data;
  std::size_t size;

  std::string_view view() const noexcept { return {data, size}; }
};

// Matches the record of one text; what distinguishes records that are named by their whole text.
struct same_text {
  std::string_view text;

  bool operator()(const interned_text& record) const noexcept { return record.view() == text; }
};

namespace detail {

inline constinit std::atomic<std::size_t> interned_count{0};

}  // namespace detail

// Counts the distinct names of all kinds that this process holds; `limit::interned_names` bounds it.
inline std::size_t interned_names() noexcept {
  return detail::interned_count.load(std::memory_order_relaxed);
}

// The secret with which tables of foreign names are hashed.
inline std::uint64_t interned_seed() {
  static const std::uint64_t seed = detail::kernel_random();
  return seed;
}

// One table per kind of record, `interned_table<Record>::global`. Record derives from interned_text.
// Readers need no lock because nothing is ever freed: an outgrown array of slots is kept too, which at most
// doubles the slots. Threads: any.
template <class Record>
class interned_table {
 public:
  // Finds the record of this hash for which `matches(record)` holds, or null. Cost: one or two cache lines.
  template <class Matches>
  const Record* find(std::uint64_t hash, const Matches& matches) const noexcept {
    return find_in(shard_of(hash).current.load(std::memory_order_acquire), hash, matches);
  }

  // Finds that record, or makes it: text is copied behind a new `Record{interned_text, args...}`.
  // Errors: errc::bad_input beyond limit::interned_names.
  template <class Matches, class... Args>
  const Record* intern(std::uint64_t hash, const Matches& matches, std::string_view text,
                       const Args&... args) {
    if (const Record* known = find(hash, matches)) return known;
    shard& home = shard_of(hash);
    const std::lock_guard lock(home.writing);
    if (const Record* known = find(hash, matches)) return known;
    slots* into = home.current.load(std::memory_order_relaxed);
    if (into == nullptr || (home.count + 1) * 2 > into->mask + 1) into = grow(home, into);
    if (detail::interned_count.load(std::memory_order_relaxed) >= limit::interned_names) {
      throw error(errc::bad_input, "this process already holds " + std::to_string(limit::interned_names) +
                                       " names, the limit, so another one was refused");
    }
    const Record* made = make(hash, text, args...);
    put(*into, made);
    ++home.count;
    detail::interned_count.fetch_add(1, std::memory_order_relaxed);
    return made;
  }

  static interned_table global;

 private:
  static constexpr std::size_t shard_count = 16;
  static constexpr std::size_t first_slots = 64;

  struct slots {
    std::size_t mask;
    slots* outgrown;  // keeps older arrays reachable: readers may still be in them
    std::unique_ptr<std::atomic<const Record*>[]> at;
  };

  struct alignas(64) shard {
    std::atomic<slots*> current{nullptr};
    std::size_t count{0};
    std::mutex writing{};
  };

  const shard& shard_of(std::uint64_t hash) const noexcept { return shards_[hash >> 60]; }
  shard& shard_of(std::uint64_t hash) noexcept { return shards_[hash >> 60]; }

  template <class Matches>
  static const Record* find_in(const slots* in, std::uint64_t hash, const Matches& matches) noexcept {
    if (in == nullptr) return nullptr;
    for (std::size_t i = hash & in->mask;; i = (i + 1) & in->mask) {
      const Record* const record = in->at[i].load(std::memory_order_acquire);
      if (record == nullptr || (record->hash == hash && matches(*record))) return record;
    }
  }

  static void put(slots& into, const Record* record) noexcept {
    std::size_t i = record->hash & into.mask;
    while (into.at[i].load(std::memory_order_relaxed) != nullptr) i = (i + 1) & into.mask;
    into.at[i].store(record, std::memory_order_release);
  }

  static slots* grow(shard& home, slots* old) {
    const std::size_t size = old == nullptr ? first_slots : (old->mask + 1) * 2;
    auto grown =
        std::make_unique<slots>(slots{size - 1, old, std::make_unique<std::atomic<const Record*>[]>(size)});
    for (std::size_t i = 0; old != nullptr && i <= old->mask; ++i) {
      if (const Record* record = old->at[i].load(std::memory_order_relaxed)) put(*grown, record);
    }
    home.current.store(grown.get(), std::memory_order_release);
    return grown.release();
  }

  template <class... Args>
  static const Record* make(std::uint64_t hash, std::string_view text, const Args&... args) {
    char* const room = static_cast<char*>(::operator new(sizeof(Record) + text.size()));
    char* const copy = room + sizeof(Record);
    std::memcpy(copy, text.data(), text.size());
    return ::new (static_cast<void*>(room)) Record{interned_text{hash, copy, text.size()}, args...};
  }

  std::array<shard, shard_count> shards_{};
};

// Constant-initialised and trivially destructible: usable from other statics, before main and after it.
template <class Record>
constinit interned_table<Record> interned_table<Record>::global{};

}  // namespace viceroy
