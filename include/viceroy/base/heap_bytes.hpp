// heap_bytes: memory for bytes that are read or written in one piece, without values of its own.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

namespace viceroy {

// What it holds at first is not set: no kernel call waits for a memset. Sizes are not 0.
class heap_bytes {
 public:
  heap_bytes() noexcept = default;
  // Errors: std::bad_alloc.
  explicit heap_bytes(std::size_t size) { grow(size); }
  heap_bytes(heap_bytes&& other) noexcept : data_(other.data_) { other.data_ = nullptr; }
  heap_bytes& operator=(heap_bytes&& other) noexcept {
    std::byte* const theirs = other.data_;
    other.data_ = nullptr;
    std::free(data_);
    data_ = theirs;
    return *this;
  }
  ~heap_bytes() { std::free(data_); }

  std::byte* data() const noexcept { return data_; }
  explicit operator bool() const noexcept { return data_ != nullptr; }

  // Keeps what is there, if perhaps at another place. Errors: std::bad_alloc; then nothing has changed.
  void grow(std::size_t size) {
    void* const grown = std::realloc(data_, size);
    if (grown == nullptr) throw std::bad_alloc();
    data_ = static_cast<std::byte*>(grown);
  }
  void reset() noexcept { *this = heap_bytes(); }

 private:
  std::byte* data_ = nullptr;
};

}  // namespace viceroy
