// pool: free lists of small blocks by size, one loop's; a warm loop allocates nothing.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/page.hpp"

namespace viceroy {

// Blocks by size, each of which holds its place in a list itself: `Link` says where. What was given back last
// is taken first. Of a size of which there are many, what was given back returns to its page once a turn
// (settle), and is taken again page by page, of a page that is whole in the order of addresses: else a
// million blocks come back in another order than they were taken in, until each is a cache miss.
// Threads: one. Cost: a load and a store, once warm.
template <class Link>
class block_pool : public block_sizes {
 public:
  using block = typename Link::block;
  struct taken {
    void* at;
    bool used;  // it has been a block before
  };

  // Returns: a block aligned to 32.
  taken take(size_class c) {
    if (block* const used = take_used(c)) [[likely]]
      return {used, true};
    return refill(c);
  }
  // A block that has not been used before.
  taken take_fresh(size_class c) {
    page* p = now_[c];
    if (p != nullptr && p->used)
      while (p->handed_out != p->room) give(c, p->at(p->handed_out++));
    if (p == nullptr || p->handed_out == p->room) {
      if (p != nullptr && p->came_back != 0) available_[c].push_back(*p);
      p = &begin(c);
    }
    return {p->at(p->handed_out++), false};
  }
  // The same, of what was given back; null when none is at hand.
  [[gnu::always_inline]] block* take_used(size_class c) {
    block* const b = free_[c];
    if (b != nullptr) [[likely]]
      free_[c] = Link::next(*b);
    return b;
  }
  [[gnu::always_inline]] void give(size_class c, void* memory) noexcept {
    free_[c] = Link::chain(memory, free_[c]);
  }

  // Brings back to its page what was given, where there is much. To be called once a turn.
  [[gnu::always_inline]] void settle() noexcept {
    if (crowded_ != 0) [[unlikely]]
      settle_crowded();
  }
  // What its pages hold stays for ever.
  void leave_behind() noexcept { pages_.leave_behind(); }

 private:
  static constexpr std::uint32_t few_pages = 16;  // of a size: half of a second level cache
  static constexpr std::uint32_t batch_bytes = 4096, batch_blocks = 32;

  static constexpr std::uint64_t bit(size_class c) { return std::uint64_t{1} << c; }

