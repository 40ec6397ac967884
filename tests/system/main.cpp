// The main of the system tests: a child of a mesh, a scenario that runs by itself, or the tests.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <sys/syscall.h>

#include <atomic>
#include <string_view>
#include <thread>

#include "system/app.hpp"
#include "system/program.hpp"

// Stands before the C library's. A process serves its first address before its hello, its second after that,
// for its proc: VICEROY_TEST_BEFORE_HELLO and VICEROY_TEST_AFTER_HELLO say how it ends, or what it waits for,
// there.
extern "C" int listen(int socket, int backlog) noexcept {
  static std::atomic<int> counted = 0;  // of every loop of the process
  const int calls = ++counted;
  const char* const how =
      calls > 2 ? nullptr
                : std::getenv(calls == 1 ? "VICEROY_TEST_BEFORE_HELLO" : "VICEROY_TEST_AFTER_HELLO");
  const std::string_view what = how ? how : "";
  if (how) system_test::write_line(1, std::string("stuck ") + (calls == 1 ? "before" : "after") + " hello");
  if (what == "kill") ::kill(::getpid(), SIGKILL);
  if (what == "stop") ::kill(::getpid(), SIGSTOP);
  if (what == "exit") ::_exit(3);
  while (what == "wait") ::pause();
  return static_cast<int>(::syscall(SYS_listen, socket, backlog));
}

int main(int argc, char** argv) {
  if (auto rc = viceroy::run_child<system_test::app>()) return *rc;
  const std::string_view role = argc > 1 ? argv[1] : "";
  for (const auto& each : system_test::scenario::all())
    if (role == "--role=" + std::string(each.name)) return each.run(argc - 1, argv + 1);
  if (role.starts_with("--role=")) {
    std::fprintf(stderr, "there is no scenario %s\n", argv[1]);
    return 2;
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::thread([] {}).join();  // ThreadSanitizer's own thread comes with our first, and stays
  return doctest::Context(argc, argv).run();
}
