#include "viceroy/proc/roots_end.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "proc/fake_world.hpp"
#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace roots_end_test {

using lines = std::vector<std::string>;

// Notes its end; `waits`: its stop hook waits for a message first.
struct root {
  using handles = vr::messages<>;
  struct params {
    std::string name;
    lines* ends = nullptr;
    bool waits = false;
  };
  explicit root(params p) : p_(std::move(p)) {}
  vr::task<void> stop(vr::context<root>& cx) {
    if (!p_.waits) co_return;
    auto [port, inbox] = cx.open_once_port<int>();
    go_on = port.bind();
    co_await inbox.recv();
  }
  void cleanup(vr::context<root>&) { p_.ends->push_back(p_.name); }

  params p_;
  vr::once_port_ref<int> go_on;
};

}  // namespace roots_end_test

using namespace roots_end_test;

TEST_CASE("a proc's instances end when its actors have, and then its agent, who tells of them all") {
  by_hand::world w;
  lines ends;
  vr::detail::spawn_in<root>(w.home, vr::label::parse("agent"), nullptr, true, "agent", &ends);
  auto& slow =
      vr::detail::spawn_in<root>(w.home, vr::label::parse("slow"), nullptr, false, "slow", &ends, true);
  vr::instance client(w.home, vr::label::parse("client"));
  vr::detail::spawn_in<root>(w.home, vr::label::parse("quick"), nullptr, false, "quick", &ends);
  w.settle();
  bool done = false;
  vr::roots_end::stop(w.home, vr::stop_mode::drain, [&] { done = true; });
  w.settle();
  CHECK(ends == lines{"quick"});
  CHECK(client.status() == vr::status::running);
  slow.actor().go_on.send(client, 1);
  w.settle();
  CHECK(ends == lines{"quick", "slow", "agent"});
  CHECK(client.status() == vr::status::stopped);
  CHECK(done);
}

TEST_CASE("a proc's instances wait for the meshes that end in its name, unless they are killed") {
  for (const bool killed : {false, true}) {
    fake::world w;
    vr::directory& home = w.core.make_proc(vr::address::random_unix(), vr::label::parse("p"));
    vr::callback<void()> go_on;
    w.core.tell_meshes_ended([&](const vr::directory& proc, vr::callback<void()> then) {
      CHECK(&proc == &home);
      go_on = std::move(then);
    });
    vr::instance client(home, vr::label::parse("client"));
    w.run();
    int done = 0;
    vr::roots_end::stop(home, vr::stop_mode::drain, [&] { ++done; });
    w.run();
    CHECK(client.status() == vr::status::running);
    CHECK(done == 0);
    if (killed) vr::roots_end::stop(home, vr::stop_mode::kill, [&] { ++done; });
    w.run();
    CHECK(done == (killed ? 2 : 0));
    go_on();
    w.run();
    CHECK(client.status() != vr::status::running);
    CHECK(done == (killed ? 2 : 1));
  }
}

TEST_CASE("a proc that is killed ends in the same order, also when it was being drained") {
  by_hand::world w;
  lines ends;
  vr::detail::spawn_in<root>(w.home, vr::label::parse("agent"), nullptr, true, "agent", &ends);
  vr::detail::spawn_in<root>(w.home, vr::label::parse("slow"), nullptr, false, "slow", &ends, true);
  w.settle();
  int done = 0;
  vr::roots_end::stop(w.home, vr::stop_mode::drain, [&] { ++done; });
  w.settle();
  CHECK(ends.empty());
  vr::roots_end::stop(w.home, vr::stop_mode::kill, [&] { ++done; });
  w.settle();
  CHECK(ends == lines{"slow", "agent"});
  CHECK(done == 2);
}

TEST_CASE("at a program's end the youngest root of the youngest proc ends first") {
  by_hand::world w;
  lines ends;
  vr::directory younger(vr::proc_id(w.home.id().address(), vr::label::parse("a")), w.queue);
  younger.publish();
  const auto start = [&](vr::directory& proc, const char* name) {
    vr::detail::spawn_in<root>(proc, vr::label::parse(name), nullptr, false, name, &ends);
  };
  start(w.home, "first");
  start(younger, "third");
  start(w.home, "second");
  start(younger, "fourth");
  w.settle();
  vr::series<vr::directory*> procs;
  procs.push_back(&w.home);
  procs.push_back(&younger);
  bool done = false;
  vr::roots_end::begin(std::move(procs), w.clock.now() + std::chrono::seconds(1), [&] { done = true; });
  w.settle();
  w.pass(std::chrono::milliseconds(10));
  CHECK(done);
  CHECK(ends == lines{"fourth", "third", "second", "first"});
  younger.withdraw();
}
