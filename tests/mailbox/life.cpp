#include "viceroy/mailbox/life.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace life_test {

std::vector<std::string> log;

struct say {
  std::string text;
};
struct grow {};
struct hang {};
struct wait_for_child {
  vr::actor_id child;
};

struct node {
  using handles = vr::messages<say, grow, hang, wait_for_child>;
  std::string name = "node";
  void handle(vr::context<node>&, const say& m) { log.push_back(m.text); }
  vr::actor_id handle(vr::context<node>& cx, grow) { return cx.spawn<node>().id(); }
  vr::task<void> handle(vr::context<node>& cx, hang) {
    auto [port, inbox] = cx.open_port<int>();
    co_await inbox.recv();
  }
  vr::task<void> handle(vr::context<node>& cx, wait_for_child m) {
    co_await vr::actor_ref<node>(m.child).call<hang>(cx);
  }
  ~node() { log.push_back(name + " gone"); }
};

struct stage : by_hand::world {
  stage() { log.clear(); }
  vr::instance client{home, vr::label::parse("client")};
  vr::actor_box<node>& box = vr::detail::spawn_in<node>(home, vr::label::parse("n"), nullptr, false);
  vr::actor_ref<node> ref{box.id()};

  vr::mailbox& grow_under(const vr::actor_id& parent) {
    return *home.find(run<vr::actor_id>(vr::actor_ref<node>(parent).call<grow>(client)).index());
  }
};

}  // namespace life_test

using namespace life_test;

TEST_CASE("A drain handles what has arrived, a stop and a kill give it back") {
  for (const auto how : {vr::stop_mode::drain, vr::stop_mode::stop, vr::stop_mode::kill}) {
    stage s;
    for (const char* text : {"one", "two"}) s.ref.send<say>(s.client, text);
    vr::life::stop(s.box, how);
    s.ref.send<say>(s.client, "late");
    s.settle();
    using words = std::vector<std::string>;
    CHECK(log == (how == vr::stop_mode::drain ? words{"one", "two", "node gone"} : words{"node gone"}));
    CHECK(s.queue.counters().returned == (how == vr::stop_mode::drain ? 1 : 3));
    CHECK(s.end_of("n")->how == vr::status::stopped);
    CHECK(s.end_of("client") == nullptr);
  }
}

TEST_CASE("A status prints as its name, and one that no such library sent as none") {
  std::ostringstream out;
  for (const auto each : {vr::status::not_exist, vr::status::initializing, vr::status::running,
                          vr::status::stopping, vr::status::stopped, vr::status::failed, vr::status::timeout})
    out << each << (vr::is_terminal(each) ? ". " : " < ");
  out << vr::status{200};
  CHECK(out.str() == "not_exist < initializing < running < stopping < stopped. failed. timeout. no status");
}

TEST_CASE("Ending is idempotent, and a harder end overtakes a softer one") {
  stage s;
  s.ref.send<hang>(s.client);
  s.settle();
  for (const auto how :
       {vr::stop_mode::drain, vr::stop_mode::stop, vr::stop_mode::drain, vr::stop_mode::stop}) {
    vr::life::stop(s.box, how);
    s.settle();
    CHECK(s.end_of("n") == nullptr);
  }
  vr::life::stop(s.box, vr::stop_mode::kill);
  vr::life::stop(s.box, vr::stop_mode::kill);
  s.settle();
  CHECK(s.ends().size() == 1);
  CHECK(s.clock.waiting_timers() == 0);
}

TEST_CASE("A stop that takes longer than the limit becomes a kill") {
  stage s;
  s.ref.send<hang>(s.client);
  s.settle();
  vr::life::stop(s.box, vr::stop_mode::stop);
  s.pass(s.bounds.actor_stop - 1ms);
  CHECK(s.end_of("n") == nullptr);
  s.pass(1ms);
  CHECK(s.end_of("n")->how == vr::status::stopped);
  CHECK(s.clock.waiting_timers() == 0);
}

TEST_CASE("A drain behind a handler that does not end fails within its limit, naming actor and message") {
  stage s;
  auto asked = s.ref.call<hang>(s.client);
  s.settle();
  vr::life::stop(s.box, vr::stop_mode::drain);
  s.ref.send<say>(s.client, "late");
  s.pass(s.bounds.drain - 1ms);
  CHECK(s.end_of("n") == nullptr);
  s.pass(1ms);
  REQUIRE(s.end_of("n") != nullptr);
  CHECK(s.end_of("n")->how == vr::status::failed);
  CHECK(s.failure<void>(std::move(asked)) == s.end_of("n")->cause);
  CHECK(s.end_of("n")->cause.find(" was drained and still handles life_test::hang after 5 s") !=
        std::string::npos);
}

TEST_CASE("A stop that overtakes a waiting drain has the whole limit of a stop") {
  stage s;
  vr::mailbox& child = s.grow_under(s.ref.id());
  vr::actor_ref<node>(child.id()).send<hang>(s.client);
  s.ref.send<wait_for_child>(s.client, child.id());
  s.settle();
  vr::life::stop(s.box, vr::stop_mode::drain);
  s.pass(s.bounds.drain - 1ms);
  vr::life::stop(s.box, vr::stop_mode::stop);  // overtakes it, and begins now
  s.pass(s.bounds.actor_stop - 1ms);
  CHECK(s.end_of("n") == nullptr);
  s.pass(1ms);
  CHECK(s.end_of("n")->how == vr::status::stopped);
}

