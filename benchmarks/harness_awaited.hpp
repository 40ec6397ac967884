// harness_awaited: the pairs of a suite, measured by a task on a runtime's loop.
#pragma once

#include <string>

#include "harness.hpp"
#include "viceroy/viceroy.hpp"

namespace viceroy::benchmark {

// As suite::compare, with a candidate that returns task<double>. The baseline blocks the loop.
template <class Candidate, class Baseline>
task<void> compare_awaited(suite& all, std::string name, std::string unit, std::string baseline_name,
                           Candidate candidate, Baseline baseline, limit within = {}) {
  if (!all.wants(name)) co_return;
  suite::pairs measured;
  for (int pair = -1; pair < all.repeats(); ++pair) {
    double value = 0, base = 0;
    if (pair % 2 == 0) {
      value = co_await candidate();
      base = baseline();
    } else {
      base = baseline();
      value = co_await candidate();
    }
    if (pair >= 0) measured.add(value, base);
  }
  all.report(name, unit, baseline_name, measured, within);
}

// The main of a benchmark whose measurements are a task of an application: `measure(runtime, suite)`.
template <class App, class F>
int main(int argc, char** argv, F measure) {
  suite all(argc, argv);
  const int status = viceroy::main<App>(argc, argv, [&](runtime<App>& rt) -> task<void> {
    rt.limits().watchdog = {};  // baselines hold the loop
    return measure(rt, all);
  });
  return status != 0 || is_child() ? status : all.finish();
}

}  // namespace viceroy::benchmark
