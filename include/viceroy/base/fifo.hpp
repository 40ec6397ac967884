// fifo: a queue that has no memory before it is given something.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace viceroy {

namespace detail {

// What a fifo is whatever its values are: compiled once.
class fifo_memory {
 public:
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }

 protected:
  fifo_memory() noexcept = default;
  fifo_memory(const fifo_memory&) = delete;
  fifo_memory& operator=(const fifo_memory&) = delete;
  ~fifo_memory() { ::operator delete(ring_); }

  std::size_t place(std::size_t position) const noexcept { return (first_ + position) & (room_ - 1); }
  void swap(fifo_memory& other) noexcept {
    std::swap(ring_, other.ring_);
    std::swap(room_, other.room_);
    std::swap(first_, other.first_);
    std::swap(size_, other.size_);
  }

  void* ring_ = nullptr;
  std::size_t room_ = 0;  // a power of two
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace detail

// A ring that doubles when it is full. (std::deque takes half a kilobyte for nothing, and many times this to
// compile.)
template <class T>
class fifo : public detail::fifo_memory {
 public:
  fifo() noexcept = default;
  fifo(const fifo&) = delete;
  fifo& operator=(const fifo&) = delete;
  ~fifo() {
    while (size_ != 0) drop();
  }

  // Counted from the first.
  const T& operator[](std::size_t position) const noexcept { return at(position); }
  T& operator[](std::size_t position) noexcept { return at(position); }

  // Errors: what T's constructor throws, or std::bad_alloc; then nothing is added.
  template <class Value>
  void push(Value&& value) {
    if (size_ == room_) grow();
    ::new (static_cast<void*>(&at(size_))) T(static_cast<Value&&>(value));
    ++size_;
  }
  // Removes the first and returns it; there is one.
  T pop() {
    struct dropped {
      fifo& of;
      ~dropped() { of.drop(); }
    } after{*this};
    return static_cast<T&&>(at(0));
  }
  // The same with the last.
  T pop_last() {
    struct dropped {
      fifo& of;
      ~dropped() { of.at(--of.size_).~T(); }
    } after{*this};
    return static_cast<T&&>(at(size_ - 1));
  }

 private:
  T& at(std::size_t position) const noexcept { return static_cast<T*>(ring_)[place(position)]; }
  void drop() noexcept {
    at(0).~T();
    first_ = place(1);
    --size_;
  }
  void grow() {
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    fifo larger;
    larger.room_ = room_ == 0 ? 4 : 2 * room_;
    larger.ring_ = ::operator new(larger.room_ * sizeof(T));
    for (std::size_t i = 0; i != size_; ++i) larger.push(std::move_if_noexcept(at(i)));
    swap(larger);
  }
};

}  // namespace viceroy
