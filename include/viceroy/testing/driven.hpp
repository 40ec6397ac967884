// testing::driven: what a test does with a deterministic world, of one loop or several: runs it, lets its
// time pass, awaits in it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/running.hpp"
#include "viceroy/base/within.hpp"

namespace viceroy::testing {

// World derives from it, does one thing in step(), and tells and moves its time.
template <class World>
class driven {
 public:
  // Steps until nothing is left to do now; time stands still. Returns: the steps. Errors: unexpected after
  // `most` steps: then actors keep each other busy for ever.
  std::size_t run(std::size_t most = 10'000'000) {
    for (std::size_t done = 0;; ++done) {
      if (!world().step()) return done;
      if (done == most)
        world().fail("expected that the actors come to rest within " + std::to_string(most) + " steps");
    }
  }
  // Lets time pass: handles what there is, and what timers cause on the way.
  void advance(executor::clock::duration time) {
    const auto until = world().now() + time;
    run();
    while (world().next_timer() <= until) {
      world().move_to(world().next_timer());
      run();
    }
    world().move_to(until);
  }
  // Runs a task, answer or wait to its end; when nothing is left to do, time passes. Errors: what it throws;
  // unexpected when it waits for something that will not happen.
  template <class A>
  await_result<A> finish(A awaited) {
    return outcome_of(std::move(awaited)).get();
  }
  template <class A>
  outcome<await_result<A>> outcome_of(A awaited) {
    using T = await_result<A>;
    std::optional<outcome<T>> result;
    const auto going =
        running::start<T>(as_task(std::move(awaited)), [&](outcome<T> o) { result.emplace(std::move(o)); });
    while (!result) {
      if (world().step()) continue;
      if (world().next_timer() == executor::clock::time_point::max())
        world().fail("expected that a task ends; it waits for something that will not happen");
      world().move_to(world().next_timer());
    }
    return std::move(*result);
  }

 protected:
  ~driven() = default;

 private:
  World& world() { return static_cast<World&>(*this); }
};

}  // namespace viceroy::testing
