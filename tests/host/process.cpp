#include "viceroy/host/process.hpp"

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <memory>

#include "host/children.hpp"

namespace {

using namespace std::chrono_literals;
using children::run;
using children::run_until;
using children::shell;
using viceroy::child_process;
using viceroy::process_exit;
using words = std::vector<std::string>;

}  // namespace

TEST_CASE("an exit status and the last lines of both streams are told") {
  const auto result = run(shell("echo out; echo err >&2; printf unfinished; exit 3"));
  CHECK(result.how.text() == "exited with status 3");
  CHECK(children::line_after(result.lines, "out").has_value());
  CHECK(children::line_after(result.lines, "err").has_value());
  CHECK(children::line_after(result.lines, "unfinished").has_value());
}

TEST_CASE("death by a signal is told by its name") {
  CHECK(run(shell("kill -USR1 $$")).how.text() == "was killed by signal 10 (SIGUSR1)");
}

TEST_CASE("a program that does not exist is named, with the kernel's reason") {
  io_loop io;
  const auto before = children::open_descriptors();
  const viceroy::process_options options(viceroy::bootstrap_command("/no/such/program"));
  try {
    child_process child(io, options, {});
    FAIL("it started");
  } catch (const viceroy::error& failure) {
    CHECK(failure.kind() == viceroy::errc::spawn_failed);
    CHECK(failure.sentence() == "cannot start \"/no/such/program\": No such file or directory (ENOENT)");
  }
  CHECK(children::open_descriptors() == before);
}

TEST_CASE("a program is found in PATH") { CHECK(run(shell("exit 0")).how.clean()); }

// Tells what it was born with, by its own system calls: a shell opens and blocks things while it looks.
TEST_CASE("role: looks around" * doctest::skip()) {
  std::string open;
  for (int number = 0; number < 1024; ++number) {
    if (::fcntl(number, F_GETFD) < 0) continue;
    std::error_code gone;
    open += std::to_string(number) + " ";
    if (number > 3)
      open += "to " +
              std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(number), gone).string() + " ";
  }
  sigset_t blocked;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  std::string strange;
  for (int number = 1; number < 32; ++number) {
    struct sigaction action{};
    ::sigaction(number, nullptr, &action);
    const bool ignored = action.sa_handler == SIG_IGN;
    if (ignored || ::sigismember(&blocked, number) == 1) strange += viceroy::signal_name(number) + " ";
  }
  std::printf("open %s\nstdin %s\nstrange %s\nleader %d\n", open.c_str(),
              std::filesystem::read_symlink("/proc/self/fd/0").c_str(), strange.c_str(),
              ::getpgrp() == ::getpid());
  std::fflush(stdout);
  ::_exit(0);
}

TEST_CASE("a child has an empty stdin, its lifeline, its own group, and no signal blocked or ignored") {
  sigset_t blocked;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  const auto before = ::signal(SIGUSR1, SIG_IGN);
  const auto hung_up = ::signal(SIGHUP, SIG_DFL);  // ignored under nohup, and then by children, too
  const auto lines = run(children::role("looks around")).lines;
  ::signal(SIGHUP, hung_up);
  ::signal(SIGUSR1, before);
  ::pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  CHECK(children::line_after(lines, "open ") == "0 1 2 3 ");
  CHECK(children::line_after(lines, "stdin ") == "/dev/null");
  CHECK(children::line_after(lines, "strange ") == "");
  CHECK(children::line_after(lines, "leader ") == "1");
}

TEST_CASE(
    "the environment is the parent's, then the command's, then the options', the last of one name counting") {
  ::setenv("VICEROY_TEST_A", "parent", 1);
  ::setenv("VICEROY_TEST_B", "parent", 1);
  auto options = shell("echo $VICEROY_TEST_A $VICEROY_TEST_B $VICEROY_TEST_C");
  options.command = options.command.env("VICEROY_TEST_B", "early")
                        .env("VICEROY_TEST_B", "command")
                        .env("VICEROY_TEST_C", "x");
  options.environment.emplace_back("VICEROY_TEST_C", "options");
  CHECK(run(options).lines == words{"parent command options"});
  ::unsetenv("VICEROY_TEST_A");
  ::unsetenv("VICEROY_TEST_B");
}

TEST_CASE("a grandchild that holds the pipe does not delay the exit, and dies with its group") {
  const auto result = run(shell("sleep 1000 & echo grandchild $!; exit 4"));
  CHECK(result.how.text() == "exited with status 4");
  const auto grandchild = children::line_after(result.lines, "grandchild ");
  REQUIRE(grandchild);
  const auto pid = static_cast<pid_t>(std::stoi(*grandchild));
  const auto descriptor = viceroy::open_process(pid);
  CHECK((!descriptor || viceroy::wait_readable(descriptor.get(), 2s)));
}

