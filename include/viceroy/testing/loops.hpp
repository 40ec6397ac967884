// testing::loops: several deterministic loops of one process that hand messages over to each other, by one
// seed.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // as in viceroy.hpp
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "viceroy/testing/loop.hpp"

namespace viceroy::testing {

// Loops with a proc each, as a process with several threads has them, and one clock for all. The seed decides
// which of them goes on, and how far the others are behind with what was handed over to them; within each it
// decides as for one loop. Seed 0 takes them in turn. What is one loop's is made and used there only:
// `on(i, f)`; what is awaited, on the first one. Threads: one, whose current loop is the first one.
class loops : public driven<loops> {
 public:
  explicit loops(std::uint64_t seed = 0, const limits& bounds = {}, std::size_t count = 2) : seed_(seed) {
    for (std::size_t i = 0; i < count; ++i) {
      all_.push_back(std::make_unique<loop>(seed == 0 ? 0 : seed * count + i, bounds));
      all_.back()->log_to(steps_);
    }
    here_.emplace(*all_[0]);
  }
  loops(const loops&) = delete;
  loops& operator=(const loops&) = delete;
  // What one has of another is given back before any of them goes.
  ~loops() {
    for (std::size_t i = 0; i < all_.size(); ++i) on(i, [this, i] { life::end_all(all_[i]->home()); });
    do {
      for (std::size_t i = 0; i < all_.size(); ++i) on(i, [this, i] { all_[i]->handle_messages(); });
    } while (handed_over());
    here_.reset();
    while (!all_.empty()) all_.pop_back();
  }

  std::size_t size() const { return all_.size(); }
  loop& operator[](std::size_t i) { return *all_[i]; }
  // Calls f() on the thread of loop `i`. Returns: what it returns.
  template <class F>
  std::invoke_result_t<F&> on(std::size_t i, F f) {
    const loop::scope here(*all_[i]);
    return f();
  }

  // Lets one of them do one thing. Returns: false when nothing is left to do now.
  bool step() {
    const std::size_t first = seed_ == 0 ? next_++ : random_u64() % all_.size();
    do {
      for (std::size_t i = 0; i < all_.size(); ++i) {
        const std::size_t which = (first + i) % all_.size();
        if (on(which, [&] { return all_[which]->step(); })) return true;
      }
    } while (handed_over());  // one that had nothing to do may have sent something back
    return false;
  }

  std::uint64_t seed() const { return seed_; }
  const step_log& steps() const { return steps_; }
  // Throws unexpected(sentence), with the seed, the step, and what is on its way on each loop.
  [[noreturn]] void fail(std::string sentence) {
    for (std::size_t i = 0; i < all_.size(); ++i)
      on(i, [&] { sentence += "; on loop " + std::to_string(i) + ": " + all_[i]->in_flight_text(); });
    throw unexpected(seed_, steps_.size(), sentence);
  }

 private:
  friend driven<loops>;
  executor::clock::time_point now() const { return all_[0]->clock().now(); }
  bool handed_over() const {
    return std::any_of(all_.begin(), all_.end(), [](const auto& each) { return each->queue().has_work(); });
  }
  executor::clock::time_point next_timer() const {
    auto next = executor::clock::time_point::max();
    for (const auto& each : all_) next = std::min(next, each->clock().next_timer());
    return next;
  }
  void move_to(executor::clock::time_point when) {
    for (const auto& each : all_) each->clock().move_to(when);
  }

  std::uint64_t seed_;
  std::size_t next_ = 0;
  step_log steps_;
  std::vector<std::unique_ptr<loop>> all_;
  std::optional<loop::scope> here_;
};

}  // namespace viceroy::testing

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
