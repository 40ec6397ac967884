// allocations: counts what a thread takes from the heap. To be included by one file of a program.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#include "support/sanitized.hpp"

namespace allocations {

inline thread_local constinit std::size_t count = 0;
inline constexpr bool are_counted = !VICEROY_TEST_SANITIZED;

}  // namespace allocations

#if !VICEROY_TEST_SANITIZED
// Not inlined, or the compiler sees malloc's memory given to delete, and warns.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations::count;
  if (void* const memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif
