#include "viceroy/bootstrap/process_signals.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <optional>
#include <vector>

#include "channel/io_loop.hpp"

namespace {

using viceroy::process_signals;

struct fixture {
  io_loop io;
  std::vector<int> heard;
  std::optional<process_signals> signals;

  void take(process_signals::second next) {
    signals.emplace(io, next, [this](int number) { heard.push_back(number); });
  }
};

// Runs `f` in a fork's copy of this process. Returns: how that ended, as waitpid tells.
template <class F>
int in_a_copy(F f) {
  const pid_t copy = ::fork();
  if (copy == 0) {
    f();
    ::_exit(0);
  }
  int how = 0;
  ::waitpid(copy, &how, 0);
  return how;
}

auto handler_of(int number) {
  struct sigaction now{};
  ::sigaction(number, nullptr, &now);
  return now.sa_handler;
}

}  // namespace

TEST_CASE_FIXTURE(fixture,
                  "signals are told in the order in which they came, and afterwards are what they were") {
  const auto before = handler_of(SIGTERM);
  take(process_signals::second::told);
  ::raise(SIGTERM);
  ::raise(SIGINT);
  ::raise(SIGTERM);
  CHECK(heard.empty());
  io.poll();
  CHECK(heard == std::vector<int>{SIGTERM, SIGINT, SIGTERM});
  signals.reset();
  const bool as_before = handler_of(SIGTERM) == before;
  CHECK(as_before);
}

TEST_CASE_FIXTURE(fixture, "a signal to a fork's copy ends that, and the process hears nothing of it") {
  take(process_signals::second::told);
  for (const int number : {SIGINT, SIGTERM}) {
    const int how = in_a_copy([number] { ::raise(number); });
    CHECK(WIFSIGNALED(how));
    CHECK(WTERMSIG(how) == number);
  }
  io.poll();
  CHECK(heard.empty());
}

TEST_CASE_FIXTURE(fixture,
                  "a second signal ends the process though its loop is held up, where that is wanted") {
  const int how = in_a_copy([this] {
    take(process_signals::second::ends_process);
    ::raise(SIGINT);
    ::raise(SIGTERM);
  });
  CHECK(WIFEXITED(how));
  CHECK(WEXITSTATUS(how) == 128 + SIGTERM);
}

TEST_CASE_FIXTURE(fixture, "a hangup that is ignored stays so") {
  const auto before = ::signal(SIGHUP, SIG_IGN);
  take(process_signals::second::told);
  ::raise(SIGHUP);
  io.poll();
  CHECK(heard.empty());
  signals.reset();
  ::signal(SIGHUP, before);
}
