#include "viceroy/actor/dispatch.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace dispatch_test {

std::vector<std::string> log;
vr::port_ref<int> gate;  // of the hook that waits
int trouble = 0;         // which hook throws

struct say {
  std::string text;
};
struct have_child {};

struct child {
  using handles = vr::messages<say>;
  void handle(vr::context<child>&, const say& m) { log.push_back("child " + m.text); }
  void stop(vr::context<child>&) { log.push_back("child stop"); }
  void cleanup(vr::context<child>&) { log.push_back("child cleanup"); }
  ~child() { log.push_back("child gone"); }
};

struct hooked {
  using handles = vr::messages<say, have_child>;
  hooked() { log.push_back("made"); }
  hooked(const hooked&) = delete;
  hooked& operator=(const hooked&) = delete;
  void init(vr::context<hooked>& cx) {
    if (trouble == 1) throw std::runtime_error("no init");
    log.push_back("init " + std::to_string(cx.self().id().slot()));
  }
  void handle(vr::context<hooked>&, const say& m) { log.push_back(m.text); }
  void handle(vr::context<hooked>& cx, have_child) { cx.spawn<child>(); }
  void stop(vr::context<hooked>&) {
    log.push_back("stop");
    if (trouble == 2) throw std::runtime_error("no stop");
  }
  void cleanup(vr::context<hooked>& cx) {
    log.push_back("cleanup " + std::to_string(cx.self().id().slot()));
    if (trouble == 3) throw std::runtime_error("no cleanup");
  }
  ~hooked() { log.push_back("gone"); }
};

struct slow_hooks {
  using handles = vr::messages<say>;
  vr::task<void> init(vr::context<slow_hooks>& cx) { co_await pass(cx, "init"); }
  void handle(vr::context<slow_hooks>&, const say& m) { log.push_back(m.text); }
  vr::task<void> stop(vr::context<slow_hooks>& cx) { co_await pass(cx, "stop"); }
  ~slow_hooks() { log.push_back("gone"); }

  static vr::task<void> pass(vr::context<slow_hooks>& cx, std::string what) {
    log.push_back(what + " begins");
    auto [port, inbox] = cx.open_port<int>();
    gate = port.bind();
    if (co_await inbox.recv() < 0) throw std::runtime_error("no " + what);
    log.push_back(what + " ends");
  }
};

template <class A>
vr::actor_box<A>& root(by_hand::world& w, const char* name) {
  log.clear();
  return vr::detail::spawn_in<A>(w.home, vr::label::parse(name), nullptr, false);
}

using words = std::vector<std::string>;

}  // namespace dispatch_test

using namespace dispatch_test;

TEST_CASE("An actor's life in order: made, init, messages, stop, cleanup, gone") {
  trouble = 0;
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  auto& box = root<hooked>(w, "h");
  CHECK(box.status() == vr::status::initializing);
  const vr::actor_ref<hooked> ref(box.id());
  ref.send<say>(client, "first");
  w.settle();
  CHECK(box.status() == vr::status::running);
  vr::life::stop(box, vr::stop_mode::stop);
  w.settle();
  CHECK(log == words{"made", "init 2", "first", "stop", "cleanup 2", "gone"});
}

TEST_CASE("Children stop before their parent, hooks and all; a kill runs no stop hook") {
  for (const bool kill : {false, true}) {
    trouble = 0;
    by_hand::world w;
    vr::instance client(w.home, vr::label::parse("client"));
    auto& box = root<hooked>(w, "h");
    vr::actor_ref<hooked>(box.id()).send<have_child>(client);
    w.settle();
    log.clear();
    vr::life::stop(box, kill ? vr::stop_mode::kill : vr::stop_mode::stop);
    w.settle();
    CHECK(log == (kill ? words{"child cleanup", "child gone", "cleanup 2", "gone"}
                       : words{"child stop", "child cleanup", "child gone", "stop", "cleanup 2", "gone"}));
    CHECK(w.end_of("h")->how == vr::status::stopped);
  }
}

TEST_CASE("An init hook that throws fails the actor before its first message, which comes back with that") {
  trouble = 1;
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  const vr::actor_ref<hooked> ref(root<hooked>(w, "h").id());
  auto answer = ref.call<say>(client, "first");
  CHECK(w.failure<void>(std::move(answer)) == "inproc:1,root,h[2] failed in its init hook: no init");
  CHECK(log == words{"made", "cleanup 2", "gone"});
  CHECK(w.end_of("h")->how == vr::status::failed);
}

