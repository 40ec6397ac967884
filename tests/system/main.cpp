// The main of the system tests: a child of a mesh, a scenario that runs by itself, or the tests.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <string_view>

#include "system/app.hpp"
#include "system/program.hpp"

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
  return doctest::Context(argc, argv).run();
}
