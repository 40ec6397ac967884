// allocations: counts what a thread takes from the heap. To be included by one file of a program.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

// A sanitizer brings an operator new of its own, which checks more than this counts.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VICEROY_TEST_COUNTS false
#elif defined(__has_feature)
#define VICEROY_TEST_COUNTS !(__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define VICEROY_TEST_COUNTS true
#endif

namespace allocations {

inline thread_local constinit std::size_t count = 0;
inline constexpr bool are_counted = VICEROY_TEST_COUNTS;

}  // namespace allocations

#if VICEROY_TEST_COUNTS
// Not inlined, or the compiler sees malloc's memory given to delete, and warns.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations::count;
  if (void* const memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif
