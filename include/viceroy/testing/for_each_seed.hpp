// for_each_seed: a test run once per seed, on a fresh deterministic loop; the seed that fails is printed.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // as in viceroy.hpp
#endif

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <type_traits>

#include "viceroy/base/outcome.hpp"
#include "viceroy/testing/loops.hpp"

namespace viceroy::testing {

namespace detail {

// Says which seed failed, why, what it did, and how to repeat just it.
template <class World>
std::string seed_report(const World& l, std::uint64_t count, const std::string& why,
                        const std::string& program) {
  const std::string seed = std::to_string(l.seed());
  return "viceroy: seed " + seed + " of " + std::to_string(count) + " fails: " + why + "\nits last steps:\n" +
         l.steps().text(20) + "to repeat just it: VICEROY_TEST_SEED=" + seed + " " + program + "\n";
}

inline std::string program_name() {
#if defined(__GLIBC__)
  return program_invocation_name;
#else
  return "(the same program)";
#endif
}

// A number in the environment. Returns: whether it is there. Errors: bad_input.
inline bool asked_for(const char* name, std::uint64_t& number) {
  const char* const text = std::getenv(name);
  if (!text || !*text) return false;
  char* end = nullptr;
  errno = 0;
  number = std::strtoull(text, &end, 10);
  if (*end != '\0' || errno != 0 || *text == '-')
    throw error(errc::bad_input, std::string(name) + " is '" + text + "'; give it a number");
  return true;
}

}  // namespace detail

// Calls `f(loop&)` with a loop of each seed from 0 (the order of sending) to `count` - 1, or `f(loops&)`
// with two of one process; with
// VICEROY_TEST_SEED in the environment, of that seed only; with VICEROY_TEST_SEEDS, of so many at most. f
// says that it failed by an exception; then the seed, its last steps and how to repeat it are printed to
// stderr. Errors: what f throws, as it stands, at the first seed that fails.
template <class F>
void for_each_seed(std::uint64_t count, F f, const limits& bounds = {}) {
  using world = std::conditional_t<std::is_invocable_v<F&, loop&>, loop, loops>;
  std::uint64_t seed = 0;
  std::uint64_t end = count, most = 0;
  if (detail::asked_for("VICEROY_TEST_SEEDS", most)) end = std::min(end, most);
  if (detail::asked_for("VICEROY_TEST_SEED", seed)) end = seed + 1;
  for (; seed < end; ++seed) {
    world l(seed, bounds);
    try {
      f(l);
    } catch (...) {
      std::fputs(detail::seed_report(l, count, sentence_of(std::current_exception()), detail::program_name())
                     .c_str(),
                 stderr);
      throw;
    }
  }
}

}  // namespace viceroy::testing

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
