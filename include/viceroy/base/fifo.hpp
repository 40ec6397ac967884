// fifo: a queue that has no memory before it is given something.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace viceroy {

// A ring that doubles when it is full. (std::deque takes half a kilobyte for nothing, and many times this to
// compile.)
template <class T>
class fifo {
 public:
  fifo() noexcept = default;
  fifo(const fifo&) = delete;
  fifo& operator=(const fifo&) = delete;
  ~fifo() {
    for (; size_ != 0; drop()) {
    }
    delete[] ring_;
  }

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  // Counted from the first.
  const T& operator[](std::size_t position) const noexcept { return at(position).value; }

  // Errors: what T's constructor throws, or std::bad_alloc; then nothing is added.
  template <class Value>
  void push(Value&& value) {
    if (size_ == room_) grow();
    ::new (static_cast<void*>(&at(size_).value)) T(std::forward<Value>(value));
    ++size_;
  }
  // Removes the first and returns it; there is one.
  T pop() {
    struct dropped {
      fifo& of;
      ~dropped() { of.drop(); }
    } after{*this};
    return std::move(at(0).value);
  }

 private:
  union slot {
    slot() noexcept {}
    ~slot() {}
    T value;
  };

  slot& at(std::size_t position) const noexcept { return ring_[(first_ + position) & (room_ - 1)]; }
  void drop() noexcept {
    at(0).value.~T();
    first_ = (first_ + 1) & (room_ - 1);
    --size_;
  }
  void grow() {
    fifo larger;
    larger.room_ = room_ == 0 ? 4 : 2 * room_;
    larger.ring_ = new slot[larger.room_];
    for (std::size_t i = 0; i != size_; ++i) larger.push(std::move_if_noexcept(at(i).value));
    swap(larger);
  }
  void swap(fifo& other) noexcept {
    std::swap(ring_, other.ring_);
    std::swap(room_, other.room_);
    std::swap(first_, other.first_);
    std::swap(size_, other.size_);
  }

  slot* ring_ = nullptr;
  std::size_t room_ = 0;  // a power of two
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace viceroy