TEST_CASE("a child that ignores SIGTERM ends by SIGKILL") {
  io_loop io;
  std::optional<process_exit> how;
  child_process child(io, shell("trap 'echo no' TERM; echo ready; while :; do sleep 1000 & wait $!; done"),
                      [&](const process_exit& end) { how = end; });
  REQUIRE(run_until(io, [&] { return !child.last_lines().empty(); }));
  child.terminate();
  REQUIRE(run_until(io, [&] { return children::line_after(child.last_lines(), "no").has_value(); }));
  CHECK(child.running());
  child.kill_now();
  REQUIRE(run_until(io, [&] { return how.has_value(); }));
  CHECK(how->text() == "was killed by signal 9 (SIGKILL)");
  CHECK_FALSE(child.running());
  child.kill_now();
}

TEST_CASE("SIGTERM reaches the whole group") {
  io_loop io;
  std::optional<process_exit> how;
  child_process child(io, shell("sleep 1000 & echo ready; wait"),
                      [&](const process_exit& end) { how = end; });
  REQUIRE(run_until(io, [&] { return !child.last_lines().empty(); }));
  child.terminate();
  REQUIRE(run_until(io, [&] { return how.has_value(); }));
  CHECK(how->text() == "was killed by signal 15 (SIGTERM)");
}

TEST_CASE("a status that somebody else took is said to be lost") {
  io_loop io;
  std::optional<process_exit> how;
  child_process child(io, shell("exit 3"), [&](const process_exit& end) { how = end; });
  REQUIRE(::waitpid(child.pid(), nullptr, 0) == child.pid());
  REQUIRE(run_until(io, [&] { return how.has_value(); }));
  CHECK(how->kind() == process_exit::kind_type::unknown);
  CHECK(how->text().find("waitpid(-1)") != std::string::npos);
}

TEST_CASE("SIGCHLD ignored is said to be the reason") {
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  const auto result = run(shell("echo here; exit 3"));
  ::signal(SIGCHLD, before);
  CHECK(result.how.kind() == process_exit::kind_type::unknown);
  CHECK(result.how.text().find("SIGCHLD is ignored") != std::string::npos);
  CHECK(result.lines == words{"here"});
}

TEST_CASE("a dropped child is killed, without its handler, and reaped by the loop") {
  io_loop io;
  pid_t pid = 0;
  {
    child_process child(io, shell("exec sleep 1000"),
                        [](const process_exit&) { FAIL("nobody is left to tell"); });
    pid = child.pid();
  }
  CHECK(run_until(io, [&] { return ::kill(pid, 0) != 0; }));
}

TEST_CASE("a child whose loop is gone is killed and reaped all the same") {
  pid_t pid = 0;
  {
    std::unique_ptr<child_process> child;
    io_loop io;
    child = std::make_unique<child_process>(io, shell("exec sleep 1000"), child_process::exit_handler());
    pid = child->pid();
    child.reset();
  }
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("the handler may destroy its child") {
  io_loop io;
  std::unique_ptr<child_process> child;
  child = std::make_unique<child_process>(io, shell("exit 0"), [&](const process_exit&) { child.reset(); });
  CHECK(run_until(io, [&] { return child == nullptr; }));
}

TEST_CASE("a fork's copy of the owner does not touch the child") {
  io_loop io;
  std::optional<process_exit> how;
  std::optional<child_process> child(std::in_place, io, shell("read x </proc/$$/fd/0; exec sleep 1000"),
                                     [&](const process_exit& end) { how = end; });
  const pid_t copy = ::fork();
  if (copy == 0) {
    child.reset();
    ::_exit(0);
  }
  REQUIRE(::waitpid(copy, nullptr, 0) == copy);
  io.poll();
  CHECK(child->running());
  CHECK(::kill(child->pid(), 0) == 0);
  child->kill_now();
  CHECK(run_until(io, [&] { return how.has_value(); }));
}

TEST_CASE("two hundred children at once leave no descriptor and no process behind") {
  io_loop io;
  {
    std::optional<process_exit> how;
    const child_process first(io, shell("exit 0"), [&](const process_exit& end) { how = end; });
    REQUIRE(run_until(io, [&] { return how.has_value(); }));  // the loop has its own descriptors now
  }
  const auto before = children::open_descriptors();
  {
    std::vector<std::unique_ptr<child_process>> all;
    int ended = 0;
    for (int i = 0; i < 200; ++i) {
      all.push_back(
          std::make_unique<child_process>(io, shell("echo " + std::to_string(i)),
                                          [&](const process_exit& how) { ended += how.clean() ? 1 : 0; }));
    }
    REQUIRE(run_until(io, [&] { return ended == 200; }, 60s));
    for (int i = 0; i < 200; ++i) {
      CHECK(all[static_cast<std::size_t>(i)]->last_lines() == words{std::to_string(i)});
    }
  }
  CHECK(children::open_descriptors() == before);
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
}
