// callback: a move-only function object, for what is kept until later (timers, completions); never on a
// message's path.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>

#include "viceroy/base/taken.hpp"

namespace viceroy {

template <class Signature>
class callback;

// Holds any move-only callable. Cost: three words inline without allocation, else one allocation.
template <class R, class... Args>
class callback<R(Args...)> {
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
  callback(callback&& other) noexcept { take(other); }
  callback& operator=(callback&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~callback() { reset(); }

  explicit operator bool() const noexcept { return ops_ != nullptr; }
  R operator()(Args... args) { return ops_->call(space_, static_cast<Args&&>(args)...); }
  void reset() noexcept {
    if (ops_) taken(ops_)->destroy(space_);
  }

 private:
  struct table {
    R (*call)(void*, Args&&...);
    void (*move)(void* to, void* from) noexcept;
    void (*destroy)(void*) noexcept;
  };
  static constexpr std::size_t space_bytes = 3 * sizeof(void*);
  template <class F>
  static constexpr bool fits =
      sizeof(F) <= space_bytes && alignof(F) <= alignof(void*) && std::is_nothrow_move_constructible_v<F>;

  // Functions, not lambdas, and shared where they can be: they are compiled for each callable of the library.
  template <class F, bool Inside>
  static R call(void* space, Args&&... args) {
    F* f = nullptr;
    if constexpr (Inside) {
      f = static_cast<F*>(space);
    } else {
      f = *static_cast<F**>(space);
    }
    return static_cast<R>((*f)(static_cast<Args&&>(args)...));
  }
  template <class F>
  static void move_inside(void* to, void* from) noexcept {
    ::new (to) F(static_cast<F&&>(*static_cast<F*>(from)));
    static_cast<F*>(from)->~F();
  }
  static void move_words(void* to, void* from) noexcept { std::memcpy(to, from, space_bytes); }
  template <class F>
  static void destroy_inside(void* space) noexcept {
    static_cast<F*>(space)->~F();
  }
  template <class F>
  static void destroy_outside(void* space) noexcept {
    delete *static_cast<F**>(space);
  }
  static void destroy_nothing(void*) noexcept {}

  template <class F>
  static constexpr table table_of() {
    if constexpr (!fits<F>) {
      return {call<F, false>, move_words, destroy_outside<F>};
    } else if constexpr (std::is_trivially_copyable_v<F>) {
      return {call<F, true>, move_words, destroy_nothing};
    } else {
      return {call<F, true>, move_inside<F>, destroy_inside<F>};
    }
  }
  template <class F>
  static constexpr table ops_of = table_of<F>();

  void take(callback& other) noexcept {
    if (!other.ops_) return;
    other.ops_->move(space_, other.space_);
    ops_ = taken(other.ops_);
  }

  alignas(void*) std::byte space_[space_bytes];
  const table* ops_ = nullptr;
};

}  // namespace viceroy
