#include "viceroy/host/process_exit.hpp"

#include <doctest/doctest.h>

#include <signal.h>

using viceroy::process_exit;

TEST_CASE("an exit completes a sentence") {
  CHECK(process_exit::exited(3).text() == "exited with status 3");
  CHECK(process_exit::killed(SIGKILL, false).text() == "was killed by signal 9 (SIGKILL)");
  CHECK(process_exit::killed(SIGSEGV, true).text() == "was killed by signal 11 (SIGSEGV, core dumped)");
  CHECK(process_exit::unknown("because").text() == "ended, and its exit status was lost: because");
  CHECK(viceroy::signal_name(SIGRTMIN + 2) == "SIGRTMIN+2");
}

TEST_CASE("only status 0 is clean") {
  CHECK(process_exit::exited(0).clean());
  CHECK_FALSE(process_exit::exited(1).clean());
  CHECK_FALSE(process_exit::killed(SIGTERM, false).clean());
  CHECK_FALSE(process_exit::unknown("").clean());
}
