// children: what the tests of this folder share: a loop that is run until something happened, and this very
// binary as child.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "channel/io_loop.hpp"
#include "viceroy/host/process.hpp"

namespace children {

using namespace std::chrono_literals;

// Runs the loop until `done` holds, at most `limit`; returns whether it came to hold.
template <class Done>
bool run_until(io_loop& io, Done done, std::chrono::milliseconds limit = 20s) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (!io.run_one_until(end)) return done();
  }
  return true;
}

inline viceroy::process_options shell(const std::string& script) {
  viceroy::process_options options(viceroy::bootstrap_command("/bin/sh", {"-c", script}));
  options.write_through = false;
  return options;
}

// This binary again, running the one test case called "role: <name>", which a normal run skips.
inline viceroy::process_options role(const std::string& name) {
  viceroy::process_options options(viceroy::bootstrap_command(
      "/proc/self/exe", {"--no-skip", "--no-version", "--no-intro", "--test-case=role: " + name}));
  options.write_through = false;
  return options;
}

// One child that has run to its end.
struct ended {
  viceroy::process_exit how = viceroy::process_exit::unknown("the test waited in vain");
  std::vector<std::string> lines;
};

inline ended run(const viceroy::process_options& options) {
  io_loop io;
  ended result;
  bool done = false;
  viceroy::child_process child(io, options, [&](const viceroy::process_exit& how) {
    result.how = how;
    done = true;
  });
  REQUIRE(run_until(io, [&] { return done; }));
  result.lines = child.last_lines();
  return result;
}

// The rest of the first line that begins with `start`.
inline std::optional<std::string> line_after(const std::vector<std::string>& lines, std::string_view start) {
  for (const std::string& line : lines) {
    if (line.starts_with(start)) return line.substr(start.size());
  }
  return std::nullopt;
}

inline std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                       std::filesystem::directory_iterator());
}

}  // namespace children
