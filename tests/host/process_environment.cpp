#include "viceroy/host/process_environment.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "host/children.hpp"

using viceroy::process_environment;

TEST_CASE("the variables of a child are read once and are gone then") {
  CHECK_FALSE(process_environment::take().is_child());
  ::setenv("VICEROY_BOOTSTRAP_ADDR", "unix:@x", 1);
  ::setenv("VICEROY_BOOTSTRAP_INDEX", "7", 1);
  ::setenv("VICEROY_TRACE_ID", "t", 1);
  ::setenv("VICEROY_PROCESS_NAME", "p0 3", 1);
  ::setenv("VICEROY_LIFELINE_FD", "3", 1);
  ::setenv("VICEROY_PARENT_PID", "12", 1);
  ::setenv("VICEROY_NOFILE", "1024", 1);
  const auto taken = process_environment::take();
  CHECK(taken.is_child());
  CHECK(taken.address() == "unix:@x");
  CHECK(taken.index() == 7);
  CHECK(taken.mode() == "allocated");
  CHECK(taken.trace_id() == "t");
  CHECK(taken.process_name() == "p0 3");
  CHECK(taken.lifeline_descriptor() == 3);
  CHECK(taken.parent_pid() == 12);
  CHECK(taken.descriptor_limit() == 1024);
  CHECK_FALSE(process_environment::take().is_child());
  CHECK(std::getenv("VICEROY_LIFELINE_FD") == nullptr);
}

TEST_CASE("a number that is none is refused by its variable's name") {
  ::setenv("VICEROY_BOOTSTRAP_INDEX", "7x", 1);
  CHECK_THROWS_WITH_AS(process_environment::take(),
                       "VICEROY_BOOTSTRAP_INDEX='7x' is not a number; only what starts a child sets it",
                       viceroy::error);
}

TEST_CASE("role: shows its name" * doctest::skip()) {
  process_environment::take().show_process_name();
  std::string name;
  std::getline(std::ifstream("/proc/self/comm"), name);
  std::printf("name %s\n", name.c_str());
  std::fflush(stdout);
  ::_exit(0);
}

TEST_CASE("a process that was started as /proc/self/exe is shown under its own name") {
  auto options = children::role("shows its name");
  options.environment.emplace_back("VICEROY_PROCESS_NAME", "p0 rank 3 at host");
  CHECK(children::line_after(children::run(options).lines, "name ") == "p0 rank 3 at ho");
}
