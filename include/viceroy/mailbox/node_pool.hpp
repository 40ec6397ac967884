// node_pool: where a loop's message nodes come from: free lists, and the payload built in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/message_node.hpp"
#include "viceroy/mailbox/pool.hpp"

namespace viceroy {

// Makes nodes and takes their memory back. A plain node is one without flags: what nearly every message is.
// Threads: one. Cost: a load and a store, once warm.
class node_pool {
 public:
  template <class P>
  static constexpr std::size_t plain_bytes = sizeof(message_node) + sizeof(P);
  template <class P, std::size_t Room>
  static constexpr std::size_t call_bytes =
      sizeof(message_node) + sizeof(message_extra) + (sizeof(P) > Room ? sizeof(P) : Room);

  // Makes a node with a payload of type P, built in place. With `extra`, room for message_extra before it.
  template <class P, class... F>
  message_node& make(const message_ops& ops, bool extra, F&&... fields) {
    message_node& n = make_empty(ops, extra, sizeof(P));
    build<P>(&n, n.memory(), n.storage(), std::forward<F>(fields)...);
    return n;
  }
  // Makes one without its payload, which is to be built in its storage.
  message_node& make_empty(const message_ops& ops, bool extra) {
    return make_empty(ops, extra, ops.size_bytes);
  }
  // Makes a plain one in memory that was used before. Returns: null when there is none.
  template <class P, class... F>
  [[gnu::always_inline]] message_node* make_again(const message_way& way, std::uint32_t generation,
                                                  F&&... fields) {
    constexpr pool::size_class c = pool::class_of(plain_bytes<P>);
    auto* const n = static_cast<message_node*>(blocks_.take_used(c));
    if (n != nullptr) [[likely]] {
      build<P>(n, c, n + 1, std::forward<F>(fields)...);
      n->set_way(way);
      n->set_numbers(generation, message_node::granules_of(plain_bytes<P>), 0);
    }
    return n;
  }
  // The same for a call: with room for message_extra, and for `Room` bytes instead of the payload's if that
  // is less.
  template <class P, std::size_t Room, class... F>
  [[gnu::always_inline]] message_node* make_call_again(const message_way& way, std::uint32_t generation,
                                                       F&&... fields) {
    constexpr std::size_t bytes = call_bytes<P, Room>;
    constexpr pool::size_class c = pool::class_of(bytes);
    auto* const n = static_cast<message_node*>(blocks_.take_used(c));
    if (n != nullptr) [[likely]] {
      message_extra* const x = ::new (static_cast<void*>(n + 1)) message_extra;
      build<P>(n, c, x + 1, std::forward<F>(fields)...);
      n->set_way(way);
      n->set_numbers(generation, message_node::granules_of(bytes),
                     message_node::extended | message_node::asked_here);
    }
    return n;
  }
  // Takes the memory back of a node that make_call_again made, whose payload is gone.
  [[gnu::always_inline]] void release_call(message_node& n) noexcept {
    blocks_.give(static_cast<pool::size_class>(n.granules - 1), &n);
  }
  // Takes the memory of a plain node back, whose payload is gone already.
  void release_plain(message_node& n, pool::size_class c) noexcept { blocks_.give(c, &n); }
  // Nodes made until now stay where they are when this ends: a thread that is left behind is in a handler of
  // one.
  void leave_behind() noexcept { blocks_.leave_behind(); }

 protected:
  void settle() noexcept { blocks_.settle(); }
  void give_node(message_node& n) noexcept { blocks_.give(n.memory(), &n); }

 private:
  message_node& make_empty(const message_ops& ops, bool extra, std::size_t payload_bytes) {
    const std::size_t bytes = sizeof(message_node) + (extra ? sizeof(message_extra) : 0) + payload_bytes;
    auto* const n = static_cast<message_node*>(blocks_.take(pool::class_of(bytes), bytes));
    n->ops = &ops;
    n->granules = message_node::granules_of(bytes);
    n->flags = extra ? std::uint16_t{message_node::extended} : std::uint16_t{0};
    if (extra) ::new (&n->extra()) message_extra;
    return *n;
  }
  template <class P, class... F>
  [[gnu::always_inline]] void build(message_node* n, pool::size_class c, void* at, F&&... fields) {
    static_assert(alignof(P) <= 16,
                  "a message may be aligned to 16 bytes at most; hold such data by pointer in vr::bytes");
    if constexpr (__is_nothrow_constructible(P, F...)) {
      VICEROY_BUILDS_BEGIN
      ::new (at) P(std::forward<F>(fields)...);
      VICEROY_BUILDS_END
    } else {
      try {
        VICEROY_BUILDS_BEGIN
        ::new (at) P(std::forward<F>(fields)...);
        VICEROY_BUILDS_END
      } catch (...) {
        blocks_.give(c, n);
        throw;
      }
    }
  }

  pool blocks_;
};

}  // namespace viceroy
