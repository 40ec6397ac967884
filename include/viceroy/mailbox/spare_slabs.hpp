// spare_slabs: how slabs are made, kept, and given back. Compiled once on request.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

#include "viceroy/base/config.hpp"
#include "viceroy/base/flag_lock.hpp"
#include "viceroy/mailbox/spare_memory.hpp"

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

VICEROY_DECL slab* spare_memory::take() noexcept {
  const flag_lock here(guard_);
  slab* const s = first_;
  if (s != nullptr) {
    first_ = s->next;
    bytes_ -= s->bytes;
  }
  return s;
}

VICEROY_DECL void spare_memory::give(slab& s) noexcept {
  if (s.bytes != slab::huge_bytes || !reserve(s.bytes)) return slab::free(s);
  const bool lent = ::madvise(s.memory, s.bytes, MADV_FREE) == 0;
  {
    const flag_lock here(guard_);
    if (lent) {
      s.next = first_;
      first_ = &s;
      return;
    }
    bytes_ -= s.bytes;
  }
  slab::free(s);
}

VICEROY_DECL void spare_memory::keep(slab& s) noexcept {
  const flag_lock here(guard_);
  s.next = kept_;
  kept_ = &s;
}

VICEROY_DECL void spare_memory::release() noexcept {
  while (slab* const s = take()) slab::free(*s);
}

VICEROY_DECL std::size_t spare_memory::bytes() noexcept {
  const flag_lock here(guard_);
  return bytes_;
}

VICEROY_DECL bool spare_memory::reserve(std::size_t bytes) noexcept {
  const flag_lock here(guard_);
  if (bytes_ + bytes > most_bytes) return false;
  bytes_ += bytes;
  return true;
}

}  // namespace viceroy
