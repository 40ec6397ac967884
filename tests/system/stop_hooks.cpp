// What actors of our own process say when the program ends: their stop hooks.
#include <doctest/doctest.h>

#include "system/app.hpp"
#include "system/program.hpp"

using namespace system_test;

namespace stop_hooks_test {

struct ask_name {};

// Says when it stops; slowly if told to, badly if told to; asks another one first if there is one.
struct sayer {
  using handles = vr::messages<ask_name>;
  struct params {
    std::string text;
    bool slow = false;
    bool bad = false;
    vr::actor_ref<sayer> asks{};
  };
  explicit sayer(params p) : p_(std::move(p)) {}
  std::string handle(vr::context<sayer>&, ask_name) { return p_.text; }
  vr::task<void> stop(vr::context<sayer>& cx) {
    std::string also;
    if (p_.asks != vr::actor_ref<sayer>()) also = " before " + co_await p_.asks.call<ask_name>(cx);
    if (p_.slow) {
      auto [port, inbox] = cx.open_once_port<int>();
      co_await sentence_of(vr::within(20ms, inbox.recv()));
    }
    write_line(1, p_.text + " stops" + also);
    if (p_.bad) throw std::runtime_error("cannot say goodbye");
  }
  params p_;
};
using hooks_app = vr::application<"stop_hooks", vr::actors<sayer>>;

// One with a thread of its own.
struct loner {
  using execution = vr::own_thread;
  using handles = vr::messages<ask_name>;
  void handle(vr::context<loner>&, ask_name) {}
  void stop(vr::context<loner>&) { throw std::runtime_error("cannot say goodbye"); }
};

vr::task<int> ends(vr::runtime<hooks_app>& rt) {
  const std::string what = rt.arguments().at(1);
  auto root = vr::proc<hooks_app>::direct(rt, vr::transport::unix_domain, "root");
  auto client = root.instance("client");
  if (what == "waits") {
    auto first = root.spawn<sayer>("first", "first");
    root.spawn<sayer>("second", "second", true, false, first);
    client.spawn<sayer>("child", true, false, first);
  } else if (what == "fails") {
    client.spawn<sayer>("child", true, true);
  } else if (what == "root_fails") {
    root.spawn<sayer>("bad", "bad", false, true);
  } else if (what == "loner_fails") {
    client.spawn<loner>();
  }
  co_return 0;
}
int run(int argc, char** argv) { return vr::main<hooks_app>(argc, argv, ends); }
const scenario a("ends_with_hooks", run);

// The same in processes of their own, where it matters who asks for the end and who waits for it.
vr::task<int> far_ends(vr::runtime<app>& rt) {
  const std::string what = rt.arguments().at(1);
  auto client = client_of(rt);
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 1));
  auto actors = co_await procs.spawn<leaver>(client, "leaver", what == "dies" ? SIGABRT : 0);
  if (what == "actors") write_line(1, "said: " + co_await sentence_of(actors.stop(client)));
  if (what == "procs" || what == "dies") write_line(1, "said: " + co_await sentence_of(procs.stop(client)));
  co_return 0;
}
int far_run(int argc, char** argv) { return vr::main<app>(argc, argv, far_ends); }
const scenario b("far_ends_with_hooks", far_run);

// The same where the root task's frame is survived by what it made.
struct survivors {
  vr::proc_mesh<app> procs;
  vr::actor_mesh<leaver> actors;
};
vr::task<int> survived(vr::runtime<app>& rt) {
  static std::vector<survivors> all;
  auto client = client_of(rt);
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 1));
  auto actors = co_await procs.spawn<leaver>(client, "leaver", rt.arguments().at(1) == "dies" ? SIGABRT : 0);
  all.push_back({std::move(procs), std::move(actors)});
  co_return 0;
}
int survived_run(int argc, char** argv) { return vr::main<app>(argc, argv, survived); }
const scenario d("survived_with_hooks", survived_run);

// The same where an actor in a process of its own owns them.
vr::task<int> owned_ends(vr::runtime<app>& rt) {
  const std::string what = rt.arguments().at(1);
  auto client = client_of(rt);
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 1));
  auto managers = co_await procs.spawn<manager>(client, "manager");
  co_await managers.call<leave_below>(client, rt.arguments().at(2) == "dies" ? SIGABRT : 0);
  if (what == "stopped") write_line(1, "said: " + co_await sentence_of(procs.stop(client)));
  co_return 0;
}
int owned_run(int argc, char** argv) { return vr::main<app>(argc, argv, owned_ends); }
const scenario e("owned_with_hooks", owned_run);

// An actor that itself stops what it owns.
vr::task<int> tidies(vr::runtime<app>& rt) {
  auto client = client_of(rt);
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 1));
  auto tidiers = co_await procs.spawn<tidier>(client, "tidier");
  co_await tidiers.call<start_below>(client, 2u);
  const std::string what = rt.arguments().at(1);
  if (what == "actors") write_line(1, "said: " + co_await sentence_of(tidiers.stop(client)));
  if (what == "procs") write_line(1, "said: " + co_await sentence_of(procs.stop(client)));
  co_return 0;
}
int tidies_run(int argc, char** argv) { return vr::main<app>(argc, argv, tidies); }
const scenario f("tidies_up", tidies_run);

