// slabs: how slabs are made, freed and left. Compiled once on request.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/slab.hpp"

namespace viceroy {

VICEROY_DECL slab* slab::make(std::size_t bytes) {
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

VICEROY_DECL void slab::free(slab& s) noexcept {
  ::operator delete(s.memory, std::align_val_t(s.bytes));
  delete &s;
}

VICEROY_DECL void slab::leave(slab& s) noexcept {
  s.next = all_left.load(std::memory_order_relaxed);
  while (!all_left.compare_exchange_weak(s.next, &s, std::memory_order_release, std::memory_order_relaxed)) {
  }
}

}  // namespace viceroy
