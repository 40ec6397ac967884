// harness: measures a candidate and its baseline in pairs, one after the other in one run, and prints their
// ratio.
#pragma once

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace viceroy::benchmark {

// Keeps the optimiser from seeing that a value is not used.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

// Returns the nanoseconds that one of `count` operations takes in f(), which performs them all.
template <class F>
double ns_per(std::size_t count, F&& f) {
  const auto begin = std::chrono::steady_clock::now();
  f();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
  return took.count() / static_cast<double>(count);
}

// Returns the nanoseconds since a moment.
inline double ns_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
}

inline double ns_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// The nanoseconds of processor time that this thread has had: for work that never waits, so that what else
// runs on the machine counts less. While a passing_time lives, they are those that pass: for what is compared
// with the work of several threads.
inline clockid_t work_clock = CLOCK_THREAD_CPUTIME_ID;
struct passing_time {
  passing_time() { work_clock = CLOCK_MONOTONIC; }
  ~passing_time() { work_clock = CLOCK_THREAD_CPUTIME_ID; }
};
inline double cpu_ns() { return ns_of(work_clock); }
template <class F>
double cpu_ns_per(std::size_t count, F&& f) {
  const double begin = cpu_ns();
  f();
  return (cpu_ns() - begin) / static_cast<double>(count);
}

// Keeps the calling thread on one core; the cores of a measurement are part of its name.
// Errors: std::runtime_error, when the core is not this process's to use.
inline void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(core), &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) {
    throw std::runtime_error("cannot run on core " + std::to_string(core));
  }
}

// Ends the program when a measured game did not come to its result: who measures it calls this for both
// sides.
inline void expect(bool right, const std::string& what) {
  if (!right) throw std::runtime_error(what + " came to a wrong result");
}

// What a figure is to stay within, of its value or of its ratio to the baseline: printed, never asserted.
struct limit {
  double most = 0;  // 0: none
  bool of_ratio = true;
};
constexpr limit ratio_within(double most) { return {most, true}; }
constexpr limit value_within(double most) { return {most, false}; }

// The median of some numbers; of an even count, the mean of the middle two.
inline double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// The comparisons of one program: compare() measures and prints a line each, finish() writes them to the file
// of --json.
//   name=... value=... unit=... baseline=... baseline_value=... ratio=... spread=least..greatest limit=...
// value and baseline_value are medians; ratio is the median of the pairs' own ratios and spread their range,
// so that a machine that gets slower half-way through changes neither.
class suite {
 public:
  // Reads --repeats N (pairs of each comparison, 9), --only TEXT (names that contain it) and --json FILE.
  suite(int argc, char** argv) {
    for (int i = 1; i + 1 < argc; i += 2) {
      const std::string_view option = argv[i];
      if (option == "--repeats") {
        repeats_ = std::max(1, std::atoi(argv[i + 1]));
      } else if (option == "--only") {
        only_ = argv[i + 1];
      } else if (option == "--json") {
        json_ = argv[i + 1];
      }
    }
  }

  // Measures candidate() and baseline(), each returning one measurement in `unit`, in interleaved pairs after
  // an unmeasured one. Returns: the ratio, candidate to baseline; 0 when --only leaves this comparison out.
  template <class Candidate, class Baseline>
  double compare(const std::string& name, const std::string& unit, const std::string& baseline_name,
                 Candidate&& candidate, Baseline&& baseline, limit within = {}) {
    if (!wants(name)) return 0;
    pairs measured;
    for (int pair = -1; pair < repeats_; ++pair) {
      double value = 0, base = 0;
      if (pair % 2 == 0) {
        value = candidate();
        base = baseline();
      } else {  // Each goes first as often as the other.
        base = baseline();
        value = candidate();
      }
      if (pair >= 0) measured.add(value, base);
    }
    return report(name, unit, baseline_name, measured, within);
  }

  // What compare() is made of, for a loop that awaits.
  struct pairs {
    std::vector<double> values, baselines, ratios;
    void add(double value, double base) {
      values.push_back(value);
      baselines.push_back(base);
      ratios.push_back(value / base);
    }
  };
  bool wants(const std::string& name) const { return name.find(only_) != std::string::npos; }
  int repeats() const { return repeats_; }
  double report(const std::string& name, const std::string& unit, const std::string& baseline_name,
                const pairs& measured, limit within = {}) {
    const auto& ratios = measured.ratios;
    results_.push_back({name, unit, baseline_name, median(measured.values), median(measured.baselines),
                        median(ratios), *std::min_element(ratios.begin(), ratios.end()),
                        *std::max_element(ratios.begin(), ratios.end()), within});
    const auto& r = results_.back();
    std::printf("name=%s value=%.4g unit=%s baseline=%s baseline_value=%.4g ratio=%.4g spread=%.4g..%.4g",
                r.name.c_str(), r.value, r.unit.c_str(), r.baseline.c_str(), r.baseline_value, r.ratio,
                r.least, r.greatest);
    if (within.most > 0) std::printf(" limit=%.4g%s", within.most, within.of_ratio ? "" : r.unit.c_str());
    std::printf("\n");
    std::fflush(stdout);
    return r.ratio;
  }
  // Prints and keeps a figure that has no baseline but a limit: a count, or bytes.
  void tell(const std::string& name, double value, const std::string& unit, double most) {
    if (!wants(name)) return;
    const double ratio = most > 0 ? value / most : 0;
    results_.push_back({name, unit, "limit", value, most, ratio, ratio, ratio, value_within(most)});
    std::printf("name=%s value=%.4g unit=%s limit=%.4g\n", name.c_str(), value, unit.c_str(), most);
    std::fflush(stdout);
  }

  // Writes the file of --json, if there is one. Returns: the program's exit status, 1 when nothing was
  // measured.
  int finish() const {
    if (!json_.empty()) {
      std::ofstream out(json_);
      const char* separator = "[\n";
      for (const auto& r : results_) {
        out << separator << R"(  {"name": ")" << r.name << R"(", "value": )" << r.value << R"(, "unit": ")"
            << r.unit << R"(", "baseline": ")" << r.baseline << R"(", "baseline_value": )" << r.baseline_value
            << R"(, "ratio": )" << r.ratio << R"(, "spread": [)" << r.least << ", " << r.greatest << "]";
        if (r.within.most > 0 || r.baseline == "limit")
          out << R"(, "limit": )" << r.within.most << R"(, "limit_of": ")"
              << (r.within.of_ratio ? "ratio" : "value") << '"';
        out << '}';
        separator = ",\n";
      }
      out << (results_.empty() ? "[]\n" : "\n]\n");
      if (!out) throw std::runtime_error("cannot write " + json_);
    }
    return results_.empty() ? 1 : 0;
  }

 private:
  struct result {
    std::string name, unit, baseline;
    double value, baseline_value, ratio, least, greatest;
    limit within;
  };

  int repeats_ = 9;
  std::string only_, json_;
  std::vector<result> results_;
};

}  // namespace viceroy::benchmark
