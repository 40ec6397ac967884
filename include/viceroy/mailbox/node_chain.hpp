// node_chain: nodes that one loop has for another, and the list where that finds them: one atomic operation
// for a whole chain.
#pragma once

#include <atomic>
#include <cstdint>

#include "viceroy/mailbox/message_node.hpp"

namespace viceroy {

// Nodes that are put aside, newest first. Threads: one.
class node_chain {
 public:
  void add(message_node& n) noexcept {
    n.next = newest_;
    if (newest_ == nullptr) oldest_ = &n;
    newest_ = &n;
    ++size_;
  }
  std::uint32_t size() const noexcept { return size_; }
  message_node* newest() const noexcept { return newest_; }

 private:
  friend class node_list;
  message_node* newest_ = nullptr;
  message_node* oldest_ = nullptr;
  std::uint32_t size_ = 0;
};

// Turns nodes round that stand newest first. Returns: the oldest.
inline message_node* oldest_first(message_node* newest) noexcept {
  message_node* oldest = nullptr;
  while (newest != nullptr) {
    message_node* const next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  return oldest;
}

// Nodes from any thread, for one. Order: of each thread, as it put them here.
class alignas(64) node_list {
 public:
  // Empties a chain that is not empty. Returns: whether the list had nothing. Threads: any.
  bool push(node_chain& c) noexcept {
    message_node* before = all_.load(std::memory_order_relaxed);
    do {
      c.oldest_->next = before;
    } while (
        !all_.compare_exchange_weak(before, c.newest_, std::memory_order_seq_cst, std::memory_order_relaxed));
    c = node_chain();
    return before == nullptr;
  }
  bool empty(std::memory_order order = std::memory_order_relaxed) const noexcept {
    return all_.load(order) == nullptr;
  }
  // Returns: all, newest first. Threads: the one.
  message_node* take() noexcept { return all_.exchange(nullptr, std::memory_order_acquire); }

 private:
  std::atomic<message_node*> all_{nullptr};
};

}  // namespace viceroy
