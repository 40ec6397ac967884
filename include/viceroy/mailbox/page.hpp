// page: 32 KiB of blocks of one size, found by the address of any of them; and where pages come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/slab.hpp"

namespace viceroy {

// The sizes that blocks come in.
struct block_sizes {
  static constexpr std::size_t granule = 32, largest = 2048;
  using size_class = std::uint8_t;
  static constexpr size_class heap = largest / granule;  // what is larger than the largest

  static constexpr size_class class_of(std::size_t bytes) {
    return bytes > largest ? heap : static_cast<size_class>((bytes + granule - 1) / granule - 1);
  }
  static constexpr std::size_t bytes_of(size_class c) { return (std::size_t{c} + 1) * granule; }
};

// What stands at a page's beginning; the blocks fill the rest. Threads: one.
struct alignas(64) page {
  static constexpr std::size_t bytes = 32u << 10;

  explicit page(block_sizes::size_class c)
      : size(c), room(static_cast<std::uint32_t>((bytes - sizeof(page)) / block_sizes::bytes_of(c))) {}

  static page& of(const void* block) {
    return *reinterpret_cast<page*>(reinterpret_cast<std::uintptr_t>(block) & ~std::uintptr_t{bytes - 1});
  }
  std::byte* at(std::uint32_t block) {
    return reinterpret_cast<std::byte*>(this + 1) + block * block_sizes::bytes_of(size);
  }
  bool has_any() const { return back != nullptr || handed_out != room; }
  bool is_whole() const { return came_back == room; }
  void start_over() {
    back = nullptr;
    came_back = handed_out = 0;
    used = true;
  }

  page* next = nullptr;  // in the list that it stands in
  page* previous = nullptr;
  void* back = nullptr;          // blocks that came back, the last one first
  std::uint32_t came_back = 0;   // how many those are
  std::uint32_t handed_out = 0;  // the first so many blocks, in the order of their addresses
  block_sizes::size_class size;
  bool used = false;  // its blocks have been something before
  std::uint32_t room;
};

// Pages that stand in line.
class page_list {
 public:
  page* first() const { return first_; }
  void push_front(page& p) {
    p.previous = nullptr;
    p.next = first_;
    (first_ ? first_->previous : last_) = &p;
    first_ = &p;
  }
  void push_back(page& p) {
    p.next = nullptr;
    p.previous = last_;
    (last_ ? last_->next : first_) = &p;
    last_ = &p;
  }
  void remove(page& p) {
    (p.previous ? p.previous->next : first_) = p.next;
    (p.next ? p.next->previous : last_) = p.previous;
  }

 private:
  page* first_ = nullptr;
  page* last_ = nullptr;
};

// Memory for pages, which lives until this ends. It comes in small slabs until those add up to a huge page,
// and as huge pages from then on: a million new actors would wait longer for the first touch of small ones
// than for everything else.
class page_source {
 public:
  static constexpr std::size_t slab_bytes = page::bytes, huge_bytes = slab::huge_bytes;

  page_source() = default;
  page_source(const page_source&) = delete;
  page_source& operator=(const page_source&) = delete;
  ~page_source() {
    while (slab* const last = slabs_) {
      slabs_ = last->next;
      slab::free(*last);
    }
  }

  // Leaves all its memory where it is, for ever.
  void leave_behind() noexcept {
    while (slab* const last = slabs_) {
      slabs_ = last->next;
      slab::leave(*last);
    }
  }

  // Returns: a page's memory, aligned to its size.
  void* take() {
    if (left_ == 0) grow();
    left_ -= page::bytes;
    return taken(next_, next_ + page::bytes);
  }

 private:
  void grow() {
    slab* const made = slab::make(in_slabs_ >= huge_bytes ? huge_bytes : slab_bytes);
    made->next = taken(slabs_, made);
    in_slabs_ += made->bytes;
    next_ = static_cast<std::byte*>(made->memory);
    left_ = made->bytes;
  }

  slab* slabs_ = nullptr;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0, in_slabs_ = 0;
};

}  // namespace viceroy
