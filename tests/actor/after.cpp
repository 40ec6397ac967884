#include "viceroy/actor/after.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "viceroy/actor/actor.hpp"
#include "viceroy/testing/for_each_seed.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace after_test {

using ms = std::chrono::milliseconds;

struct note {
  std::string text;
};
struct later {
  int ms;
  std::string text;
};
struct often {
  int ms;
  std::string text;
};
struct cancel {
  std::size_t which;
};
struct boxed {
  using local = std::true_type;
  std::unique_ptr<int> n;
};
struct later_boxed {};
struct busy {};
struct flood {};
struct boom {};

struct sleeper {
  using handles = vr::messages<note, later, often, cancel, boxed, later_boxed, busy, flood, boom>;
  std::vector<std::string> heard;
  std::vector<vr::delayed> begun;
  std::vector<bool> cancelled;
  std::vector<vr::port_ref<int>> gates;

  void handle(vr::context<sleeper>& cx, const note& m) {
    heard.push_back(m.text);
    CHECK(cx.sender().empty() == false);
  }
  void handle(vr::context<sleeper>& cx, const later& m) { begun.push_back(cx.after<note>(ms(m.ms), m.text)); }
  void handle(vr::context<sleeper>& cx, const often& m) {
    const note message{m.text};
    begun.push_back(cx.every(ms(m.ms), message));
  }
  void handle(vr::context<sleeper>& cx, cancel m) { cancelled.push_back(cx.cancel(begun.at(m.which))); }
  void handle(vr::context<sleeper>&, boxed m) { heard.push_back(std::to_string(*m.n)); }
  void handle(vr::context<sleeper>& cx, later_boxed) { cx.after<boxed>(5ms, std::make_unique<int>(7)); }
  vr::task<void> handle(vr::context<sleeper>& cx, busy) {
    auto [port, inbox] = cx.open_once_port<int>();
    gates.emplace_back(port.bind().id());
    co_await inbox.recv();
  }
  void handle(vr::context<sleeper>& cx, flood) {
    for (int i = 0; i < 100; ++i) cx.after<note>(1h, "y");
  }
  void handle(vr::context<sleeper>&, boom) { throw std::runtime_error("bang"); }
};

using words = std::vector<std::string>;

}  // namespace after_test

using namespace after_test;

TEST_CASE("A delayed message arrives when its time has come, soonest first, and those of one time as sent") {
  vr::testing::for_each_seed(200, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto a = l.spawn<sleeper>("a");
    a.send<later>(me, 30, "third");
    a.send<later>(me, 10, "first");
    a.send<later>(me, 10, "second");
    a.send<later_boxed>(me);
    a.send<later>(me, 0, "at once");
    l.run();
    REQUIRE(l.actor(a).heard == words{"at once"});
    l.advance(9ms);
    REQUIRE(l.actor(a).heard == words{"at once", "7"});
    l.advance(1ms);
    REQUIRE(l.actor(a).heard == words{"at once", "7", "first", "second"});
    l.advance(1h);
    REQUIRE(l.actor(a).heard == words{"at once", "7", "first", "second", "third"});
    REQUIRE(l.clock().waiting_timers() == 0);
    REQUIRE(l.home().find(a.id().index())->waiting_bytes() == 0);
  });
}

TEST_CASE("A periodic message comes each period until it is cancelled, and the periods do not drift") {
  vr::testing::for_each_seed(50, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto a = l.spawn<sleeper>("a");
    a.send<often>(me, 10, "tick");
    l.run();
    l.advance(9ms);
    REQUIRE(l.actor(a).heard.empty());
    l.advance(1ms);
    REQUIRE(l.actor(a).heard.size() == 1);
    l.clock().move_to(l.clock().now() + 35ms);  // a loop that was busy meanwhile
    l.run();
    REQUIRE(l.actor(a).heard.size() == 2);
    l.advance(4ms);
    REQUIRE(l.actor(a).heard.size() == 2);
    l.advance(1ms);
    REQUIRE(l.actor(a).heard.size() == 3);
    a.send<cancel>(me, std::size_t{0});
    a.send<cancel>(me, std::size_t{0});
    l.advance(1h);
    REQUIRE(l.actor(a).heard.size() == 3);
    REQUIRE(l.actor(a).cancelled == std::vector<bool>{true, false});
    REQUIRE(l.clock().waiting_timers() == 0);
  });
}

TEST_CASE("Cancelling says whether there was something to cancel, and touches nothing else") {
  vr::testing::for_each_seed(200, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto a = l.spawn<sleeper>("a");
    for (int i = 0; i < 3; ++i) a.send<later>(me, 10, std::to_string(i));
    a.send<cancel>(me, std::size_t{1});
    l.run();
    l.advance(10ms);
    REQUIRE(l.actor(a).heard == words{"0", "2"});
    for (const std::size_t each : {0u, 1u, 2u}) a.send<cancel>(me, each);
    l.run();
    REQUIRE(l.actor(a).cancelled == std::vector<bool>{true, false, false, false});
  });
}

TEST_CASE("What an actor's end finds waiting is dropped, whichever way it ends and whenever") {
  vr::testing::for_each_seed(1000, [](vr::testing::loop& l) {
    auto me = l.client();
    const auto a = l.spawn<sleeper>("a");
    for (int i = 0; i < 4; ++i) a.send<later>(me, i, "x");
    a.send<often>(me, 1, "tick");
    a.send<busy>(me);
    l.run();
    l.advance(std::chrono::milliseconds(l.seed() % 5));
    switch (l.seed() % 4) {
      case 0:
        l.stop(a, vr::stop_mode::drain);
        break;
      case 1:
        l.stop(a, vr::stop_mode::stop);
        break;
      case 2:
        l.stop(a, vr::stop_mode::kill);
        break;
      default:
        a.send<boom>(me);
    }
    l.actor(a).gates.at(0).send(me, 1);
    l.run();
    REQUIRE_FALSE(l.lives(a));
    REQUIRE(l.clock().waiting_timers() == 0);
  });
}

TEST_CASE("Delayed messages wait behind a suspended handler, and count against the bound of the mailbox") {
  vr::limits bounds;
  bounds.mailbox_bytes = 4096;
  vr::testing::loop l(0, bounds);
  auto me = l.client();
  const auto a = l.spawn<sleeper>("a");
  a.send<later>(me, 5, "x");
  a.send<busy>(me);
  l.advance(10ms);
  CHECK(l.actor(a).heard.empty());
  l.actor(a).gates.at(0).send(me, 1);
  l.run();
  CHECK(l.actor(a).heard == words{"x"});
  a.send<flood>(me);
  l.run();
  REQUIRE(l.end_of("a"));
  CHECK(l.end_of("a")->cause.find("is full: it takes no more delayed messages (") != std::string::npos);
  CHECK(l.clock().waiting_timers() == 0);
}

TEST_CASE("Nobody can send to a delayed message, and a period of nothing is refused") {
  vr::testing::loop l;
  auto me = l.client();
  const auto a = l.spawn<sleeper>("a");
  a.send<later>(me, 5, "x");
  l.run();
  const vr::port_ref<int> forged(vr::port_id(a.id(), l.actor(a).begun.at(0).number()));
  forged.send(me, 3);
  l.run();
  CHECK(l.end_of("client")->cause.find(" of inproc:1,root,a[2] does not take ") != std::string::npos);
  l.advance(5ms);
  CHECK(l.actor(a).heard == words{"x"});
  auto other = l.client("other");
  CHECK(vr::sentence_of(l.outcome_of(a.call<often>(other, 0, "x")).failure())
            .find("a period longer than nothing") != std::string::npos);
}
