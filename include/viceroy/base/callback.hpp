// callback: a move-only function object, for what is kept until later (timers, completions); never on a
// message's path.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace viceroy {

template <class Signature>
class callback;

// Holds any move-only callable. Cost: three words inline without allocation, else one allocation.
template <class R, class... Args>
class callback<R(Args...)> {
 public:
  callback() noexcept = default;

  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, callback> && std::is_invocable_r_v<R, F&, Args...>)
  callback(F&& f) {  // NOLINT: implicit, as std::function
    using stored = std::remove_cvref_t<F>;
    if constexpr (fits<stored>) {
      ::new (static_cast<void*>(space_)) stored(std::forward<F>(f));
      ops_ = &inline_ops<stored>;
    } else {
      ::new (static_cast<void*>(space_)) stored*(new stored(std::forward<F>(f)));
      ops_ = &heap_ops<stored>;
    }
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
  R operator()(Args... args) { return ops_->call(space_, std::forward<Args>(args)...); }
  void reset() noexcept {
    if (ops_) std::exchange(ops_, nullptr)->destroy(space_);
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
  template <class F>
  static constexpr table inline_ops = {[](void* self, Args&&... args) -> R {
                                         if constexpr (std::is_void_v<R>) {
                                           (*static_cast<F*>(self))(std::forward<Args>(args)...);
                                         } else {
                                           return (*static_cast<F*>(self))(std::forward<Args>(args)...);
                                         }
                                       },
                                       [](void* to, void* from) noexcept {
                                         ::new (to) F(std::move(*static_cast<F*>(from)));
                                         static_cast<F*>(from)->~F();
                                       },
                                       [](void* self) noexcept { static_cast<F*>(self)->~F(); }};
  template <class F>
  static constexpr table heap_ops = {
      [](void* self, Args&&... args) -> R {
        if constexpr (std::is_void_v<R>) {
          (**static_cast<F**>(self))(std::forward<Args>(args)...);
        } else {
          return (**static_cast<F**>(self))(std::forward<Args>(args)...);
        }
      },
      [](void* to, void* from) noexcept { ::new (to) F*(*static_cast<F**>(from)); },
      [](void* self) noexcept { delete *static_cast<F**>(self); }};

  void take(callback& other) noexcept {
    if (!other.ops_) return;
    other.ops_->move(space_, other.space_);
    ops_ = std::exchange(other.ops_, nullptr);
  }

  alignas(void*) std::byte space_[space_bytes];
  const table* ops_ = nullptr;
};

}  // namespace viceroy
