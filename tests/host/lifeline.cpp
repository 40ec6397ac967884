#include "viceroy/host/lifeline.hpp"

#include <doctest/doctest.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "host/children.hpp"

namespace {

using namespace std::chrono_literals;
using children::run_until;
using viceroy::child_process;
using viceroy::lifeline_child;
using viceroy::process_environment;
using viceroy::process_exit;

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

[[noreturn]] void spin() {
  for (;;) asm volatile("");
}

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

viceroy::process_options in_mode(const char* role, const char* mode) {
  auto options = children::role(role);
  options.environment.emplace_back("VICEROY_TEST_MODE", mode);
  return options;
}

}  // namespace

// A child of ours that does what VICEROY_TEST_MODE says once it is watched.
TEST_CASE("role: watched" * doctest::skip()) {
  const auto taken = process_environment::take();
  const std::string mode = std::getenv("VICEROY_TEST_MODE");
  const int descriptor = mode == "pid only" ? -1 : taken.lifeline_descriptor();
  const pid_t parent = mode == "socket only" ? 0 : taken.parent_pid();
  {
    const auto grace = mode == "kernel's signal" ? 60s : 50ms;
    const lifeline_child line(descriptor, parent, grace);
    if (mode == "secret") {
      std::string text;
      for (const std::byte b : line.secret()) text += static_cast<char>(b);
      say("secret " + std::to_string(text.size()) + " " + text.substr(0, 20));
      say(std::string("cloexec ") + ((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0 ? "yes" : "no"));
    } else {
      if (mode == "closes all") ::close_range(3, ~0u, 0);
      const pid_t copy = ::fork();
      if (copy == 0) spin();
      say("watched " + std::to_string(::getpid()));
      say("copy " + std::to_string(copy));
      spin();
    }
  }
  ::_exit(0);
}

// A parent that starts one such child and runs its loop until it is killed.
TEST_CASE("role: parent" * doctest::skip()) {
  const std::string mode = std::getenv("VICEROY_TEST_MODE");
  io_loop io;
  auto options = in_mode("watched", mode.c_str());
  options.write_through = true;
  child_process child(io, options, {});
  if (mode == "parent forks") {
    const pid_t copy = ::fork();
    if (copy == 0) {
      ::setsid();
      say("keeper " + std::to_string(::getpid()));
      for (;;) ::pause();
    }
  }
  run_until(io, [] { return false; }, 60s);
}

TEST_CASE("a child and its fork do not survive a parent that is killed, whatever they do") {
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  for (const char* mode :
       {"spins", "pid only", "socket only", "closes all", "parent forks", "kernel's signal"}) {
    CAPTURE(mode);
    const bool by_signal = std::string(mode) == "kernel's signal";
    io_loop io;
    bool parent_ended = false;
    auto options = in_mode("parent", mode);
    if (by_signal) options.environment.emplace_back("VICEROY_PDEATHSIG", "1");
    child_process parent(io, options, [&](const process_exit&) { parent_ended = true; });
    const bool keeps = std::string(mode) == "parent forks";
    REQUIRE(run_until(io, [&] {
      const auto lines = parent.last_lines();
      return children::line_after(lines, "copy ") && (!keeps || children::line_after(lines, "keeper "));
    }));
    std::vector<pid_t> pids;
    std::vector<viceroy::owned_descriptor> watched;
    for (const char* who : {"watched ", "copy "}) {
      pids.push_back(static_cast<pid_t>(std::stoi(*children::line_after(parent.last_lines(), who))));
      watched.push_back(viceroy::open_process(pids.back()));
      REQUIRE(watched.back().get() >= 0);
    }
    ::kill(parent.pid(), SIGKILL);
    REQUIRE(run_until(io, [&] { return parent_ended; }, 2s));
    if (by_signal) watched.pop_back();  // that signal is for one process: the copy is killed below
    for (const auto& descriptor : watched) CHECK(viceroy::wait_readable(descriptor.get(), 2s));
    if (keeps)
      pids.push_back(static_cast<pid_t>(std::stoi(*children::line_after(parent.last_lines(), "keeper "))));
    for (const pid_t pid : pids) {
      ::kill(pid, SIGKILL);
      CHECK(::waitpid(pid, nullptr, 0) == pid);
    }
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_CASE("a child whose lifeline is dropped is killed after its grace") {
  io_loop io;
  std::optional<process_exit> how;
  child_process child(io, in_mode("watched", "socket only"), [&](const process_exit& end) { how = end; });
  REQUIRE(run_until(io, [&] { return children::line_after(child.last_lines(), "copy ").has_value(); }));
  child.close_lifeline();
  REQUIRE(run_until(io, [&] { return how.has_value(); }, 2s));
  CHECK(how->text() == "was killed by signal 9 (SIGKILL)");
}

TEST_CASE("the secret arrives whole, and a clean end of the watch leaves the exit status alone") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{32}, viceroy::limit::lifeline_secret_bytes}) {
    auto options = in_mode("watched", "secret");
    options.secret = bytes_of(std::string(size, 'k'));
    const auto result = children::run(options);
    CHECK(result.how.clean());
    CHECK(children::line_after(result.lines, "secret ") ==
          std::to_string(size) + " " + std::string(std::min(size, std::size_t{20}), 'k'));
    CHECK(children::line_after(result.lines, "cloexec ") == "yes");
  }
}

TEST_CASE("a secret beyond the limit is refused") {
  auto options = children::shell("exit 0");
  options.secret.resize(viceroy::limit::lifeline_secret_bytes + 1);
  io_loop io;
  CHECK_THROWS_AS(child_process(io, options, {}), viceroy::error);
}

TEST_CASE("what is not a lifeline is refused by its number") {
  CHECK_THROWS_AS(lifeline_child(999'999, 0, 50ms), viceroy::error);
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  const viceroy::owned_descriptor other(ends[0]);
  REQUIRE(::send(other.get(), "other words", 11, 0) == 11);
  CHECK_THROWS_AS(lifeline_child(ends[1], 0, 50ms), viceroy::error);
}

TEST_CASE("a parent that ended before its child began is said to be gone") {
  const pid_t gone = ::fork();
  if (gone == 0) ::_exit(0);
  REQUIRE(::waitpid(gone, nullptr, 0) == gone);
  CHECK_THROWS_AS(lifeline_child(-1, gone, 50ms), viceroy::error);
}