TEST_CASE("The first cause of a failure counts, whatever else happens before its turn") {
  stage s;
  vr::life::stop(s.box, vr::stop_mode::kill);
  vr::life::fail(s.box, vr::errc::handler_failed, "first");
  vr::life::fail(s.box, vr::errc::handler_failed, "second");
  s.settle();
  CHECK(s.end_of("n")->how == vr::status::failed);
  CHECK(s.end_of("n")->cause == "first");
}

TEST_CASE("A deep tree ends from its leaves, each level within one limit of its own") {
  stage s;
  vr::mailbox* at = &s.box;
  std::vector<vr::actor_id> all;
  for (int depth = 0; depth < 20; ++depth) {
    at = &s.grow_under(at->id());
    all.push_back(at->id());
  }
  vr::life::stop(s.box, vr::stop_mode::stop);
  s.settle();
  CHECK(s.home.living() == 1);
  for (const auto& id : all) CHECK(s.home.find(id.index()) == nullptr);
  CHECK(s.clock.waiting_timers() <= 1);  // the calls' common timer
}

TEST_CASE("A child that hangs is killed at the limit, and its parent then ends as it was asked to") {
  stage s;
  auto& child = s.grow_under(s.ref.id());
  vr::actor_ref<node>(child.id()).send<hang>(s.client);
  s.settle();
  vr::life::stop(s.box, vr::stop_mode::stop);
  s.pass(s.bounds.actor_stop - 1ms);
  CHECK(s.end_of("n") == nullptr);
  s.pass(1ms);
  CHECK(s.end_of("n")->how == vr::status::stopped);
  CHECK(s.home.living() == 1);
}

TEST_CASE("Watchers hear of the end once, after the actor is gone, with how and why") {
  stage s;
  std::vector<std::string> heard;
  for (int i = 0; i < 2; ++i)
    vr::life::watch(s.box, [&](vr::status how, const vr::error* cause) {
      heard.push_back(std::string(vr::text_of(how)) + " " + (cause ? cause->what() : ""));
      CHECK(log.back() == "node gone");
    });
  vr::life::fail(s.box, vr::errc::handler_failed, "broken");
  s.settle();
  CHECK(heard == std::vector<std::string>{"failed broken", "failed broken"});
}

TEST_CASE("A watcher may start an actor in the place that has become free, under the same name") {
  stage s;
  vr::actor_id next;
  vr::life::watch(s.box, [&](vr::status, const vr::error*) {
    next = vr::detail::spawn_in<node>(s.home, vr::label::parse("n"), nullptr, false).id();
  });
  const auto before = s.ref.id();
  vr::life::stop(s.box, vr::stop_mode::stop);
  s.settle();
  CHECK(next.slot() == before.slot());
  CHECK(next.generation() != before.generation());
  CHECK(s.home.find(before.index()) == nullptr);
  CHECK(s.home.find(next.index()) != nullptr);
}

TEST_CASE("A watcher of a child may end the parent's last handler, and with it the parent") {
  stage s;
  auto& child = s.grow_under(s.ref.id());
  // The parent waits for its child; the end of the child resumes it, and it is being stopped: it ends in the
  // middle.
  s.ref.send<wait_for_child>(s.client, child.id());
  s.settle();
  CHECK(s.box.is_busy());
  vr::actor_id next;
  vr::life::watch(child, [&](vr::status, const vr::error*) {
    next = vr::detail::spawn_in<node>(s.home, vr::label::parse("next"), nullptr, false).id();
  });
  vr::life::stop(s.box, vr::stop_mode::stop);
  s.pass(10s);
  CHECK(s.end_of("n"));
  CHECK(s.home.living() == 2);
  CHECK(s.home.find(next.index())->status() == vr::status::running);
}

TEST_CASE("Messages behind a suspended handler come back in order when their actor ends, and count no more") {
  stage s;
  s.ref.send<hang>(s.client);
  std::vector<std::string> ends;
  for (int i = 0; i < 3; ++i)
    s.ref.call<say>(s.client, std::to_string(i)).then([&, i](vr::outcome<void> o) {
      ends.push_back(std::to_string(i) + vr::sentence_of(o.failure()));
    });
  s.settle();
  CHECK(s.box.waiting_bytes() > 0);
  vr::life::fail(s.box, vr::errc::handler_failed, ": broken");
  s.settle();
  CHECK(ends == std::vector<std::string>{"0: broken", "1: broken", "2: broken"});
  CHECK(s.box.waiting_bytes() == 0);
}

TEST_CASE("The end of a proc in the middle of everything destroys frames, actors, messages and ports") {
  {
    stage s;
    auto& child = s.grow_under(s.ref.id());
    vr::actor_ref<node>(child.id()).send<hang>(s.client);
    s.ref.send<wait_for_child>(s.client, child.id());
    s.ref.send<say>(s.client, "deferred");
    s.settle();
    s.ref.send<say>(s.client, "queued");
    s.ref.call<say>(s.client, "asked").then([](vr::outcome<void> o) { CHECK_FALSE(o.ok()); });
    vr::life::stop(s.box, vr::stop_mode::drain);
  }
  CHECK(log == std::vector<std::string>{"node gone", "node gone"});
}
