#include "viceroy/host/bootstrap_command.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "host/children.hpp"

using viceroy::bootstrap_command;

TEST_CASE("a command is its program, arguments and environment; env and arg leave the original as it was") {
  const bootstrap_command plain("worker", {"--fast", "two words"});
  const bootstrap_command more = plain.env("A", "1").env("B", "x=y");
  CHECK(plain.environment().empty());
  CHECK(more.environment() == bootstrap_command::environment_type{{"A", "1"}, {"B", "x=y"}});
  CHECK(more == bootstrap_command(more.program(), more.arguments(), more.environment()));
  CHECK(more != plain);
  CHECK(bootstrap_command("worker").arg("--fast").arg("two words") == plain);
  CHECK(plain.arg("").arguments().size() == 3);
  CHECK(plain.arguments().size() == 2);
}

TEST_CASE("a command that cannot be executed is refused when it is made") {
  CHECK_THROWS_AS(bootstrap_command(""), viceroy::error);
  CHECK_THROWS_AS(bootstrap_command(std::string("a\0b", 3)), viceroy::error);
  CHECK_THROWS_AS(static_cast<void>(bootstrap_command("a").arg(std::string("b\0", 2))), viceroy::error);
  CHECK_THROWS_AS(static_cast<void>(bootstrap_command("a").env("", "1")), viceroy::error);
  CHECK_THROWS_AS(static_cast<void>(bootstrap_command("a").env("A=B", "1")), viceroy::error);
  CHECK_THROWS_AS(static_cast<void>(bootstrap_command("a").env("A", std::string("\0", 1))), viceroy::error);
}

TEST_CASE("self is this program, unless the environment names another") {
  CHECK(bootstrap_command::self().program() == "/proc/self/exe");
  CHECK(bootstrap_command::self().arguments().empty());
  CHECK(bootstrap_command::self().is_self());
  ::setenv("VICEROY_BOOTSTRAP_COMMAND", "/lib/ld.so '/opt/my program' -x", 1);
  CHECK(bootstrap_command::self() == bootstrap_command("/lib/ld.so", {"/opt/my program", "-x"}));
  ::setenv("VICEROY_BOOTSTRAP_COMMAND", "'open", 1);
  CHECK_THROWS_WITH_AS(bootstrap_command::self(),
                       "VICEROY_BOOTSTRAP_COMMAND has a quote ' that is not closed", viceroy::error);
  ::unsetenv("VICEROY_BOOTSTRAP_COMMAND");
}

TEST_CASE("role: says its name" * doctest::skip()) {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string name;
  std::getline(file, name, '\0');
  std::printf("name %s\n", name.c_str());
  std::fflush(stdout);
  ::_exit(0);
}

TEST_CASE("self is shown under the argv[0] of whoever starts it") {
  CHECK(children::line_after(children::run(children::role("says its name")).lines, "name ") ==
        viceroy::detail::own_argv0());
}
