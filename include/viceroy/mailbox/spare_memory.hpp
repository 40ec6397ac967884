// spare_memory: huge pages that ended loops left to this process's next ones, and to the kernel if it wants
// them.
#pragma once

#include <atomic>
#include <cstddef>

#include "viceroy/base/config.hpp"
#include "viceroy/base/limits.hpp"

namespace viceroy {

// A piece of memory that pages come from, aligned to its size.
struct slab {
  static constexpr std::size_t huge_bytes = 2u << 20;

  // Errors: std::bad_alloc.
  static slab* make(std::size_t bytes);
  static void free(slab& s) noexcept;

  slab* next;  // in whatever list it stands
  void* memory;
  std::size_t bytes;
};

// Slabs of a huge page each that are nobody's. What stands in them is the kernel's to drop (MADV_FREE) when
// memory runs short; until then the next loop finds them without a page fault, which in a virtual machine
// may be its host's, too, and then takes fifty times as long. Threads: any.
class spare_memory {
 public:
  // None with AddressSanitizer, which shall find who still uses an ended loop's memory.
#if defined(__SANITIZE_ADDRESS__)
  static constexpr bool keeps_any = false;
#elif defined(__has_feature)
  static constexpr bool keeps_any = !__has_feature(address_sanitizer);
#else
  static constexpr bool keeps_any = true;
#endif
  static constexpr std::size_t most_bytes = keeps_any ? limit::spare_memory_bytes : 0;

  // Returns: one, with anything in it; null when there is none.
  static slab* take() noexcept;
  // Takes over what a loop has no more use for, or frees it. Cost: a system call.
  static void give(slab& s) noexcept;
  // Takes over what a thread that was left behind may read for ever.
  static void keep(slab& s) noexcept;
  // Frees all: for a program that goes on without a runtime, or measures one without it.
  static void release() noexcept;
  static std::size_t bytes() noexcept;

 private:
  static bool reserve(std::size_t bytes) noexcept;

  static inline constinit std::atomic_flag guard_{};
  static inline constinit slab* first_ = nullptr;
  static inline constinit slab* kept_ = nullptr;   // nobody's any more
  static inline constinit std::size_t bytes_ = 0;  // what is on its way here included
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/spare_slabs.hpp"
#endif
