// series: values one after the other in one piece of memory, which grows.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace viceroy {

// What is used here of std::vector, by the names that it has there. (Which is eighty functions and 25 ms to
// compile for each type of element; the core has some thirty that nobody outside sees.)
template <class T>
class series {
 public:
  series() noexcept = default;
  // So many empty values. (That it delegates has the destructor clean up after a value that throws.)
  explicit series(std::size_t count) : series() {
    while (size_ != count) push_back(T());
  }
  series(series&& other) noexcept { swap(other); }
  series(const series& other) : series() {
    for (const T& each : other) push_back(each);
  }
  series& operator=(series other) noexcept {
    swap(other);
    return *this;
  }
  ~series() {
    clear();
    ::operator delete(data_);
  }

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  T* begin() const noexcept { return data_; }
  T* end() const noexcept { return data_ + size_; }
  T& operator[](std::size_t position) const noexcept { return data_[position]; }
  T& back() const noexcept { return data_[size_ - 1]; }

  // Returns: the value in its place, which is good until the next one is added.
  T& push_back(T value) {
    if (size_ == room_) grow();
    T* const made = ::new (static_cast<void*>(data_ + size_)) T(std::move(value));
    ++size_;
    return *made;
  }
  void pop_back() noexcept { data_[--size_].~T(); }
  void clear() noexcept {
    while (size_ != 0) pop_back();
  }
  // Keeps the order of the others.
  template <class Predicate>
  void erase_if(Predicate&& is_to_go) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i != size_; ++i) {
      if (is_to_go(data_[i])) continue;
      if (kept != i) data_[kept] = std::move(data_[i]);
      ++kept;
    }
    while (size_ != kept) pop_back();
  }
  void erase_first(std::size_t count) {
    erase_if([&](const T& each) { return static_cast<std::size_t>(&each - data_) < count; });
  }
  // Removes what equals that.
  void erase(T value) {
    erase_if([&](const T& each) { return each == value; });
  }

  void swap(series& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(room_, other.room_);
  }

 private:
  void grow() {
    static_assert(std::is_nothrow_move_constructible_v<T>);
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    const std::size_t room = room_ == 0 ? 4 : 2 * room_;
    T* const larger = static_cast<T*>(::operator new(room * sizeof(T)));
    for (std::size_t i = 0; i != size_; ++i) {
      ::new (static_cast<void*>(larger + i)) T(std::move(data_[i]));
      data_[i].~T();
    }
    ::operator delete(data_);
    data_ = larger;
    room_ = room;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

}  // namespace viceroy
