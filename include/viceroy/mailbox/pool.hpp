// pool: free lists of small blocks by size, one loop's; a warm loop allocates nothing.
#pragma once

#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace viceroy {

// Blocks of up to `largest` bytes come from slabs and go back to the list of their size; larger ones from the
// heap. Threads: one. Cost: a load and a store, once warm. The slabs live until the pool ends. They are small
// until they add up to a huge page, and huge pages from then on: a million new actors would wait longer for
// the first touch of small ones than for everything else.
class pool {
 public:
  static constexpr std::size_t granule = 32, largest = 2048, slab_bytes = 64u << 10, huge_bytes = 2u << 20;
  using size_class = std::uint8_t;
  static constexpr size_class heap = largest / granule;

  static constexpr size_class class_of(std::size_t bytes) {
    return bytes > largest ? heap : static_cast<size_class>((bytes + granule - 1) / granule - 1);
  }

  pool() = default;
  ~pool() {
    while (slabs_ != nullptr) {
      slab* const last = slabs_;
      slabs_ = last->before;
      ::operator delete(last, alignment_of(last->bytes));
    }
  }
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  // Returns: `bytes` of memory aligned to 16 (of a slab, to 32).
  void* take(size_class c, std::size_t bytes) {
    if (c == heap) [[unlikely]]
      return ::operator new(bytes);
    if (void* const used = take_used(c)) [[likely]]
      return used;
    return carve(c);
  }
  // The same, of what was given back; null when there is none, and for what comes from the heap.
  [[gnu::always_inline]] void* take_used(size_class c) {
    if (c == heap) return nullptr;
    block* const b = free_[c];
    if (b != nullptr) [[likely]]
      free_[c] = b->next;
    return b;
  }
  [[gnu::always_inline]] void give(size_class c, void* memory) noexcept {
    if (c == heap) [[unlikely]] {
      ::operator delete(memory);
      return;
    }
    free_[c] = ::new (memory) block{free_[c]};
  }

 private:
  struct block {
    block* next;
  };
  struct alignas(granule) slab {  // at its beginning
    slab* before;
    std::size_t bytes;
  };

  static std::align_val_t alignment_of(std::size_t slab) {
    return std::align_val_t(slab == huge_bytes ? huge_bytes : granule);
  }

  void* carve(size_class c) {
    const std::size_t bytes = (std::size_t{c} + 1) * granule;
    if (left_ < bytes) grow();
    void* const memory = next_;
    next_ += bytes;
    left_ -= bytes;
    return memory;
  }
  void grow() {
    const std::size_t bytes = in_slabs_ < huge_bytes ? slab_bytes : huge_bytes;
    void* const memory = ::operator new(bytes, alignment_of(bytes));
    if (bytes == huge_bytes) ::madvise(memory, bytes, MADV_HUGEPAGE);  // without any, small pages do as well
    slabs_ = ::new (memory) slab{slabs_, bytes};
    in_slabs_ += bytes;
    next_ = reinterpret_cast<std::byte*>(slabs_ + 1);
    left_ = bytes - sizeof(slab);
  }

  std::array<block*, heap> free_{};
  std::byte* next_ = nullptr;
  std::size_t left_ = 0, in_slabs_ = 0;
  slab* slabs_ = nullptr;
};

}  // namespace viceroy
