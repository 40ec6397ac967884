// raw_queue: the least that handing messages from thread to thread can do: a lock-free queue for many
// senders.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace raw {

class loop;

// As many bytes as a message of Viceroy's between loops takes, with a number in it.
struct alignas(64) node {
  node* next;
  void (*invoke)(void* to, std::uint64_t number);
  void* to;
  loop* owner;
  std::uint64_t number;
  std::array<std::uint64_t, 11> rest;
};
static_assert(sizeof(node) == 128);

// What one thread sends, and what it is sent: each message is pushed on the receiver's list by one atomic
// exchange, all that came are taken by another, and nodes go back to their owner in chains. It bounds nothing
// and looks nothing up.
class loop {
 public:
  loop() = default;
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  // Threads: the owner's, as for add, send_added and run.
  void send(loop& other, void (*invoke)(void*, std::uint64_t), void* to, std::uint64_t number) {
    node* const n = make(invoke, to, number);
    push(other.inbox_, n, n);
  }
  // Puts a message aside, and hands over all that were put aside at once.
  void add(void (*invoke)(void*, std::uint64_t), void* to, std::uint64_t number) {
    node* const n = make(invoke, to, number);
    n->next = newest_;
    newest_ = n;
    if (oldest_ == nullptr) oldest_ = n;
  }
  void send_added(loop& other) {
    if (newest_ != nullptr) push(other.inbox_, newest_, oldest_);
    newest_ = oldest_ = nullptr;
  }

  // Handles what has come, oldest first. Returns: how many.
  std::size_t run() {
    if (inbox_.load(std::memory_order_relaxed) == nullptr) return 0;
    node* newest = inbox_.exchange(nullptr, std::memory_order_acquire);
    node* oldest = nullptr;
    while (newest != nullptr) {
      node* const before = newest->next;
      newest->next = oldest;
      oldest = newest;
      newest = before;
    }
    std::size_t handled = 0;
    while (oldest != nullptr) {  // a chain for each owner in a row
      loop& owner = *oldest->owner;
      node* const first = oldest;
      node* last = nullptr;
      for (; oldest != nullptr && oldest->owner == &owner; oldest = oldest->next, ++handled) {
        oldest->invoke(oldest->to, oldest->number);
        last = oldest;
      }
      push(owner.returned_, first, last);
    }
    return handled;
  }

 private:
  static constexpr std::size_t chunk = 512;

  static void push(std::atomic<node*>& list, node* first, node* last) {
    node* head = list.load(std::memory_order_relaxed);
    do {
      last->next = head;
    } while (!list.compare_exchange_weak(head, first, std::memory_order_release, std::memory_order_relaxed));
  }
  node* make(void (*invoke)(void*, std::uint64_t), void* to, std::uint64_t number) {
    if (free_ == nullptr) [[unlikely]]
      refill();
    node* const n = free_;
    free_ = n->next;
    n->invoke = invoke;
    n->to = to;
    n->owner = this;
    n->number = number;
    return n;
  }
  [[gnu::noinline]] void refill() {
    free_ = returned_.exchange(nullptr, std::memory_order_acquire);
    if (free_ != nullptr) return;
    chunks_.push_back(std::make_unique<node[]>(chunk));
    for (std::size_t i = 0; i != chunk; ++i)
      chunks_.back()[i].next = i + 1 != chunk ? &chunks_.back()[i + 1] : nullptr;
    free_ = chunks_.back().get();
  }

  node* free_ = nullptr;
  node* newest_ = nullptr;
  node* oldest_ = nullptr;
  std::vector<std::unique_ptr<node[]>> chunks_;
  alignas(64) std::atomic<node*> inbox_{nullptr};     // newest first
  alignas(64) std::atomic<node*> returned_{nullptr};  // by who has handled them
};

}  // namespace raw
