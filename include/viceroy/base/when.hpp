// when: several tasks at once: all of them, or the first.
#pragma once

#include <coroutine>
#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "viceroy/base/running.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/base/within.hpp"

namespace viceroy {

namespace detail {

// Runs tasks side by side in the awaiting frame. All: until every one is done or one throws. Any: until one
// is done. What is still running then is destroyed.
template <class T>
class crowd_awaiter {
 public:
  crowd_awaiter(std::vector<task<T>> works, bool any) : works_(std::move(works)), any_(any) {}
  crowd_awaiter(const crowd_awaiter&) = delete;
  crowd_awaiter& operator=(const crowd_awaiter&) = delete;

  bool await_ready() const noexcept { return works_.empty(); }
  bool await_suspend(std::coroutine_handle<> continuation) {
    children_.resize(works_.size());
    results_.resize(works_.size());
    for (std::size_t i = 0; i < works_.size() && !settled_; ++i) {
      auto child =
          running::start<T>(std::move(works_[i]), [this, i](outcome<T> o) { settle(i, std::move(o)); });
      children_[i] = std::move(child);
    }
    if (settled_) {
      children_.clear();
      return false;
    }
    continuation_ = continuation;
    return true;
  }
  void await_resume() const noexcept {}

  std::vector<std::optional<outcome<T>>>& results() { return results_; }
  std::size_t first() const { return first_; }

 private:
  void settle(std::size_t i, outcome<T> o) {
    const bool failed = !o.ok();
    results_[i].emplace(std::move(o));
    ++done_;
    if (settled_) return;
    if (any_ || failed || done_ == results_.size()) {
      settled_ = true;
      first_ = i;
      if (continuation_) {
        children_.clear();
        taken(continuation_).resume();
      }
    }
  }

  std::vector<task<T>> works_;
  std::vector<running> children_;
  std::vector<std::optional<outcome<T>>> results_;
  std::coroutine_handle<> continuation_;
  std::size_t done_ = 0, first_ = 0;
  bool any_, settled_ = false;
};

// void, by a name that depends on a list: what is not called is then not compiled.
template <class...>
struct nothing {
  using type = void;
};

template <class T>
task<void> into(task<T> work, std::optional<outcome<T>>& slot) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(work);
    slot.emplace(unit{});
  } else {
    slot.emplace(co_await std::move(work));
  }
}

template <class... T, std::size_t... I>
task<std::tuple<value_or_unit<T>...>> all_of(std::index_sequence<I...>, task<T>... works) {
  std::tuple<std::optional<outcome<T>>...> slots;
  std::vector<task<typename nothing<T...>::type>> crowd;
  (crowd.push_back(into<T>(std::move(works), std::get<I>(slots))), ...);
  crowd_awaiter<typename nothing<T...>::type> awaiter(std::move(crowd), false);
  co_await awaiter;
  for (auto& r : awaiter.results())
    if (r) r->get();
  auto take = [](auto& slot) {
    if constexpr (std::is_void_v<decltype(slot->get())>) {
      return unit{};
    } else {
      return slot->get();
    }
  };
  std::tuple<value_or_unit<T>...> values(take(std::get<I>(slots))...);
  co_return std::move(values);
}

template <class... T, std::size_t... I>
task<std::variant<value_or_unit<T>...>> any_of(std::index_sequence<I...>, task<T>... works) {
  std::tuple<std::optional<outcome<T>>...> slots;
  std::vector<task<typename nothing<T...>::type>> crowd;
  (crowd.push_back(into<T>(std::move(works), std::get<I>(slots))), ...);
  crowd_awaiter<typename nothing<T...>::type> awaiter(std::move(crowd), true);
  co_await awaiter;
  awaiter.results()[awaiter.first()]->get();
  std::optional<std::variant<value_or_unit<T>...>> value;
  auto take = [&]<std::size_t J>(std::integral_constant<std::size_t, J>, auto& slot) {
    if (J != awaiter.first()) return;
    if constexpr (std::is_void_v<decltype(slot->get())>) {
      value.emplace(std::in_place_index<J>);
    } else {
      value.emplace(std::in_place_index<J>, slot->get());
    }
  };
  (take(std::integral_constant<std::size_t, I>{}, std::get<I>(slots)), ...);
  co_return std::move(*value);
}

}  // namespace detail

// Runs all and returns their values in order (`unit` for void). Errors: the first exception; the others are
// then destroyed.
template <class... A>
  requires(sizeof...(A) > 0)
auto when_all(A... awaitables) {
  return detail::all_of(std::index_sequence_for<A...>{}, as_task(std::move(awaitables))...);
}
template <class T>
task<std::vector<value_or_unit<T>>> when_all(std::vector<task<T>> works) {
  detail::crowd_awaiter<T> awaiter(std::move(works), false);
  co_await awaiter;
  for (auto& r : awaiter.results())
    if (r && !r->ok()) r->get();
  std::vector<value_or_unit<T>> values;
  for (auto& r : awaiter.results()) {
    if constexpr (std::is_void_v<T>) {
      values.emplace_back();
    } else {
      values.push_back(r->get());
    }
  }
  co_return std::move(values);
}

// Runs all until the first is done, and returns its value at its index (`unit` for void); the others are
// destroyed. Errors: the exception of the first, if it ends with one.
template <class... A>
  requires(sizeof...(A) > 0)
auto when_any(A... awaitables) {
  return detail::any_of(std::index_sequence_for<A...>{}, as_task(std::move(awaitables))...);
}

}  // namespace viceroy
