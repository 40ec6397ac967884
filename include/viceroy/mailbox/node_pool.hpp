// node_pool: where a loop's message nodes come from: free lists, and the payload built in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

#include "viceroy/mailbox/message_node.hpp"
#include "viceroy/mailbox/pool.hpp"

namespace viceroy {

// Makes nodes and takes their memory back. A plain node is one without flags: what nearly every message is.
// Threads: one. Cost: a load and a store, once warm.
class node_pool {
 public:
  template <class P>
  static constexpr std::size_t plain_bytes = sizeof(message_node) + sizeof(P);

  // Makes a node with a payload of type P, built in place. With `extra`, room for message_extra before it.
  template <class P, class... F>
  message_node& make(const message_ops& ops, bool extra, F&&... fields) {
    const std::size_t offset = sizeof(message_node) + (extra ? sizeof(message_extra) : 0);
    const std::size_t bytes = offset + sizeof(P);
    const pool::size_class c = pool::class_of(bytes);
    auto* const n = static_cast<message_node*>(blocks_.take(c, bytes));
    fill<P>(n, c, offset, ops, extra ? std::uint16_t{message_node::extended} : std::uint16_t{0},
            std::forward<F>(fields)...);
    if (extra) ::new (&n->extra()) message_extra;
    return *n;
  }
  // Makes a plain one in memory that was used before. Returns: null when there is none.
  template <class P, class... F>
  [[gnu::always_inline]] message_node* make_again(const message_ops& ops, F&&... fields) {
    constexpr pool::size_class c = pool::class_of(plain_bytes<P>);
    auto* const n = static_cast<message_node*>(blocks_.take_used(c));
    if (n != nullptr) [[likely]]
      fill<P>(n, c, sizeof(message_node), ops, 0, std::forward<F>(fields)...);
    return n;
  }
  // Takes the memory of a plain node back, whose payload was a P and is gone already.
  template <class P>
  [[gnu::always_inline]] void release_plain(message_node& n) noexcept {
    blocks_.give(pool::class_of(plain_bytes<P>), &n);
  }

 protected:
  void give_node(message_node& n) noexcept { blocks_.give(n.memory(), &n); }

 private:
  template <class P, class... F>
  [[gnu::always_inline]] void fill(message_node* n, pool::size_class c, std::size_t offset,
                                   const message_ops& ops, std::uint16_t flags, F&&... fields) {
    static_assert(alignof(P) <= 16,
                  "a message may be aligned to 16 bytes at most; hold such data by pointer in vr::bytes");
    std::byte* const at = reinterpret_cast<std::byte*>(n) + offset;
    if constexpr (std::is_nothrow_constructible_v<P, F...>) {
      ::new (at) P(std::forward<F>(fields)...);
    } else {
      try {
        ::new (at) P(std::forward<F>(fields)...);
      } catch (...) {
        blocks_.give(c, n);
        throw;
      }
    }
    n->ops = &ops;
    n->granules = message_node::granules_of(offset + sizeof(P));
    n->flags = flags;
  }

  pool blocks_;
};

}  // namespace viceroy
