// in_flight: the messages that are on their way, and every order in which they may legally arrive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "viceroy/mailbox/delivery.hpp"
#include "viceroy/testing/whom.hpp"

namespace viceroy::testing {

// Holds what a run queue held. Order: what one sender sent to one receiver arrives as it was sent; between
// senders, or receivers, any order is legal. What concerns an actor's own life (its start, its end) is not
// passed by what was sent to it later; the end of a drain also waits for all that was sent to it before.
class in_flight {
 public:
  // `in_order`: whether oldest() will be asked.
  in_flight(run_queue& q, bool in_order) : queue_(&q), in_order_(in_order) {}
  in_flight(const in_flight&) = delete;
  in_flight& operator=(const in_flight&) = delete;
  // What never arrived goes back to the queue, which discards it.
  ~in_flight() {
    for (line& l : lines_)
      while (!l.empty()) queue_->push(*l.pop().node);
  }

  // Takes over what waits in the queue.
  void take_over() {
    for (message_node* n = queue_->take_all(); n != nullptr;) {
      message_node* const next = n->next;
      add(*n);
      n = next;
    }
  }
  std::size_t size() const { return size_; }

  // Returns: what was sent first of all; taken out. Null when nothing is there.
  message_node* oldest() {
    while (!order_.empty()) {
      const auto [where, position] = order_.front();
      order_.pop_front();
      if (!where->empty() && where->first().position == position) return take(*where);
    }
    return nullptr;
  }
  // Returns: one of those that may arrive next, taken out; a number of the caller's decides which.
  message_node* any(std::uint64_t dice) {
    for (std::size_t i = 0; i < active_.size(); ++i) {
      line& l = *active_[(dice + i) % active_.size()];
      if (may_arrive(l)) return take(l);
    }
    return nullptr;
  }
  // How many lines have something to choose from; some may have to wait.
  std::size_t choices() const { return active_.size(); }

  // Returns: the first message of a line that fits; null if none does. It stays where it is.
  template <class Fits>
  message_node* find(Fits fits) {
    for (line* const l : active_)
      if (!l->is_life && fits(*l->first().node)) return l->first().node;
    return nullptr;
  }
  // The same, of all messages of all lines.
  template <class Fits>
  message_node* find_anywhere(Fits fits) {
    for (line* const l : active_)
      for (std::size_t i = l->head; i < l->items.size(); ++i)
        if (!l->is_life && fits(*l->items[i].node)) return l->items[i].node;
    return nullptr;
  }
  // Takes out a message that find() gave, or what of its receiver's life has to be done before it. Null when
  // it has to wait for other messages.
  message_node* take_or_before(const message_node& n) {
    const desk& d = desk_of(*n.to);
    line& l = *d.from.at(n.from);
    if (may_arrive(l)) return take(l);
    return may_arrive(*d.life) ? take(*d.life) : nullptr;
  }

  // Returns: "on its way: add from a to b (first of 2)", of the first few lines.
  std::string text() const {
    std::string all;
    std::size_t shown = 0;
    for (const line* const l : active_) {
      if (shown++ == 8) return all + "; and more";
      const message_node& n = *l->first().node;
      all += (all.empty() ? "on its way: " : "; ") + std::string(n.ops->name);
      if (!n.from.empty()) all += " from " + n.from.text();
      all += " to " + receiver_of(n).text();
      if (const auto left = l->items.size() - l->head; left > 1)
        all += " (first of " + std::to_string(left) + ")";
    }
    return all.empty() ? "nothing is on its way" : all;
  }

 private:
  struct item {
    message_node* node;
    std::uint64_t position;  // in the order of sending
  };
  struct desk;
  struct line {
    desk* at = nullptr;
    bool is_life = false;
    std::vector<item> items;
    std::size_t head = 0;
    std::size_t active = 0;  // its place there

    bool empty() const { return head == items.size(); }
    const item& first() const { return items[head]; }
    item pop() {
      const item i = items[head++];
      if (empty()) {
        items.clear();
        head = 0;
      }
      return i;
    }
  };
  // All that goes to one mailbox.
  struct desk {
    line* life = nullptr;
    std::unordered_map<actor_id, line*> from;
  };

  line& open_line(desk& at, bool is_life) {
    line& l = lines_.emplace_back();
    l.at = &at;
    l.is_life = is_life;
    return l;
  }
  desk& desk_of(mailbox& to) {
    desk& d = desks_[&to];
    if (!d.life) d.life = &open_line(d, true);
    return d;
  }
  void add(message_node& n) {
    desk& d = desk_of(*n.to);
    line*& from = n.is(message_node::signal) ? d.life : d.from[n.from];
    if (!from) from = &open_line(d, false);
    line* const l = from;
    if (l->empty()) {
      l->active = active_.size();
      active_.push_back(l);
    }
    l->items.push_back({&n, ++last_});
    if (in_order_) order_.emplace_back(l, last_);
    ++size_;
  }
  message_node* take(line& l) {
    message_node* const n = l.pop().node;
    if (l.empty()) {
      active_[l.active] = active_.back();
      active_[l.active]->active = l.active;
      active_.pop_back();
    }
    --size_;
    return n;
  }
  static bool may_arrive(const line& l) {
    if (l.empty()) return false;
    const std::uint64_t position = l.first().position;
    if (!l.is_life) return l.at->life->empty() || l.at->life->first().position > position;
    if (l.first().node->is(message_node::urgent)) return true;
    for (const auto& [who, other] : l.at->from)
      if (!other->empty() && other->first().position < position) return false;
    return true;
  }

  run_queue* queue_;
  bool in_order_;
  std::deque<line> lines_;
  std::unordered_map<mailbox*, desk> desks_;
  std::vector<line*> active_;  // those with something in them
  std::deque<std::pair<line*, std::uint64_t>> order_;
  std::uint64_t last_ = 0;
  std::size_t size_ = 0;
};

}  // namespace viceroy::testing
