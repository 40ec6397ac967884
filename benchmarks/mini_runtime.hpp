// mini_runtime: the least that an actor runtime of one loop can do: the limit that benchmarks measure
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
// neither senders nor failures, and its actors never move or end.
class runtime {
 public:
  static constexpr std::size_t payload_bytes = 64;

  runtime() = default;
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;
  ~runtime() {
    while (node* const n = free_) {
      free_ = n->next;
      ::operator delete(n);
    }
  }

  template <class M>
  void send(void (*invoke)(void*, node&), void* to, M message) {
    static_assert(sizeof(M) <= payload_bytes);
    node* n = free_;
    if (n != nullptr) {
      free_ = n->next;
    } else {
      n = ::new (::operator new(sizeof(node) + payload_bytes)) node;
    }
    n->next = nullptr;
    n->invoke = invoke;
    n->to = to;
    ::new (static_cast<void*>(n + 1)) M(message);
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
  node* free_ = nullptr;
  node* head_ = nullptr;
  node** tail_ = &head_;
};

inline runtime loop;

}  // namespace mini
