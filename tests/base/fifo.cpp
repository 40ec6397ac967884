#include "viceroy/base/fifo.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>

namespace vr = viceroy;

namespace {

// Copies throw while `left` is zero; it does not move.
struct fragile {
  explicit fragile(int n) : number(n) { ++living; }
  fragile(const fragile& other) : number(other.number) {
    if (left == 0) throw std::runtime_error("no more copies");
    --left;
    ++living;
  }
  ~fragile() { --living; }

  int number;
  static inline int left = 1000;
  static inline int living = 0;
};

}  // namespace

TEST_CASE("what is pushed first is popped first, however full it is") {
  vr::fifo<std::unique_ptr<int>> queue;
  CHECK(queue.empty());
  int pushed = 0, popped = 0;
  bool in_order = true;
  for (int round = 1; round != 20; ++round) {
    for (int i = 0; i != 2 * round; ++i) queue.push(std::make_unique<int>(pushed++));
    for (int i = 0; i != round; ++i) in_order = in_order && *queue.pop() == popped++;
    CHECK(queue.size() == static_cast<std::size_t>(pushed - popped));
  }
  while (!queue.empty()) in_order = in_order && *queue.pop() == popped++;
  CHECK(in_order);
  CHECK(popped == pushed);
}

TEST_CASE("what is left goes with the queue, and a copy that fails adds nothing") {
  {
    vr::fifo<fragile> queue;
    for (int i = 0; i != 4; ++i) queue.push(fragile(i));
    fragile::left = 2;  // of the four that growing copies
    CHECK_THROWS_AS(queue.push(fragile(4)), std::runtime_error);
    CHECK(queue.size() == 4);
    CHECK(fragile::living == 4);
    fragile::left = 1000;
    queue.push(fragile(4));
    CHECK(queue.pop().number == 0);
    CHECK(queue.size() == 4);
  }
  CHECK(fragile::living == 0);
}