TEST_CASE("A stop hook that throws makes the end a failure; a cleanup that throws changes nothing") {
  for (const int which : {2, 3}) {
    trouble = which;
    by_hand::world w;
    auto& box = root<hooked>(w, "h");
    w.settle();
    vr::life::stop(box, vr::stop_mode::stop);
    w.settle();
    CHECK(log == words{"made", "init 1", "stop", "cleanup 1", "gone"});
    CHECK(w.end_of("h")->how == (which == 2 ? vr::status::failed : vr::status::stopped));
    if (which == 2) CHECK(w.end_of("h")->cause == "inproc:1,root,h[1] failed in its stop hook: no stop");
  }
}

TEST_CASE("While a task init waits, messages wait; when it is done they are handled in order") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  auto& box = root<slow_hooks>(w, "s");
  const vr::actor_ref<slow_hooks> ref(box.id());
  int started = 0;
  vr::life::when_started(box, [&] { ++started; });
  ref.send<say>(client, "one");
  ref.send<say>(client, "two");
  w.settle();
  CHECK(log == words{"init begins"});
  CHECK(started == 0);
  gate.send(client, 1);
  w.settle();
  CHECK(started == 1);
  CHECK(log == words{"init begins", "init ends", "one", "two"});
  vr::life::when_started(box, [&] { ++started; });
  CHECK(started == 2);
}

TEST_CASE("A task init that throws fails the actor, and nobody hears that it started") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  auto& box = root<slow_hooks>(w, "s");
  int started = 0;
  vr::life::when_started(box, [&] { ++started; });
  w.settle();
  gate.send(client, -1);
  w.settle();
  CHECK(started == 0);
  CHECK(log == words{"init begins", "gone"});
  CHECK(w.end_of("s")->cause == "inproc:1,root,s[2] failed in its init hook: no init");
}

TEST_CASE("A task stop hook may wait for answers; the actor ends when it is done") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  auto& box = root<slow_hooks>(w, "s");
  w.settle();
  gate.send(client, 1);
  w.settle();
  vr::life::stop(box, vr::stop_mode::stop);
  w.settle();
  CHECK(box.status() == vr::status::stopping);
  gate.send(client, 1);
  w.settle();
  CHECK(log == words{"init begins", "init ends", "stop begins", "stop ends", "gone"});
  CHECK(w.end_of("s")->how == vr::status::stopped);
  CHECK(w.clock.waiting_timers() == 0);
}

TEST_CASE("A stop hook that never ends is ended at the limit") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  auto& box = root<slow_hooks>(w, "s");
  w.settle();
  gate.send(client, 1);
  w.settle();
  vr::life::stop(box, vr::stop_mode::stop);
  w.pass(w.bounds.actor_stop - 1ms);
  CHECK(w.end_of("s") == nullptr);
  w.pass(1ms);
  CHECK(log == words{"init begins", "init ends", "stop begins", "gone"});
  CHECK(w.end_of("s")->how == vr::status::stopped);
}

TEST_CASE("A stop during a task init waits for it, then runs the stop hook") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  auto& box = root<slow_hooks>(w, "s");
  w.settle();
  vr::life::stop(box, vr::stop_mode::stop);
  w.settle();
  gate.send(client, 1);
  w.settle();
  gate.send(client, 1);
  w.settle();
  CHECK(log == words{"init begins", "init ends", "stop begins", "stop ends", "gone"});
}

TEST_CASE("A table finds each listed message and nothing else") {
  const vr::actor_ops& ops = vr::actor_ops_of<hooked>;
  CHECK(ops.name == "dispatch_test::hooked");
  REQUIRE(ops.find(vr::type_id<say>()));
  CHECK(ops.find(vr::type_id<say>())->ops->name == "dispatch_test::say");
  CHECK(ops.find(vr::type_id<have_child>())->type_id == vr::type_id<have_child>());
  CHECK(ops.find(vr::type_id<vr::unit>()) == nullptr);
  CHECK(ops.find(0) == nullptr);
}

namespace dispatch_test {

struct deaf {
  using handles = vr::messages<>;
};

}  // namespace dispatch_test

TEST_CASE("An actor that handles nothing is an actor") {
  by_hand::world w;
  auto& box = root<deaf>(w, "d");
  CHECK(vr::actor_ops_of<deaf>.find(vr::type_id<say>()) == nullptr);
  CHECK(box.status() == vr::status::running);
}
