// mini_runtime: the least that an actor runtime of one loop can do: the limits that benchmarks measure
// against.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

namespace mini {

// As many bytes as a message of Viceroy's has before its payload.
struct alignas(16) node {
  node* next;
  void (*invoke)(void* actor, node&);
  void* to;
  std::array<std::uint64_t, 5> rest;

  template <class M>
  M& payload() {
    return *reinterpret_cast<M*>(this + 1);
  }
};
static_assert(sizeof(node) == 64);

// A queue of free-listed nodes and one indirect call for each. It checks nothing, bounds nothing, knows
// neither senders nor failures, and its actors never move or end. Messages of up to PayloadBytes; a node
// takes as much memory as one of Viceroy's, which come in steps of 32 bytes.
template <std::size_t PayloadBytes>
class runtime {
 public:
  using message = node;

  runtime() = default;
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;
  ~runtime() {
    while (chunk* const c = chunks_) {
      chunks_ = c->before;
      delete c;
    }
  }

  template <class M>
  void send(void (*invoke)(void*, node&), void* to, const M& content) {
    static_assert(sizeof(M) <= PayloadBytes && alignof(M) <= 16);
    node* n = free_;
    if (n == nullptr) [[unlikely]]
      n = carve();
    free_ = n->next;
    n->next = nullptr;
    n->invoke = invoke;
    n->to = to;
    ::new (static_cast<void*>(n + 1)) M(content);
    *tail_ = n;
    tail_ = &n->next;
  }

  // Handles messages until none is left.
  void run() {
    while (node* const n = head_) {
      head_ = n->next;
      if (head_ == nullptr) tail_ = &head_;
      n->invoke(n->to, *n);
      n->next = free_;
      free_ = n;
    }
  }

 private:
  struct alignas(32) block {
    node header;
    std::array<std::byte, PayloadBytes> payload;
  };
  struct chunk {
    std::array<block, (64u << 10) / sizeof(block)> blocks;
    chunk* before;
  };
  // Returns: the first node of a new chunk, the others behind it.
  [[gnu::noinline]] node* carve() {
    auto* const c = new chunk;
    c->before = chunks_;
    chunks_ = c;
    for (std::size_t i = 0; i != c->blocks.size(); ++i)
      c->blocks[i].header.next = i + 1 != c->blocks.size() ? &c->blocks[i + 1].header : nullptr;
    return &c->blocks[0].header;
  }

  chunk* chunks_ = nullptr;
  node* free_ = nullptr;
  node* head_ = nullptr;
  node** tail_ = &head_;
};

// Less still: no memory to manage, but slots in a circle, and one indirect call for each. It loses what is
// more than the slots.
class bare_ring {
 public:
  struct alignas(64) message {
    void (*invoke)(void* actor, message&);
    void* to;
    alignas(16) std::array<std::byte, 48> content;

    template <class M>
    M& payload() {
      return *std::launder(reinterpret_cast<M*>(content.data()));
    }
  };

  template <class M>
  void send(void (*invoke)(void*, message&), void* to, const M& content) {
    static_assert(sizeof(M) <= sizeof(message::content) && alignof(M) <= 16);
    message& m = slots_[end_++ % slots_.size()];
    m.invoke = invoke;
    m.to = to;
    ::new (static_cast<void*>(m.content.data())) M(content);
  }
  void run() {
    for (; begin_ != end_; ++begin_) {
      message& m = slots_[begin_ % slots_.size()];
      m.invoke(m.to, m);
    }
  }

 private:
  std::array<message, 512> slots_;
  std::uint64_t begin_ = 0, end_ = 0;
};

// The one of each kind that a program has.
template <class Loop>
inline Loop loop;

// An actor with its state, in as much memory as Viceroy takes for one of the same.
template <class State, std::size_t Bytes>
struct actor : State {
  static_assert(sizeof(State) < Bytes);
  std::array<std::byte, Bytes - sizeof(State)> rest;
};

// As many bytes as the address of an actor of Viceroy's.
template <class Actor>
struct ref {
  Actor* to;
  std::array<std::uint64_t, 2> rest;
};

}  // namespace mini
