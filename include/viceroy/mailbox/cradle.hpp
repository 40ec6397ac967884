// cradle: the actors of a loop that have messages and have not had a turn yet, and which of them is next.
#pragma once

#include <cstddef>
#include <utility>

#include "viceroy/base/fifo.hpp"

namespace viceroy {

class mailbox;

// Order: depth first. What came since the last one was taken goes before what was there, and is taken in the
// order in which it came: a tree of actors is grown branch by branch, so that of a large one little is there
// at once (as deep as it is, but for those that were taken as the oldest), and children of one parent begin
// in the order in which it spoke to them. (Cilk's rule, and that of CAF's workers, except that siblings are
// not turned round.)
class cradle {
 public:
  bool empty() const noexcept { return waiting_.empty(); }

  // Errors: std::bad_alloc; then it is not added.
  void add(mailbox& newborn) { waiting_.push(&newborn); }

  // Takes out the next one; there is one. Cost: constant, spread over all.
  mailbox& take_next() {
    for (std::size_t from = turned_, to = waiting_.size() - 1; from < to; ++from, --to)
      std::swap(waiting_[from], waiting_[to]);
    turned_ = waiting_.size() - 1;
    return *waiting_.pop_last();
  }
  // The same with one of those that have waited longest, so that in the end each has its turn.
  mailbox& take_oldest() {
    if (turned_ != 0) --turned_;
    return *waiting_.pop();
  }

 private:
  fifo<mailbox*> waiting_;
  std::size_t turned_ = 0;  // so many, counted from the first, stand in the reverse of their order
};

}  // namespace viceroy
