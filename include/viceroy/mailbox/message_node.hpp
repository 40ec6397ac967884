// message_node: one message in a loop's queue: where it goes, who sent it, and its typed payload behind it.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

#include "viceroy/id/actor_id.hpp"
#include "viceroy/mailbox/pool.hpp"
#include "viceroy/space/shape.hpp"
#include "viceroy/wire/envelope.hpp"
#include "viceroy/wire/payload.hpp"

namespace viceroy {

class mailbox;
class run_queue;
struct message_node;

// Handles a node in its receiver and consumes it: the one indirect call of a message.
using invoke_function = void (*)(mailbox&, message_node&);

// What a message carries beyond its sender, when it is more than a plain send.
struct message_extra {
  std::uint64_t port = 0;   // ephemeral port of the receiver; 0: its handler
  std::uint64_t reply = 0;  // port of the sender that waits for the answer
  viceroy::shape shape;     // with `rank`: where the receiver stands in the mesh that was cast to
  std::uint64_t index = 0;  // of the receiver, until its own loop has looked it up
  union {
    run_queue* owner = nullptr;  // whose pool the node goes back to, when it was made on another loop
    invoke_function answer;      // of a call from this loop: what takes the answer
    std::uint32_t beside;        // of one that is `heavy`: granules beyond its node's
  };
  std::uint32_t rank = 0;
  std::uint32_t tag = 0;  // lower half of the actor type that the sender of a foreign node meant; 0: any
};

// What a message is and what handles it: a table's worth of constants, copied at once.
struct message_way {
  const message_ops* ops;
  invoke_function invoke;
};
// The small numbers of a message, which are written as one.
struct message_numbers {
  std::uint32_t generation;  // of the receiver's slot when this was sent
  std::uint16_t granules;    // of the pool: what it takes
  std::uint16_t flags;
};

// The header is one cache line; the payload (or message_extra and then the payload) stands behind it. Its
// base classes are what a send writes in one store each: stores are what a message's speed is bound by.
struct alignas(16) message_node : message_way, message_numbers {
  enum flag : std::uint16_t {
    extended = 1,      // a message_extra follows the header
    shared = 2,        // the payload is a pointer to one that a cast's receivers share
    urgent = 4,        // does not wait while its receiver is suspended in a handler
    failure = 8,       // the payload is a `failure`
    is_cast = 16,      // rank and shape are set
    foreign = 32,      // made on another loop
    counted = 128,     // against the bound of a bounded mailbox
    asked_here = 256,  // a call from this loop: the answer goes back in this node, which has room for it
    traced = 512,      // each hop is noted; its trace stands in extra().index once it has arrived
    signal = 64,       // for the receiver's life, not its handlers: reaches one that is closed, too
    heavy = 2048,      // it came from another process with more than the node holds; that counts, too
    last = 1024,       // its handler has stopped its actor, which ends when this has been handled
  };

  message_node* next;  // set while another one stands behind it
  mailbox* to;
  actor_id from;

  [[gnu::always_inline]] void set_way(const message_way& w) {
    const message_way* whole = &w;
    asm("" : "+r"(whole));  // two constants would be written one by one
    static_cast<message_way&>(*this) = *whole;
  }
  [[gnu::always_inline]] void set_numbers(std::uint32_t generation_of_receiver, std::uint16_t size,
                                          std::uint16_t flag_bits) {
    static_cast<message_numbers&>(*this) = std::bit_cast<message_numbers>(
        std::bit_cast<std::uint64_t>(message_numbers{0, size, flag_bits}) |
        std::bit_cast<std::uint64_t>(message_numbers{generation_of_receiver, 0, 0}));
  }

  // What the receiver's key is while it exists and takes messages.
  std::uint64_t key() const { return generation; }
  // What the message counts for in bounds: the block it stands in; of one beyond 2 MiB, 2 MiB.
  std::size_t memory_bytes() const { return std::size_t{granules} * pool::granule; }
  static constexpr std::uint16_t granules_of(std::size_t bytes) {
    const std::size_t all = (bytes + pool::granule - 1) / pool::granule;
    return static_cast<std::uint16_t>(all < 0xffff ? all : 0xffff);
  }
  pool::size_class memory() const { return pool::class_of(memory_bytes()); }

  bool is(flag f) const { return (flags & f) != 0; }
  message_extra& extra() { return *reinterpret_cast<message_extra*>(this + 1); }
  const message_extra& extra() const { return *reinterpret_cast<const message_extra*>(this + 1); }
  std::uint64_t reply() const { return is(extended) ? extra().reply : 0; }
  void* storage() {
    return reinterpret_cast<std::byte*>(this + 1) + (is(extended) ? sizeof(message_extra) : 0);
  }
  void* payload() { return is(shared) ? *static_cast<void**>(storage()) : storage(); }
};
static_assert(sizeof(message_node) == 64);

// What stands before a payload that all in-process receivers of a cast share: how many of them have not
// handled it yet. Of no type: what a type adds stands in its tables.
struct alignas(16) shared_payload {
  const message_ops* ops;               // of the payload
  const message_ops* ops_of_reference;  // of a node that refers to it
  std::atomic<std::uint32_t> users{1};  // receivers may live on several loops
  void (*const copy)();                 // an M (*)(const M&): see copy_of_shared

  shared_payload(const message_ops& payload, const message_ops& reference, void (*copier)()) noexcept
      : ops(&payload), ops_of_reference(&reference), copy(copier) {}
  void* value() noexcept { return this + 1; }
  void drop() noexcept {
    if (users.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    ops->destroy(value());
    ::operator delete(this);
  }
};

// A share of it. What a node holds: first the address that message_node::payload reads.
class shared_reference {
 public:
  explicit shared_reference(shared_payload& p) noexcept : value_(p.value()), payload_(&p) {
    p.users.fetch_add(1, std::memory_order_relaxed);
  }
  shared_reference(const shared_reference&) = delete;
  shared_reference& operator=(const shared_reference&) = delete;
  ~shared_reference() { payload_->drop(); }

 private:
  void* value_;
  shared_payload* payload_;
};

}  // namespace viceroy