  [[gnu::noinline]] taken refill(size_class c) {
    page* p = now_[c];
    if (p == nullptr || !p->has_any()) {
      p = available_[c].first();
      if (p != nullptr) {
        available_[c].remove(*p);
        now_[c] = p;
      } else {
        p = &begin(c);
      }
    }
    if (p->is_whole()) p->start_over();
    return p->back != nullptr ? take_back(*p) : hand_out(*p);
  }
  page& begin(size_class c) {
    page* p = nullptr;
    if constexpr (Link::any_size) p = take_over(c);
    if (p == nullptr) p = ::new (pages_.take()) page(c);
    if (++count_[c] > few_pages) crowded_ |= bit(c);
    return *(now_[c] = p);
  }
  // A page for that size which is whole again of another one, that of which it became so last: it is in the
  // caches, and new memory is what many blocks cost most. Returns: null when there is none.
  page* take_over(size_class c) {
    for (std::uint64_t left = crowded_; left != 0; left &= left - 1) {
      const auto other = static_cast<size_class>(std::countr_zero(left));
      page* const p = available_[other].first();
      if (p == nullptr || !p->is_whole()) continue;
      available_[other].remove(*p);
      if (--count_[other] == few_pages) crowded_ &= ~bit(other);
      ::new (p) page(c);
      p->used = true;
      return p;
    }
    return nullptr;
  }
  // Some blocks of a page that came back, the first of them taken.
  taken take_back(page& p) {
    auto* const first = static_cast<block*>(p.back);
    block* last = first;
    std::uint32_t count = 1;
    while (count != batch_blocks && Link::next(*last) != nullptr) {
      last = Link::next(*last);
      ++count;
    }
    p.back = Link::next(*last);
    p.came_back -= count;
    Link::chain(last, nullptr);
    free_[p.size] = Link::next(*first);
    return {first, true};
  }
  // Some blocks in the order of their addresses, the first of them taken.
  taken hand_out(page& p) {
    std::byte* const first = p.at(p.handed_out++);
    if (p.used || Link::may_be_new) {
      const auto more = static_cast<std::uint32_t>(batch_bytes / bytes_of(p.size)) - 1;
      const std::uint32_t end = p.room - p.handed_out > more ? p.handed_out + more : p.room;
      if (p.used) prefetch(p, first, p.at(end));
      block* next = nullptr;
      for (std::uint32_t i = end; i != p.handed_out; --i) next = Link::chain(p.at(i - 1), next);
      free_[p.size] = next;
      p.handed_out = end;
    }
    return {first, p.used};
  }
  // What is handed out next has not been touched for long.
  static void prefetch(const page& p, const std::byte* from, const std::byte* to) {
    const std::byte* const end = reinterpret_cast<const std::byte*>(&p) + page::bytes;
    if (p.handed_out != 1) from = to;
    for (to = end - to > batch_bytes ? to + batch_bytes : end; from < to; from += 64)
      __builtin_prefetch(from, 1);
  }
  [[gnu::noinline]] void settle_crowded() noexcept {
    for (std::uint64_t left = crowded_; left != 0; left &= left - 1) {
      block* b = viceroy::taken(free_[static_cast<std::size_t>(std::countr_zero(left))], nullptr);
      while (b != nullptr) {
        block* const next = Link::next(*b);
        come_back(page::of(b), b);
        b = next;
      }
    }
  }
  void come_back(page& p, block* b) noexcept {
    p.back = Link::chain(b, static_cast<block*>(p.back));
    ++p.came_back;
    if (&p == now_[p.size]) return;
    page_list& list = available_[p.size];
    if (p.came_back == 1) {
      list.push_back(p);  // until it is used, most of it is back
    } else if (p.is_whole()) {
      list.remove(p);
      list.push_front(p);
    }
  }

  std::array<block*, heap> free_{};
  std::uint64_t crowded_ = 0;  // sizes with more than a few pages
  std::array<page*, heap> now_{};
  std::array<page_list, heap> available_{};  // whole ones first; no page of `now_`
  std::array<std::uint32_t, heap> count_{};
  page_source pages_;
};

// The place of a block in a list, in memory that is nothing else meanwhile.
struct plain_link {
  struct block {
    block* next;
  };
  static constexpr bool any_size = true;    // what has been a block of one size may be of another
  static constexpr bool may_be_new = true;  // what has been nothing yet may stand in a list
  static block* next(const block& b) { return b.next; }
  static block* chain(void* memory, block* next) noexcept { return ::new (memory) block{next}; }
};

// Blocks of up to `largest` bytes from pages; larger ones from the heap. Returns: memory aligned to 16.
class pool : private block_pool<plain_link> {
 public:
  using block_sizes::class_of, block_sizes::granule, block_sizes::heap, block_sizes::largest,
      block_sizes::size_class, block_pool::leave_behind, block_pool::settle;

  void* take(size_class c, std::size_t bytes) {
    if (c == heap) [[unlikely]]
      return ::operator new(bytes);
    return block_pool::take(c).at;
  }
  // The same, of what was given back; null when there is none, and for what comes from the heap.
  [[gnu::always_inline]] void* take_used(size_class c) {
    return c == heap ? nullptr : block_pool::take_used(c);
  }
  [[gnu::always_inline]] void give(size_class c, void* memory) noexcept {
    if (c == heap) [[unlikely]] {
      ::operator delete(memory);
      return;
    }
    block_pool::give(c, memory);
  }
};

}  // namespace viceroy
