// owned: the one owner of an object on the heap.
#pragma once

namespace viceroy {

// As std::unique_ptr, whose header adds streams and locales: a tenth of what a file that only defines actors
// costs to compile.
template <class T>
class owned {
 public:
  owned() noexcept = default;
  explicit owned(T* made) noexcept : object_(made) {}
  owned(owned&& other) noexcept : object_(other.release()) {}
  template <class Derived>
  owned(owned<Derived>&& other) noexcept : object_(other.release()) {}  // NOLINT: implicit, as of pointers
  owned& operator=(owned&& other) noexcept {
    T* const theirs = other.release();
    reset();
    object_ = theirs;
    return *this;
  }
  ~owned() { delete object_; }

  T* get() const noexcept { return object_; }
  T& operator*() const noexcept { return *object_; }
  T* operator->() const noexcept { return object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }
  T* release() noexcept {
    T* const was = object_;
    object_ = nullptr;
    return was;
  }
  void reset() noexcept { delete release(); }

 private:
  T* object_ = nullptr;
};

template <class T, class... Arguments>
owned<T> make_owned(Arguments&&... arguments) {
  return owned<T>(new T(static_cast<Arguments&&>(arguments)...));
}

}  // namespace viceroy
