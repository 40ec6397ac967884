#include "viceroy/host/process_descriptor_limit.hpp"

#include <doctest/doctest.h>

#include "host/children.hpp"

namespace {

rlim_t soft_limit() {
  rlimit now{};
  ::getrlimit(RLIMIT_NOFILE, &now);
  return now.rlim_cur;
}

}  // namespace

TEST_CASE("role: restores" * doctest::skip()) {
  const auto inherited = soft_limit();
  const auto taken = viceroy::process_environment::take();
  if (taken.descriptor_limit()) viceroy::restore_descriptor_limit(*taken.descriptor_limit());
  std::printf("inherited %lu restored %lu\n", inherited, soft_limit());
  std::fflush(stdout);
  ::_exit(0);
}

TEST_CASE("role: raises" * doctest::skip()) {
  rlimit low{};
  ::getrlimit(RLIMIT_NOFILE, &low);
  low.rlim_cur = 200;
  low.rlim_max = 300;
  ::setrlimit(RLIMIT_NOFILE, &low);
  std::printf("raised to %lu\n", viceroy::raise_descriptor_limit());
  std::printf("again %lu\n", viceroy::raise_descriptor_limit());
  const auto child = children::run(children::role("restores"));
  std::printf("child %s\n", children::line_after(child.lines, "inherited ").value_or("nothing").c_str());
  std::fflush(stdout);
  ::_exit(0);
}

TEST_CASE("the soft limit of descriptors is raised in a parent and restored in its children") {
  const auto lines = children::run(children::role("raises")).lines;
  CHECK(children::line_after(lines, "raised to ") == "300");
  CHECK(children::line_after(lines, "again ") == "300");
  CHECK(children::line_after(lines, "child ") == "300 restored 200");
}
