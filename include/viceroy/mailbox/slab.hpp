// slab: a piece of memory that pages come from.
#pragma once

#include <atomic>
#include <cstddef>

#include "viceroy/base/config.hpp"

namespace viceroy {

// Aligned to its size. Threads: its owner's.
struct slab {
  static constexpr std::size_t huge_bytes = 2u << 20;

  // Cost: of one of huge_bytes a system call. Errors: std::bad_alloc.
  static slab* make(std::size_t bytes);
  static void free(slab& s) noexcept;
  // Leaves it where it is, for ever: to a thread that may still read there. Threads: any.
  static void leave(slab& s) noexcept;

  slab* next;  // in whatever list it stands
  void* memory;
  std::size_t bytes;

  static inline constinit std::atomic<slab*> all_left{nullptr};  // where leak detectors find them
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/slabs.hpp"
#endif
