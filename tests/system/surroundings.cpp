// Processes in poor surroundings: too few descriptors, closed standard streams, odd variables.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>

#include <cerrno>

#include "support/sanitized.hpp"
#include "system/app.hpp"
#include "system/processes.hpp"
#include "system/program.hpp"

using namespace system_test;

namespace {

// Needs no socket, so that only what every runtime needs may fail.
int few_descriptors(int, char** argv) {
  const auto n = static_cast<rlim_t>(std::atoi(argv[1]));
  const rlimit few{n, n};
  if (::setrlimit(RLIMIT_NOFILE, &few) != 0) return 2;
  return vr::main<app>(1, argv, [](vr::runtime<app>&) -> vr::task<void> { co_return; });
}
const scenario a("few_descriptors", few_descriptors);

// What reads or writes a stream that was closed finds it closed, and no socket of the mesh.
int closed_streams(int, char** argv) {
  for (int stream = 0; stream <= 2; ++stream) ::close(stream);
  return vr::main<app>(1, argv, [](vr::runtime<app>& rt) -> vr::task<int> {
    auto client = client_of(rt);
    auto mesh = co_await whole_mesh(client, vr::dim("hosts", 1), vr::dim("gpus", 1));
    char byte = 'x';
    int wrong = 0;
    if (::read(0, &byte, 1) != -1 || errno != EBADF) wrong |= 4;
    for (int stream = 1; stream <= 2; ++stream)
      if (::write(stream, &byte, 1) != -1 || errno != EBADF) wrong |= 8;
    mesh.actors.cast<say>(client, "nobody hears this", "nor this");
    co_await mesh.actors.call<where>(client);
    co_await mesh.hosts.shutdown(client);
    co_return wrong;
  });
}
const scenario b("closed_streams", closed_streams);

int small_mesh(int, char** argv) {
  return vr::main<app>(1, argv, [](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto mesh = co_await whole_mesh(client, vr::dim("hosts", 1), vr::dim("gpus", 2));
    co_await mesh.actors.call<where>(client);
    co_await mesh.hosts.shutdown(client);
  });
}
const scenario c("small_mesh", small_mesh);

}  // namespace

// (A sanitizer needs descriptors itself, to look and to report.)
TEST_CASE("a process that may open too few files says so in one line, and runs without a watchdog if it can" *
          doctest::skip(VICEROY_TEST_SANITIZED)) {
  const nothing_left check;
  bool ran_unwatched = false;
  for (int n = 4; n != 24; ++n) {
    CAPTURE(n);
    program p("few_descriptors", {std::to_string(n)});
    const int status = p.wait();
    CAPTURE(p.output());
    CHECK((status == 0 || status == 1));
    CHECK(p.count("Too many open files") == p.count("viceroy: "));
    CHECK(p.count("viceroy: ") <= 1);
    if (status == 1) CHECK(p.count(" cannot run: ") == 1);
    ran_unwatched |= status == 0 && p.count(" has no watchdog: eventfd failed: ") == 1;
  }
  CHECK(ran_unwatched);
}

TEST_CASE("standard streams that are closed stay so: no socket of a mesh gets their numbers") {
  const nothing_left check;
  program p("closed_streams");
  CHECK(p.wait() == 0);
}

TEST_CASE("variables that only a launcher sets mean nothing to a program's own children") {
  const nothing_left check;
  const std::string bytes = "\xff\xfe\x01";
  for (const std::string& value : {std::string(), std::string("junk"), bytes, std::string(100'000, 'x')}) {
    program p("small_mesh", {},
              {"VICEROY_NOFILE=" + value, "VICEROY_LIFELINE_FD=" + value, "VICEROY_PARENT_PID=" + value,
               "VICEROY_BOOTSTRAP_INDEX=" + value, "VICEROY_BOOTSTRAP_MODE=" + value,
               "VICEROY_TRACE_ID=" + value, "VICEROY_PROCESS_NAME=" + value});
    CHECK_MESSAGE(p.wait() == 0, p.output());
  }
}

TEST_CASE("a variable of a child that is garbage is shown in a line of bounded length") {
  for (const char* name : {"VICEROY_BOOTSTRAP_INDEX", "VICEROY_LIFELINE_FD", "VICEROY_PARENT_PID"}) {
    program p("small_mesh", {},
              {"VICEROY_BOOTSTRAP_ADDR=unix:@0", name + ("=\n" + std::string(100'000, 'x'))});
    CHECK(p.wait() == 1);
    CAPTURE(p.output());
    CHECK(p.output().size() < 300);
    CHECK(p.count(std::string(" cannot run as a child: ") + name + "='?xxx") == 1);
    CHECK(p.count("is not a number; only what starts a child sets it") == 1);
  }
}
