#include "viceroy/mailbox/bounded.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "viceroy/actor/actor.hpp"
#include "viceroy/testing/for_each_seed.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace bounded_test {

struct put {
  int n;
};
struct ask {
  int n;
};
struct sit {};
struct again {
  int left;
};
struct boom {};

// Holds three messages; sits until its gate is opened.
template <class Self>
struct desk {
  using handles = vr::messages<put, ask, sit, again, boom>;
  std::vector<int> seen;
  std::vector<vr::port_ref<int>> gates;
  std::uint32_t waited = 0;
  std::uint64_t away = 0;

  void handle(vr::context<Self>& cx, put m) {
    seen.push_back(m.n);
    waited = cx.waiting_messages();
    away = cx.turned_away();
  }
  int handle(vr::context<Self>&, ask m) {
    seen.push_back(m.n);
    return m.n;
  }
  vr::task<void> handle(vr::context<Self>& cx, sit) {
    auto [port, inbox] = cx.template open_once_port<int>();
    gates.emplace_back(port.id());
    co_await inbox.recv();
  }
  void handle(vr::context<Self>& cx, again m) {
    seen.push_back(-m.left);
    if (m.left > 0) cx.self().template send<again>(cx, m.left - 1);
  }
  void handle(vr::context<Self>&, boom) { throw std::runtime_error("bang"); }
};
struct rejects : desk<rejects> {
  using mailbox = vr::bounded<3>;
};
struct keeps_newest : desk<keeps_newest> {
  using mailbox = vr::bounded<3, vr::when_full::drop_oldest>;
};
struct keeps_oldest : desk<keeps_oldest> {
  using mailbox = vr::bounded<3, vr::when_full::drop_newest>;
};
struct suspends : desk<suspends> {
  using mailbox = vr::bounded<3, vr::when_full::suspend>;
};
struct slow_start : desk<slow_start> {
  using mailbox = vr::bounded<3>;
  bool ready = false;
  vr::task<void> init(vr::context<slow_start>& cx) {
    auto [port, inbox] = cx.open_once_port<int>();
    port.bind().send(cx, 1);
    co_await inbox.recv();
    ready = true;
  }
  using desk<slow_start>::handle;
};

// Sends what it is told to, and hears what comes back.
struct pour {
  int many;
};
template <class To>
struct source {
  using handles = vr::messages<pour>;
  using params = vr::actor_id;
  explicit source(vr::actor_id id) : to(id) {}
  vr::actor_ref<To> to;
  std::vector<std::string> back;
  void handle(vr::context<source>& cx, pour m) {
    for (int i = 0; i < m.many; ++i) to.template send<put>(cx, i);
  }
  void handle(vr::context<source>&, const vr::undeliverable& m) { back.push_back(m.sentence); }
};

template <class To>
struct stage {
  explicit stage(vr::testing::loop& l)
      : loop(l), me(l.client()), desk(l.spawn<To>("desk")), from(l.spawn<source<To>>("source", desk.id())) {}
  // Pours into one that sits, and lets it go on.
  void pour_while_it_sits(int many) {
    desk.template send<sit>(me);
    loop.run();
    from.template send<pour>(me, many);
    loop.run();
    CHECK(box().waiting_messages() <= 3);
  }
  void go_on() {
    auto gates = std::move(loop.actor(desk).gates);
    for (const auto& each : gates) each.send(me, 1);
    loop.run();
  }
  vr::mailbox& box() { return *loop.home().find(desk.id().index()); }

  vr::testing::loop& loop;
  vr::instance me;
  vr::actor_ref<To> desk;
  vr::actor_ref<source<To>> from;
};

using ints = std::vector<int>;

}  // namespace bounded_test

template <>
struct vr::name_of<bounded_test::source<bounded_test::rejects>> {
  static constexpr std::string_view value = "bounded_test::source_rejects";
};
template <>
struct vr::name_of<bounded_test::source<bounded_test::keeps_newest>> {
  static constexpr std::string_view value = "bounded_test::source_keeps_newest";
};
template <>
struct vr::name_of<bounded_test::source<bounded_test::keeps_oldest>> {
  static constexpr std::string_view value = "bounded_test::source_keeps_oldest";
};
template <>
struct vr::name_of<bounded_test::source<bounded_test::suspends>> {
  static constexpr std::string_view value = "bounded_test::source_suspends";
};

using namespace bounded_test;

TEST_CASE(
    "A mailbox that rejects gives what it has no room for back to the sender, and takes more afterwards") {
  vr::testing::for_each_seed(200, [](vr::testing::loop& l) {
    stage<rejects> s(l);
    s.pour_while_it_sits(10);
    REQUIRE(s.box().waiting_messages() == 3);
    REQUIRE(l.actor(s.from).back ==
            std::vector<std::string>(7, "the mailbox of inproc:1,root,desk[2] is full (3 messages wait)"));
    REQUIRE(l.queue().counters().refused == 7);
    s.go_on();
    REQUIRE(l.actor(s.desk).seen == ints{0, 1, 2});
    s.desk.send<put>(s.me, 7);
    l.run();
    REQUIRE(l.actor(s.desk).seen == ints{0, 1, 2, 7});
    REQUIRE(l.actor(s.desk).away == 7);
    REQUIRE(s.box().waiting_bytes() == 0);
    REQUIRE(s.box().waiting_messages() == 0);
  });
}

