// actor_table: where the actors of a proc are, by index: the part of its directory that messages read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#include "viceroy/base/heap_bytes.hpp"

namespace viceroy {

class mailbox;

// The places of a proc's mailboxes. A place's key is its occupant's generation below and the actor's type
// above; an instance, and an empty place, have no type. Threads: the loop's.
class actor_table {
 public:
  constexpr actor_table() noexcept = default;
  actor_table(const actor_table&) = delete;
  actor_table& operator=(const actor_table&) = delete;

  // Returns: the mailbox with that index, or null when it is gone or never was. Cost: an array access.
  mailbox* find(std::uint64_t index) const {
    const auto slot = static_cast<std::uint32_t>(index);
    if (slot >= slots_) [[unlikely]]
      return nullptr;
    const entry& e = table_[slot];
    return static_cast<std::uint32_t>(e.key) == static_cast<std::uint32_t>(index >> 32) ? e.box : nullptr;
  }
  // The same, of an actor of that type. Cost: one comparison for generation and type.
  [[gnu::always_inline]] mailbox* find(std::uint64_t index, std::uint64_t tag) const {
    const auto slot = static_cast<std::uint32_t>(index);
    if (slot >= slots_) [[unlikely]]
      return nullptr;
    const entry& e = table_[slot];
    if (e.key != typed_key(static_cast<std::uint32_t>(index >> 32), tag)) [[unlikely]]
      return nullptr;
    if (!e.box) __builtin_unreachable();  // whatever has such a key is there
    return e.box;
  }

 protected:
  static constexpr std::uint32_t nobody = 0xffffffff;  // no occupant's generation
  struct entry {
    mailbox* box = nullptr;
    std::uint64_t key = nobody;
  };
  static constexpr std::uint64_t typed_key(std::uint32_t generation, std::uint64_t tag) {
    return ((tag | std::uint64_t{1} << 63) & ~std::uint64_t{0xffffffff}) | generation;
  }
  // The places themselves. Realloc has the kernel move what is large, where a series of a million would copy
  // it each time, and touch three times the memory.
  class places {
   public:
    entry& operator[](std::size_t slot) const { return all()[slot]; }
    std::uint32_t size() const { return size_; }
    void add() {
      if (size_ == room_) {
        const std::size_t room = room_ == 0 ? 4 : 2 * room_;
        memory_.grow(room * sizeof(entry));
        room_ = room;
      }
      ::new (static_cast<void*>(all() + size_++)) entry;
    }

   private:
    friend class actor_table;
    static_assert(__is_trivially_copyable(entry));
    entry* all() const { return reinterpret_cast<entry*>(memory_.data()); }

    heap_bytes memory_;
    std::uint32_t size_ = 0;
    std::size_t room_ = 0;
  };
  void read_from(const places& p) {
    table_ = p.all();
    slots_ = p.size_;
  }

 private:
  const entry* table_ = nullptr;
  std::uint32_t slots_ = 0;
};

// That of no proc: nobody is found in it.
inline constinit const actor_table no_actors;

}  // namespace viceroy
