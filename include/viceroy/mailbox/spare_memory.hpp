// spare_memory: huge pages that ended loops left to this process's next ones, and to the kernel if it wants
// them.
#pragma once

#include <pthread.h>
#include <sys/mman.h>

#include <cstddef>
#include <new>

#include "viceroy/base/limits.hpp"

namespace viceroy {

// A piece of memory that pages come from, aligned to its size.
struct slab {
  static constexpr std::size_t huge_bytes = 2u << 20;

  static slab* make(std::size_t bytes) {
    auto* const made = new slab{nullptr, nullptr, bytes};
    try {
      made->memory = ::operator new(bytes, std::align_val_t(bytes));
    } catch (...) {
      delete made;
      throw;
    }
    if (bytes == huge_bytes) ::madvise(made->memory, bytes, MADV_HUGEPAGE);  // without any, small pages do
    return made;
  }
  static void free(slab& s) noexcept {
    ::operator delete(s.memory, std::align_val_t(s.bytes));
    delete &s;
  }

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
  static slab* take() noexcept {
    const locked here;
    slab* const s = first_;
    if (s != nullptr) {
      first_ = s->next;
      bytes_ -= s->bytes;
    }
    return s;
  }
  // Takes over what a loop has no more use for, or frees it. Cost: a system call.
  static void give(slab& s) noexcept {
    if (s.bytes != slab::huge_bytes || !reserve(s.bytes)) return slab::free(s);
    const bool lent = ::madvise(s.memory, s.bytes, MADV_FREE) == 0;
    {
      const locked here;
      if (lent) {
        s.next = first_;
        first_ = &s;
        return;
      }
      bytes_ -= s.bytes;
    }
    slab::free(s);
  }
  // Takes over what a thread that was left behind may read for ever.
  static void keep(slab& s) noexcept {
    const locked here;
    s.next = kept_;
    kept_ = &s;
  }
  // Frees all: for a program that goes on without a runtime, or measures one without it.
  static void release() noexcept {
    while (slab* const s = take()) slab::free(*s);
  }
  static std::size_t bytes() noexcept {
    const locked here;
    return bytes_;
  }

 private:
  struct locked {
    locked() noexcept { ::pthread_mutex_lock(&guard_); }
    ~locked() { ::pthread_mutex_unlock(&guard_); }
    locked(const locked&) = delete;
    locked& operator=(const locked&) = delete;
  };
  static bool reserve(std::size_t bytes) noexcept {
    const locked here;
    if (bytes_ + bytes > most_bytes) return false;
    bytes_ += bytes;
    return true;
  }

  static inline constinit pthread_mutex_t guard_ = PTHREAD_MUTEX_INITIALIZER;
  static inline constinit slab* first_ = nullptr;
  static inline constinit slab* kept_ = nullptr;   // nobody's any more
  static inline constinit std::size_t bytes_ = 0;  // what is on its way here included
};

}  // namespace viceroy
