// outcome: a value or the exception that took its place.
#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "viceroy/base/error.hpp"

namespace viceroy {

// What a void computation leaves behind, where a value is needed.
struct unit {
  friend bool operator==(unit, unit) = default;
};
template <class T>
using value_or_unit = std::conditional_t<std::is_void_v<T>, unit, T>;

// A value of type T (none for void) or an exception. Empty states do not exist for the reader: get() throws
// or returns.
template <class T>
class outcome {
 public:
  using value_type = value_or_unit<T>;

  outcome() noexcept = default;                                          // nothing yet, which nobody asks for
  outcome(value_type value) : value_(std::move(value)) {}                // NOLINT: implicit
  outcome(std::exception_ptr failure) : failure_(std::move(failure)) {}  // NOLINT: implicit
  outcome(const error& failure) : failure_(std::make_exception_ptr(failure)) {}  // NOLINT: implicit

  outcome(const outcome&) = default;
  outcome(outcome&&) = default;
  outcome& operator=(outcome other) {  // values need not be assignable
    if constexpr (!std::is_void_v<T>) {
      value_.reset();
      if (other.value_) value_.emplace(std::move(*other.value_));
    }
    failure_ = std::move(other.failure_);
    return *this;
  }

  bool ok() const noexcept { return !failure_; }
  explicit operator bool() const noexcept { return ok(); }
  const std::exception_ptr& failure() const noexcept { return failure_; }

  // Returns the value, moved out, or throws what happened instead.
  T get() {
    if (failure_) std::rethrow_exception(failure_);
    if constexpr (!std::is_void_v<T>) return std::move(*value_);
  }

 private:
  std::conditional_t<std::is_void_v<T>, unit, std::optional<T>> value_{};
  std::exception_ptr failure_;
};

// The sentence of any exception: what() of a std::exception, else that it was none.
inline std::string sentence_of(const std::exception_ptr& failure) {
  if (!failure) return "no failure";
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception that is not a std::exception";
  }
}

}  // namespace viceroy