// A root task that goes on although its instance has failed.
vr::task<int> goes_on(vr::runtime<hooks_app>& rt) {
  auto root = vr::proc<hooks_app>::direct(rt, vr::transport::unix_domain, "root");
  auto client = root.instance("client");
  auto [port, inbox] = client.open_once_port<int>();
  client.stop(client.spawn<sayer>("child", false, true));
  write_line(1, "said: " + co_await sentence_of(vr::within(20s, inbox.recv())));
  co_return 0;
}
int goes_on_run(int argc, char** argv) { return vr::main<hooks_app>(argc, argv, goes_on); }
const scenario c("goes_on_after_failure", goes_on_run);

}  // namespace stop_hooks_test

TEST_CASE("a program's end waits for the stop hooks of its own actors, the youngest first, and runs each") {
  program p("ends_with_hooks", {"waits"});
  CHECK(p.wait() == 0);
  INFO(p.output());
  const auto child = p.output().find("child stops before first");
  const auto second = p.output().find("second stops before first");
  const auto first = p.output().find("first stops\n");
  REQUIRE(first != std::string::npos);
  CHECK(child < second);
  CHECK(second < first);
}

TEST_CASE("a stop hook that fails while the program ends makes its status 1, and is named") {
  for (const std::string what : {"fails", "root_fails", "loner_fails"}) {
    program p("ends_with_hooks", {what});
    CHECK(p.wait() == 1);
    INFO(p.output());
    CHECK(p.count("failed in its stop hook: cannot say goodbye") == 1);
  }
}

TEST_CASE("a stop hook that fails in another process is told to who awaits that end, once") {
  const nothing_left check;
  program p("far_ends_with_hooks", {"actors"});
  CHECK(p.expect("said: stopping actor mesh leaver-").find("failed in its stop hook: cannot say goodbye") !=
        std::string::npos);
  CHECK(p.wait() == 0);
  CHECK(p.count("cannot say goodbye") == 1);
}

TEST_CASE(
    "a stop hook that fails while its process ends is said there, and the process's end is not in order") {
  const nothing_left check;
  program p("far_ends_with_hooks", {"procs"});
  const std::string said = p.expect("said: stopping proc mesh ");
  CHECK(said.find("exited with status 1; last lines: viceroy: ") != std::string::npos);
  CHECK(said.find("failed in its stop hook: cannot say goodbye") != std::string::npos);
  CHECK(p.wait() == 0);
}

TEST_CASE("a process that dies of its stop hooks was not asked to end so") {
  const nothing_left check;
  program p("far_ends_with_hooks", {"dies"});
  CHECK(p.expect("said: stopping proc mesh ").find("was killed by signal 6 (SIGABRT)") != std::string::npos);
  CHECK(p.wait() == 0);
}

TEST_CASE("a stop hook that fails in another process, and for whose end nobody waits, makes the status 1") {
  const nothing_left check;
  program p("far_ends_with_hooks", {"dropped"});
  CHECK(p.wait() == 1);
  INFO(p.output());
  CHECK(p.count("failed in its stop hook: cannot say goodbye") == 1);
}

TEST_CASE("a stop hook that fails in a process whose handle outlives the root task makes the status 1") {
  for (const bool dies : {false, true}) {
    const nothing_left check;
    program p("survived_with_hooks", {dies ? "dies" : "throws"});
    CHECK(p.wait() == 1);
    INFO(p.output());
    CHECK(p.count("viceroy: shutting host mesh this_host") == 1);
    CHECK(p.count(dies ? "was killed by signal 6 (SIGABRT)"
                       : "failed in its stop hook: cannot say goodbye") != 0);
  }
}

TEST_CASE("a stop hook that fails below an actor whose own process ends is told to who ends that process") {
  for (const bool dies : {false, true}) {
    const nothing_left check;
    program p("owned_with_hooks", {"stopped", dies ? "dies" : "throws"});
    const std::string said = p.expect("said: stopping proc mesh ");
    CHECK(said.find("exited with status 1; last lines:") != std::string::npos);
    CHECK(p.wait() == 0);
    INFO(p.output());
    CHECK(p.count(dies ? "was killed by signal 6 (SIGABRT)"
                       : "failed in its stop hook: cannot say goodbye") != 0);
  }
}

TEST_CASE("a stop hook that fails below an actor of another process makes the status of the program 1") {
  for (const bool dies : {false, true}) {
    const nothing_left check;
    program p("owned_with_hooks", {"dropped", dies ? "dies" : "throws"});
    CHECK(p.wait() == 1);
    INFO(p.output());
    CHECK(p.count(dies ? "was killed by signal 6 (SIGABRT)"
                       : "failed in its stop hook: cannot say goodbye") != 0);
  }
}

TEST_CASE("a stop hook may ask, and stop, the meshes that its actor owns") {
  for (const std::string what : {"actors", "procs"}) {
    const nothing_left check;
    program p("tidies_up", {what});
    p.expect("tidied 2");
    p.expect("said: nothing was thrown");
    CHECK(p.wait() == 0);
    INFO(p.output());
    CHECK(p.count("viceroy: ") == 0);
  }
}

TEST_CASE(
    "the failure of an instance is the program's, also when its root task catches what it heard of it") {
  program p("goes_on_after_failure");
  CHECK(p.wait() == 1);
  INFO(p.output());
  CHECK(p.count("said: ") == 1);
  CHECK(p.count("viceroy: ") == 1);
  CHECK(p.count("failed in its stop hook: cannot say goodbye") == 2);
}
