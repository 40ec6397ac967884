// callback: a move-only function object, for what is kept until later (timers, completions); never on a
// message's path.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>

namespace viceroy {

namespace detail {

// What a callback is whatever it is called with: compiled once.
class callback_memory {
 public:
  explicit operator bool() const noexcept { return ops_ != nullptr; }
  void reset() noexcept {
    const table* const was = ops_;
    ops_ = nullptr;
    if (was && was->destroy) was->destroy(space_);
  }

 protected:
  struct table {
    void (*move)(void* to, void* from) noexcept;  // null: as its words
    void (*destroy)(void*) noexcept;              // null: nothing to do
  };
  static constexpr std::size_t space_bytes = 3 * sizeof(void*);
  template <class F>
  static constexpr bool fits =
      sizeof(F) <= space_bytes && alignof(F) <= alignof(void*) && __is_nothrow_constructible(F, F);

  callback_memory() noexcept = default;
  callback_memory(callback_memory&& other) noexcept { take(other); }
  callback_memory& operator=(callback_memory&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~callback_memory() { reset(); }

  // Functions, not lambdas, and shared where they can be: they are compiled for each callable of the library.
  template <class F>
  static void move_inside(void* to, void* from) noexcept {
    ::new (to) F(static_cast<F&&>(*static_cast<F*>(from)));
    static_cast<F*>(from)->~F();
  }
  template <class F>
  static void destroy_inside(void* space) noexcept {
    static_cast<F*>(space)->~F();
  }
  template <class F>
  static void destroy_outside(void* space) noexcept {
    delete *static_cast<F**>(space);
  }
  template <class F>
  static constexpr table table_of() {
    if constexpr (!fits<F>) {
      return {nullptr, destroy_outside<F>};
    } else if constexpr (__is_trivially_copyable(F)) {
      return {nullptr, nullptr};
    } else {
      return {move_inside<F>, destroy_inside<F>};
    }
  }

  alignas(void*) std::byte space_[space_bytes];
  const table* ops_ = nullptr;

 private:
  void take(callback_memory& other) noexcept {
    if (!other.ops_) return;
    if (other.ops_->move) {
      other.ops_->move(space_, other.space_);
    } else {
      std::memcpy(space_, other.space_, space_bytes);
    }
    ops_ = other.ops_;
    other.ops_ = nullptr;
  }
};

}  // namespace detail

template <class Signature>
class callback;

// Holds any move-only callable. Cost: three words inline without allocation, else one allocation.
template <class R, class... Args>
class callback<R(Args...)> : public detail::callback_memory {
 public:
  callback() noexcept = default;

  template <class F>
    requires(!std::is_same_v<F, callback> &&
             requires(F& f, Args... args) { static_cast<R>(f(static_cast<Args&&>(args)...)); })
  callback(F f) {  // NOLINT: implicit, as std::function
    if constexpr (fits<F>) {
      ::new (static_cast<void*>(space_)) F(static_cast<F&&>(f));
    } else {
      ::new (static_cast<void*>(space_)) F*(new F(static_cast<F&&>(f)));
    }
    ops_ = &ops_of<F>;
  }

  R operator()(Args... args) {
    return static_cast<const calls*>(ops_)->call(space_, static_cast<Args&&>(args)...);
  }

 private:
  struct calls : table {
    R (*call)(void*, Args&&...);
  };
  template <class F>
  static R call(void* space, Args&&... args) {
    F* f = nullptr;
    if constexpr (fits<F>) {
      f = static_cast<F*>(space);
    } else {
      f = *static_cast<F**>(space);
    }
    return static_cast<R>((*f)(static_cast<Args&&>(args)...));
  }
  template <class F>
  static constexpr calls ops_of{table_of<F>(), call<F>};
};

}  // namespace viceroy