TEST_CASE("Dropping keeps the newest or the oldest, counts what it dropped, and tells no sender") {
  vr::testing::for_each_seed(200, [](vr::testing::loop& l) {
    stage<keeps_newest> s(l);
    s.pour_while_it_sits(10);
    s.go_on();
    REQUIRE(l.actor(s.desk).seen == ints{7, 8, 9});
    REQUIRE(l.actor(s.desk).away == 7);
    REQUIRE(l.actor(s.from).back.empty());
    REQUIRE(l.queue().counters().dropped == 7);
    REQUIRE(s.box().waiting_bytes() == 0);
  });
  vr::testing::for_each_seed(200, [](vr::testing::loop& l) {
    stage<keeps_oldest> s(l);
    s.pour_while_it_sits(10);
    s.go_on();
    REQUIRE(l.actor(s.desk).seen == ints{0, 1, 2});
    REQUIRE(l.actor(s.desk).away == 7);
    REQUIRE(l.actor(s.from).back.empty());
    REQUIRE(l.queue().counters().dropped == 7);
  });
}

TEST_CASE(
    "A call that a full mailbox drops ends at once with that, whether it was the oldest or the newest") {
  vr::testing::for_each_seed(100, [](vr::testing::loop& l) {
    stage<keeps_newest> s(l);
    s.desk.send<sit>(s.me);
    l.run();
    std::vector<std::string> ends;
    for (int i = 0; i < 4; ++i)
      s.desk.call<ask>(s.me, i).then([&, i](vr::outcome<int> o) {
        ends.push_back(std::to_string(i) + (o.ok() ? " answered" : vr::sentence_of(o.failure())));
      });
    REQUIRE(ends ==
            std::vector<std::string>{"0the mailbox of inproc:1,root,desk[2] is full (3 messages wait)"});
    s.go_on();
    REQUIRE(ends.size() == 4);
    REQUIRE(std::set<std::string>(ends.begin() + 1, ends.end()) ==
            std::set<std::string>{"1 answered", "2 answered", "3 answered"});
  });
  vr::testing::loop l;
  stage<keeps_oldest> s(l);
  s.desk.send<sit>(s.me);
  l.run();
  for (int i = 0; i < 3; ++i) s.desk.send<put>(s.me, i);
  CHECK_FALSE(l.outcome_of(s.desk.call<ask>(s.me, 5)).ok());
  CHECK(l.clock().now() == vr::executor::clock::time_point());
}

TEST_CASE("A mailbox that suspends lets calls wait in order, with their callers, and gives sends back") {
  vr::testing::for_each_seed(200, [](vr::testing::loop& l) {
    stage<suspends> s(l);
    s.pour_while_it_sits(5);
    REQUIRE(l.actor(s.from).back.size() == 2);
    auto first = s.desk.call<ask>(s.me, 10), second = s.desk.call<ask>(s.me, 11);
    l.run();
    REQUIRE(s.box().waiting_messages() == 5);
    s.go_on();
    REQUIRE(l.finish(std::move(first)) == 10);
    REQUIRE(l.finish(std::move(second)) == 11);
    REQUIRE(l.actor(s.desk).seen == ints{0, 1, 2, 10, 11});
  });
}

TEST_CASE("A sender may wait until a bounded mailbox is at most half full") {
  vr::testing::loop l;
  stage<rejects> s(l);
  s.pour_while_it_sits(3);
  bool ready = false;
  const auto waiting =
      vr::running::start<void>(s.me.ready(s.desk), [&](vr::outcome<void> o) { ready = o.ok(); });
  l.advance(20ms);
  CHECK_FALSE(ready);
  s.go_on();
  l.advance(1ms);
  CHECK(ready);
}

TEST_CASE(
    "A bounded mailbox in no hurry is as any other: init first, in order, drained, stopped, failed with the "
    "reason") {
  vr::testing::for_each_seed(1000, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto a = l.spawn<slow_start>("a");
    std::vector<std::string> ends;
    const auto heard = [&](auto o) { ends.push_back(o.ok() ? "" : vr::sentence_of(o.failure())); };
    switch (l.seed() % 4) {
      case 0:  // a drain handles what waits
        a.call<ask>(me, 1).then([&](vr::outcome<int> o) { heard(std::move(o)); });
        a.call<ask>(me, 2).then([&](vr::outcome<int> o) { heard(std::move(o)); });
        l.stop(a, vr::stop_mode::drain);
        l.run();
        REQUIRE(ends == std::vector<std::string>{"", ""});
        break;
      case 1:  // a stop does not
        a.call<ask>(me, 1).then([&](vr::outcome<int> o) { heard(std::move(o)); });
        l.stop(a);
        a.call<ask>(me, 2).then([&](vr::outcome<int> o) { heard(std::move(o)); });
        l.run();
        REQUIRE(ends ==
                std::vector<std::string>(2, "inproc:1,root,a[2] was stopped and takes no more messages"));
        break;
      case 2:  // what waits behind a failure hears why
        a.send<boom>(me);
        a.call<ask>(me, 1).then([&](vr::outcome<int> o) { heard(std::move(o)); });
        l.run();
        REQUIRE(ends ==
                std::vector<std::string>{"inproc:1,root,a[2] failed handling bounded_test::boom: bang"});
        break;
      default:  // it may send to itself for ever, and others get their turn
        a.send<again>(me, 5);
        a.send<sit>(me);
        a.send<put>(me, 9);
        l.run();
        for (const auto& each : std::vector(l.actor(a).gates)) each.send(me, 1);
        l.run();
        REQUIRE(l.actor(a).seen.size() == 7);
        l.stop(a);
        l.run();
    }
    REQUIRE_FALSE(l.lives(a));
    l.expect_rest();
  });
}

TEST_CASE("What a bounded mailbox drops is gone at once, however many come in one turn") {
  vr::testing::loop l;
  stage<keeps_newest> s(l);
  s.from.send<pour>(s.me, 100'000);
  l.run();
  CHECK(l.actor(s.desk).seen == ints{99'997, 99'998, 99'999});
  CHECK(l.actor(s.desk).away == 99'997);
}
