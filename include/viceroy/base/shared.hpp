// shared: a handle to an object that counts its handles: the last of them deletes it.
#pragma once

#include <atomic>
#include <cstddef>
#include <type_traits>

namespace viceroy {

// What is shared derives from it, or from `watched` if it is looked for by who does not keep it.
class counted {
 public:
  counted() noexcept = default;
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;

 private:
  template <class T>
  friend class shared;
  void add_handle() const noexcept { handles_.fetch_add(1, std::memory_order_relaxed); }
  // Returns: whether it was the last.
  bool drop_handle() const noexcept { return handles_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

  mutable std::atomic<std::size_t> handles_{1};
};

// Threads: handles may be copied and destroyed by any thread; one handle by one thread at a time.
template <class T>
class shared {
 public:
  shared() noexcept = default;
  // Takes over what was made with `new`, once.
  explicit shared(T* made) noexcept : object_(made) {}
  template <class Derived>
    requires requires(Derived* from, T* to) { to = from; }
  shared(shared<Derived> other) noexcept : object_(other.release()) {  // NOLINT: implicit, as of pointers
    static_assert(std::has_virtual_destructor_v<T> || std::is_same_v<T, const Derived>);
  }
  // Returns: one more handle to what has some already.
  static shared of(T& object) noexcept {
    object.add_handle();
    return shared(&object);
  }
  shared(const shared& other) noexcept : object_(other.object_) {
    if (object_) object_->add_handle();
  }
  shared(shared&& other) noexcept : object_(other.release()) {}
  shared& operator=(shared other) noexcept {
    T* const mine = object_;
    object_ = other.object_;
    other.object_ = mine;
    return *this;
  }
  ~shared() {
    if (object_ && object_->drop_handle()) delete object_;
  }

  T* get() const noexcept { return object_; }
  T& operator*() const noexcept { return *object_; }
  T* operator->() const noexcept { return object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }
  friend bool operator==(const shared& a, const shared& b) noexcept { return a.object_ == b.object_; }
  T* release() noexcept {
    T* const was = object_;
    object_ = nullptr;
    return was;
  }
  void reset() noexcept { *this = shared(); }

 private:
  T* object_ = nullptr;
};

template <class T, class... Arguments>
shared<T> make_counted(Arguments&&... arguments) {
  return shared<T>(new T(static_cast<Arguments&&>(arguments)...));
}

}  // namespace viceroy
