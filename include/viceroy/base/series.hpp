// series: values one after the other in one piece of memory, which grows.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

namespace viceroy {

namespace detail {

// What a series is whatever its values are: compiled once.
class series_memory {
 public:
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }

 protected:
  series_memory() noexcept = default;
  series_memory(const series_memory&) = delete;
  series_memory& operator=(const series_memory&) = delete;
  ~series_memory() { ::operator delete(data_); }

  void swap(series_memory& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(room_, other.room_);
  }

  // For values that move as their bytes do.
  void grow_words(std::size_t value_bytes) {
    const std::size_t room = room_ == 0 ? 4 : 2 * room_;
    void* const larger = ::operator new(room * value_bytes);
    if (size_ != 0) std::memcpy(larger, data_, size_ * value_bytes);
    ::operator delete(data_);
    data_ = larger;
    room_ = room;
  }

  void* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

}  // namespace detail

// What is used here of std::vector, by the names that it has there. (Which is eighty functions and 25 ms to
// compile for each type of element; the core has some forty that nobody outside sees.)
template <class T>
class series : public detail::series_memory {
 public:
  series() noexcept = default;
  // So many empty values. (That it delegates has the destructor clean up after a value that throws.)
  explicit series(std::size_t count) : series() {
    while (size_ != count) push_back(T());
  }
  series(series&& other) noexcept { series_memory::swap(other); }
  series(const series& other) : series() {
    for (const T& each : other) push_back(each);
  }
  series& operator=(series other) noexcept {
    series_memory::swap(other);
    return *this;
  }
  ~series() {
    if constexpr (!__is_trivially_copyable(T)) clear();
  }

  T* begin() const noexcept { return static_cast<T*>(data_); }
  T* end() const noexcept { return begin() + size_; }
  T& operator[](std::size_t position) const noexcept { return begin()[position]; }
  T& back() const noexcept { return begin()[size_ - 1]; }

  // Returns: the value in its place, which is good until the next one is added.
  T& push_back(T value) {
    if (size_ == room_) {
      if constexpr (__is_trivially_copyable(T)) {
        grow_words(sizeof(T));
      } else {
        grow();
      }
    }
    T* const made = ::new (static_cast<void*>(end())) T(static_cast<T&&>(value));
    ++size_;
    return *made;
  }
  void pop_back() noexcept { begin()[--size_].~T(); }
  void clear() noexcept {
    if constexpr (__is_trivially_copyable(T)) {
      size_ = 0;
    } else {
      while (size_ != 0) pop_back();
    }
  }
  // Keeps the order of the others.
  template <class Predicate>
  void erase_if(Predicate&& is_to_go) {
    T* const all = begin();
    std::size_t kept = 0;
    for (std::size_t i = 0; i != size_; ++i) {
      if (is_to_go(all[i])) continue;
      if (kept != i) all[kept] = static_cast<T&&>(all[i]);
      ++kept;
    }
    while (size_ != kept) pop_back();
  }
  void erase_first(std::size_t count) {
    erase_if([&](const T& each) { return static_cast<std::size_t>(&each - begin()) < count; });
  }
  // Removes what equals that.
  void erase(T value) {
    erase_if([&](const T& each) { return each == value; });
  }

  void swap(series& other) noexcept { series_memory::swap(other); }

 private:
  void grow() {
    static_assert(__is_nothrow_constructible(T, T));
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    const std::size_t room = room_ == 0 ? 4 : 2 * room_;
    T* const larger = static_cast<T*>(::operator new(room * sizeof(T)));
    T* const all = begin();
    for (std::size_t i = 0; i != size_; ++i) {
      ::new (static_cast<void*>(larger + i)) T(static_cast<T&&>(all[i]));
      all[i].~T();
    }
    ::operator delete(data_);
    data_ = larger;
    room_ = room;
  }
};

}  // namespace viceroy
