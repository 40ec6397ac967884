// What children write: it appears on our streams, whole lines, and the tool that they are started under.
#include <doctest/doctest.h>

#include "system/app.hpp"
#include "system/program.hpp"

using namespace system_test;

namespace {

vr::task<void> everyone_speaks(vr::runtime<app>& rt) {
  auto client = client_of(rt);
  auto mesh = co_await whole_mesh(client, vr::dim("hosts", 2), vr::dim("gpus", 4));
  for (int i = 0; i != 50; ++i) {
    auto said = mesh.actors.call<say>(client, "out " + std::string(100, 'o') + " end",
                                      "err " + std::string(100, 'e') + " end");
    co_await std::move(said);
  }
  co_await mesh.hosts.shutdown(client);
}
vr::task<void> last_words(vr::runtime<app>& rt) {
  auto client = client_of(rt);
  auto mesh = co_await whole_mesh(client, vr::dim("hosts", 1), vr::dim("gpus", 1));
  auto call = mesh.actors.call_one<die>(client, -6);
  co_await std::move(call);
}
vr::task<void> waits_for_ever(vr::runtime<app>& rt) {
  rt.limits().drain = 300ms;
  auto client = client_of(rt);
  auto mesh = co_await whole_mesh(client, vr::dim("hosts", 1), vr::dim("gpus", 2));
  auto [begun, hears] = client.open_once_port<int>();
  mesh.actors.slice("gpus", 1).cast<hang>(client, begun.bind());
  co_await hears.recv();
  co_await mesh.hosts.shutdown(client);
}
vr::task<void> waits_behind_a_stop(vr::runtime<app>& rt) {
  rt.limits().drain = 300ms;
  rt.limits().actor_stop = 200ms;
  auto client = client_of(rt);
  auto mesh = co_await whole_mesh(client, vr::dim("hosts", 1), vr::dim("gpus", 2));
  auto [begun, hears] = client.open_once_port<int>();
  mesh.actors.slice("gpus", 1).cast<hang>(client, begun.bind());
  co_await hears.recv();
  co_await mesh.actors.stop(client);
  co_await mesh.hosts.shutdown(client);
}
template <auto F>
int run(int argc, char** argv) {
  return vr::main<app>(argc, argv, [](vr::runtime<app>& rt) { return F(rt); });
}
const scenario a("everyone_speaks", run<everyone_speaks>);
const scenario b("last_words", run<last_words>);
const scenario c("waits_for_ever", run<waits_for_ever>);
const scenario d("waits_behind_a_stop", run<waits_behind_a_stop>);

}  // namespace

TEST_CASE("what procs write on stdout and stderr is written through two levels, in whole lines, all of it") {
  const nothing_left check;
  program speaks("everyone_speaks");
  CHECK(speaks.wait() == 0);
  const std::string out = "out " + std::string(100, 'o') + " end";
  const std::string err = "err " + std::string(100, 'e') + " end";
  CHECK(speaks.lines_that_are(out) == 400);
  CHECK(speaks.lines_that_are(err) == 400);
  CHECK(speaks.count("o") == 400);
  CHECK(speaks.count("err") == 400);
}

TEST_CASE("the last words of a proc are written through, and stand in the error") {
  const nothing_left check;
  program ends("last_words");
  CHECK(ends.wait() == 1);
  INFO(ends.output());
  CHECK(ends.lines_that_are("these are my last words") >= 1);
  CHECK(has(ends.output(), "exited with status 6"));
  CHECK(ends.count("viceroy: ") == 1);
}

TEST_CASE("a process that ends although an actor of it still handles something says which actor, and what") {
  const nothing_left check;
  program waits("waits_for_ever");
  CHECK(waits.wait() == 0);
  INFO(waits.output());
  CHECK(waits.count(" ends after 240 ms although unix:") == 1);
  CHECK(waits.count(" still handles system_test::hang") == 1);
  CHECK(waits.count("viceroy: ") == 1);
}

TEST_CASE("an actor that still handles something when a stop's limit is over is named with it") {
  const nothing_left check;
  program waits("waits_behind_a_stop");
  CHECK(waits.wait() == 0);
  INFO(waits.output());
  CHECK(waits.count(" still handles system_test::hang 300 ms after it was asked to stop") == 1);
  CHECK(waits.count("viceroy: ") == 1);
}

TEST_CASE("VICEROY_CHILD_PREFIX starts children under a tool, for the ranks that are listed") {
  const nothing_left check;
  ::setenv("VICEROY_CHILD_PREFIX", "env MARK='one and two'", 1);
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 3));
    auto actors = co_await procs.spawn<probe>(client, "probe");
    auto marks = co_await actors.call<variable>(client, "MARK");
    CHECK(marks.values() == std::vector<std::string>(3, "one and two"));
    ::setenv("VICEROY_CHILD_PREFIX_RANKS", "1", 1);
    auto chosen = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 3));
    auto chosen_actors = co_await chosen.spawn<probe>(client, "probe");
    auto chosen_marks = co_await chosen_actors.call<variable>(client, "MARK");
    CHECK(chosen_marks.values() == std::vector<std::string>{"", "one and two", ""});
  });
  ::unsetenv("VICEROY_CHILD_PREFIX_RANKS");
  ::setenv("VICEROY_CHILD_PREFIX", "/no/such/tool --args", 1);
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    const std::string why = co_await sentence_of(vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2)));
    CHECK_MESSAGE((has(why, "rank 0") && has(why, "/no/such/tool")), why);
  });
  ::setenv("VICEROY_CHILD_PREFIX", "'unclosed", 1);
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    const std::string why = co_await sentence_of(vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2)));
    CHECK_MESSAGE(has(why, "VICEROY_CHILD_PREFIX"), why);
  });
  ::unsetenv("VICEROY_CHILD_PREFIX");
}

TEST_CASE("children do not see the variables that made them children") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::extent::unity());
    auto actors = co_await procs.spawn<probe>(client, "probe");
    for (const char* name : {"VICEROY_BOOTSTRAP_ADDR", "VICEROY_BOOTSTRAP_INDEX", "VICEROY_BOOTSTRAP_MODE",
                             "VICEROY_LIFELINE_FD", "VICEROY_PROCESS_NAME"}) {
      auto value = co_await actors.call_one<variable>(client, name);
      CHECK(value == "");
    }
  });
}
