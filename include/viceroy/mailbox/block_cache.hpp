// block_cache: blocks of the heap that a loop uses again, for what waits on it: calls and delayed messages.
#pragma once

#include <array>
#include <cstddef>
#include <new>
#include <utility>

#include "viceroy/base/taken.hpp"

namespace viceroy {

// Keeps blocks of up to `largest` bytes by size. Each is a piece of the heap of its own, unlike those of a
// pool: so one may also be deleted, by who still holds it when the loop is gone. Threads: one. Cost: a load
// and a store, once warm.
class block_cache {
 public:
  static constexpr std::size_t granule = 64, largest = 1024;

  block_cache() = default;
  ~block_cache() {
    for (block*& first : free_)
      while (first != nullptr) ::operator delete(taken(first, first->next));
  }
  block_cache(const block_cache&) = delete;
  block_cache& operator=(const block_cache&) = delete;

  // What a block for so many bytes takes.
  static constexpr std::size_t whole(std::size_t bytes) { return (bytes + granule - 1) / granule * granule; }

  // Returns: memory aligned to 16.
  void* take(std::size_t bytes) {
    if (bytes <= largest) [[likely]] {
      block*& first = free_[place_of(bytes)];
      if (first != nullptr) [[likely]]
        return taken(first, first->next);
    }
    return ::operator new(whole(bytes));
  }
  // Takes a block that take() gave, here or elsewhere, for as many bytes.
  void give(void* memory, std::size_t bytes) noexcept {
    if (bytes > largest) return ::operator delete(memory);
    block*& first = free_[place_of(bytes)];
    first = ::new (memory) block{first};
  }

 private:
  struct block {
    block* next;
  };
  static constexpr std::size_t place_of(std::size_t bytes) { return (bytes - 1) / granule; }

  std::array<block*, largest / granule> free_{};
};

}  // namespace viceroy
