#include "viceroy/host/process_prefix.hpp"

#include <doctest/doctest.h>

#include "host/children.hpp"

using viceroy::command_prefix;
using viceroy::rank_is_listed;
using words = std::vector<std::string>;

TEST_CASE("a list of ranks names single ones and ranges") {
  CHECK(rank_is_listed("3", 3));
  CHECK_FALSE(rank_is_listed("3", 4));
  CHECK(rank_is_listed("0,5-7", 6));
  CHECK(rank_is_listed("0,5-7", 7));
  CHECK_FALSE(rank_is_listed("0,5-7", 8));
  CHECK_FALSE(rank_is_listed("", 0));
  CHECK_THROWS_AS(rank_is_listed("0,x", 0), viceroy::error);
  CHECK_THROWS_AS(rank_is_listed("1-", 0), viceroy::error);
  CHECK_THROWS_AS(rank_is_listed("99999999999999999999", 0), viceroy::error);
}

TEST_CASE("the prefix stands before the chosen ranks only") {
  CHECK(command_prefix(0).empty());
  ::setenv("VICEROY_CHILD_PREFIX", "env -u HOME", 1);
  CHECK(command_prefix(7) == words{"env", "-u", "HOME"});
  ::setenv("VICEROY_CHILD_PREFIX_RANKS", "0,2", 1);
  CHECK(command_prefix(2) == words{"env", "-u", "HOME"});
  CHECK(command_prefix(1).empty());
  ::unsetenv("VICEROY_CHILD_PREFIX_RANKS");
  ::unsetenv("VICEROY_CHILD_PREFIX");
}

TEST_CASE("a tool gets the path of this program, not of itself, as what to run") {
  auto options = children::shell("");
  options.command = viceroy::bootstrap_command("/proc/self/exe");
  options.prefix = {"echo"};
  const auto result = children::run(options);
  CHECK(result.lines == words{std::filesystem::read_symlink("/proc/self/exe").string()});
}

TEST_CASE("a command runs under its tool, with arguments and environment") {
  auto options = children::shell("echo $0 $1 $VALUE");
  options.command =
      viceroy::bootstrap_command("/bin/sh", {"-c", "echo $0 $1 $VALUE", "a", "b c"}).env("VALUE", "v");
  options.prefix = {"env", "PREFIXED=yes"};
  CHECK(children::run(options).lines == words{"a b c v"});
}
