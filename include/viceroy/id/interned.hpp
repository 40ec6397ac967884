// interned: a process-wide table of immutable records that are found without a lock and never freed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/small_mutex.hpp"

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
VICEROY_DECL std::uint64_t interned_seed();

namespace detail {

// What all tables have in common, so that a file compiles it once: readers need no lock because nothing is
// ever freed; an outgrown array of slots is kept too, which at most doubles the slots.
class interned_records {
 public:
  using matcher = bool (*)(const interned_text& record, const void* wanted);
  using maker = const interned_text* (*)(void* room, const interned_text& text, const void* rest);

  const interned_text* find(std::uint64_t hash, matcher matches, const void* wanted) const noexcept;
  const interned_text* intern(std::uint64_t hash, matcher matches, const void* wanted, std::string_view text,
                              std::size_t record_bytes, maker make, const void* rest);

 private:
  static constexpr std::size_t first_slots = 64;
  using slot = std::atomic<const interned_text*>;

  struct slots {
    std::size_t mask;
    slots* outgrown;  // keeps older arrays reachable: readers may still be in them

    slot* at() noexcept { return reinterpret_cast<slot*>(this + 1); }
    const slot* at() const noexcept { return reinterpret_cast<const slot*>(this + 1); }
  };

  struct alignas(64) shard {
    std::atomic<slots*> current{nullptr};
    std::size_t count{0};
    small_mutex writing;
  };

  static void put(slots& into, const interned_text* record) noexcept;
  static slots* grow(shard& home, slots* old);

  shard shards_[16]{};
};

}  // namespace detail

// One table per kind of record, `interned_table<Record>::global`. Record derives from interned_text.
// Threads: any.
template <class Record>
class interned_table {
 public:
  // Finds the record of this hash for which `matches(record)` holds, or null. Cost: one or two cache lines.
  template <class Matches>
  const Record* find(std::uint64_t hash, const Matches& matches) const noexcept {
    return static_cast<const Record*>(records_.find(hash, &matched<Matches>, &matches));
  }

  // Finds that record, or makes it: text is copied behind a new `Record{interned_text, args...}`.
  // Errors: errc::bad_input beyond limit::interned_names.
  template <class Matches, class... Args>
  const Record* intern(std::uint64_t hash, const Matches& matches, std::string_view text,
                       const Args&... args) {
    if (const Record* known = find(hash, matches)) return known;
    const auto make = [&](void* room, const interned_text& begin) -> const interned_text* {
      return ::new (room) Record{begin, args...};
    };
    return static_cast<const Record*>(records_.intern(hash, &matched<Matches>, &matches, text, sizeof(Record),
                                                      &made<decltype(make)>, &make));
  }

  static interned_table global;

 private:
  template <class Matches>
  static bool matched(const interned_text& record, const void* matches) {
    return (*static_cast<const Matches*>(matches))(static_cast<const Record&>(record));
  }
  template <class Make>
  static const interned_text* made(void* room, const interned_text& text, const void* make) {
    return (*static_cast<const Make*>(make))(room, text);
  }

  detail::interned_records records_;
};

// Constant-initialised and trivially destructible: usable from other statics, before main and after it.
template <class Record>
constinit interned_table<Record> interned_table<Record>::global{};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/id/interning.hpp"
#endif
