#include "viceroy/mailbox/port.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace port_test {

struct stage : by_hand::world {
  vr::instance client{home, vr::label::parse("client")};
  vr::instance sender{home, vr::label::parse("sender")};
};

template <class T>
vr::task<void> collect(vr::receiver<T>& inbox, std::vector<T>& into, std::string& end) {
  try {
    for (;;) into.push_back(co_await inbox.recv());
  } catch (const vr::error& e) {
    end = e.what();
  }
}

// Throws when it is copied as often as that, and cannot be moved.
struct fragile {
  using local = std::true_type;
  static inline int copies_left = 1000;
  fragile() = default;
  fragile(const fragile&) {
    if (--copies_left < 0) throw std::runtime_error("no memory for a copy");
  }
  fragile& operator=(const fragile&) = default;
};
struct give {};
struct giver {
  using handles = vr::messages<give>;
  fragile handle(vr::context<giver>&, give) { return {}; }
};

}  // namespace port_test

using namespace port_test;

TEST_CASE("A port of many takes messages in order, before and while somebody waits") {
  stage s;
  auto [port, inbox] = s.client.open_port<int>();
  const auto ref = port.bind();
  ref.send(s.sender, 1);
  ref.send(s.sender, 2);
  s.settle();
  std::vector<int> got;
  std::string end;
  const auto run = vr::running::start<void>(collect(inbox, got, end), [](vr::outcome<void>) {});
  CHECK(got == std::vector<int>{1, 2});
  for (int i = 3; i < 6; ++i) ref.send(s.sender, i);
  s.settle();
  CHECK(got == std::vector<int>{1, 2, 3, 4, 5});
  s.client.stop();
  s.settle();
  CHECK(end == "inproc:1,root,client[1] was stopped");
}

TEST_CASE("A once port takes the first message; the rest are dropped and counted") {
  stage s;
  auto [port, inbox] = s.client.open_once_port<std::string>();
  for (const char* text : {"first", "second", "third"}) port.bind().send(s.sender, text);
  s.settle();
  CHECK(s.run<std::string>(vr::as_task(inbox.recv())) == "first");
  CHECK(s.queue.counters().dropped == 2);
  CHECK(s.failure<std::string>(vr::as_task(inbox.recv())) ==
        "a once port receives one message, and it was received already");
}

TEST_CASE("Dropping the receiver closes its port; a stale ref reaches no later port in its place") {
  stage s;
  std::optional<vr::port_ref<int>> stale;
  {
    auto [port, inbox] = s.client.open_port<int>();
    stale = port.bind();
  }
  auto [port, inbox] = s.client.open_port<int>();
  stale->send(s.sender, 1);
  s.settle();
  CHECK_FALSE(inbox.try_recv().has_value());
  CHECK(s.queue.counters().dropped == 1);
  port.bind().send(s.sender, 2);
  s.settle();
  CHECK(inbox.try_recv() == 2);
}

TEST_CASE("A port takes its own type only: another one goes back to its sender as a mistake") {
  stage s;
  auto [port, inbox] = s.client.open_port<int>();
  vr::port_ref<std::string>(port.id()).send(s.sender, "text");
  s.settle();
  CHECK_FALSE(inbox.try_recv().has_value());
  REQUIRE(s.end_of("sender"));
  CHECK(s.end_of("sender")->cause.find("does not take string") != std::string::npos);
}

TEST_CASE("A port belongs to its owner: its number at another address is dropped") {
  stage s;
  auto [port, inbox] = s.client.open_port<int>();
  vr::port_ref<int>(vr::port_id(s.sender.id(), port.id().number())).send(s.sender, 1);
  s.settle();
  CHECK_FALSE(inbox.try_recv().has_value());
  CHECK(s.queue.counters().dropped == 1);
}

TEST_CASE("Two waiters on one port are an error of the second; the first goes on") {
  stage s;
  auto [port, inbox] = s.client.open_port<int>();
  std::vector<int> got;
  std::string end;
  const auto run = vr::running::start<void>(collect(inbox, got, end), [](vr::outcome<void>) {});
  CHECK(s.failure<int>(vr::as_task(inbox.recv())) ==
        "two receivers wait on one port; give each its own port");
  port.bind().send(s.sender, 5);
  s.settle();
  CHECK(got == std::vector<int>{5});
}

TEST_CASE("A waiter that was served and lives on does not take the place of the next") {
  stage s;
  auto [port, inbox] = s.client.open_port<int>();
  auto [other_port, other_inbox] = s.client.open_port<int>();
  // The first wait's awaiter lives until the second has been served.
  auto sum = [](vr::receiver<int>& a, vr::receiver<int>& b, int& out) -> vr::task<void> {
    const std::pair<int, int> both{co_await a.recv(), co_await b.recv()};
    out = both.first + both.second;
  };
  int out = 0;
  std::vector<int> got;
  std::string end;
  const auto first = vr::running::start<void>(sum(inbox, other_inbox, out), [](vr::outcome<void>) {});
  port.bind().send(s.sender, 1);
  s.settle();
  const auto second = vr::running::start<void>(collect(inbox, got, end), [](vr::outcome<void>) {});
  other_port.bind().send(s.sender, 2);
  s.settle();
  CHECK(out == 3);
  port.bind().send(s.sender, 7);
  s.settle();
  CHECK(got == std::vector<int>{7});
}

TEST_CASE(
    "A receiver that is destroyed while it is awaited wakes its waiter in a turn of its own, with an error") {
  stage s;
  auto opened = s.client.open_port<int>();
  std::optional<vr::receiver<int>> inbox(std::move(opened.second));
  std::vector<int> got;
  std::string end;
  auto run = vr::running::start<void>(collect(*inbox, got, end), [](vr::outcome<void>) {});
  inbox.emplace();
  CHECK(end.empty());
  s.pass(0ms);
  CHECK(end == "recv() on a receiver that was moved from, or destroyed before it received");
}

TEST_CASE("What is to wait for a receiver that is destroyed before it is awaited says so") {
  stage s;
  const auto late = [&](bool sent) {
    auto [port, inbox] = s.client.open_port<std::string>();
    if (sent) port.bind().send(s.client, "early");
    s.settle();
    return vr::within(1h, inbox.recv());
  };
  for (const bool sent : {false, true})
    CHECK(s.failure<std::string>(late(sent)) ==
          "recv() on a receiver that was moved from, or destroyed before it received");
  CHECK(s.client.box().waiting_bytes() == 0);
}

TEST_CASE("A waiter that goes before its receiver, or after it, leaves nothing behind") {
  stage s;
  auto opened = s.client.open_port<int>();
  std::optional<vr::receiver<int>> inbox(std::move(opened.second));
  std::vector<int> got;
  std::string end;
  auto run = vr::running::start<void>(collect(*inbox, got, end), [](vr::outcome<void>) { FAIL("told"); });
  run.reset();
  opened.first.bind().send(s.sender, 1);
  s.settle();
  CHECK(inbox->try_recv() == 1);
  run = vr::running::start<void>(collect(*inbox, got, end), [](vr::outcome<void>) { FAIL("told"); });
  inbox.reset();
  run.reset();
  CHECK(s.clock.waiting_timers() == 0);
}

TEST_CASE("A waiter may drop its receiver on what it receives") {
  stage s;
  auto opened = s.client.open_port<int>();
  std::optional<vr::receiver<int>> inbox(std::move(opened.second));
  auto work = [](std::optional<vr::receiver<int>>& in) -> vr::task<int> {
    const int n = co_await in->recv();
    in.reset();
    co_return n;
  };
  std::optional<int> result;
  const auto run = vr::running::start<int>(work(inbox), [&](vr::outcome<int> o) { result = o.get(); });
  opened.first.bind().send(s.sender, 9);
  opened.first.bind().send(s.sender, 10);
  s.settle();
  CHECK(result == 9);
  CHECK(s.queue.counters().dropped == 1);
}

TEST_CASE("A receiver may be moved while its port is sent to") {
  stage s;
  auto [port, first] = s.client.open_port<int>();
  auto second = std::move(first);
  port.bind().send(s.sender, 1);
  s.settle();
  CHECK(second.try_recv() == 1);
  CHECK_FALSE(first.try_recv().has_value());
  CHECK(by_hand::kind_of([&] { s.run<int>(vr::as_task(first.recv())); }) == vr::errc::inert);
}

TEST_CASE("within limits the wait on a port, and the port goes on") {
  stage s;
  auto [port, inbox] = s.client.open_port<int>();
  CHECK(by_hand::kind_of([&] { s.run<int>(vr::within(10ms, inbox.recv())); }) == vr::errc::timeout);
  CHECK(s.failure<int>(vr::within(10ms, inbox.recv())) ==
        "recv() of i32 on port " + std::to_string(port.id().number()) +
            " of inproc:1,root,client[1] did not finish within 10 ms");
  CHECK(s.failure<int>(vr::within(10ms, inbox.recv(), "the bell")) ==
        "the bell did not finish within 10 ms; it waited for recv() of i32 on port " +
            std::to_string(port.id().number()) + " of inproc:1,root,client[1]");
  port.bind().send(s.sender, 4);
  CHECK(s.run<int>(vr::within(10ms, inbox.recv())) == 4);
}

TEST_CASE("What waits in a port counts against its owner's bound until it is received") {
  stage s;
  s.bounds.mailbox_bytes = 4096;
  vr::instance owner{s.home, vr::label::parse("owner")};
  auto [port, inbox] = owner.open_port<std::array<char, 512>>();
  int sent = 0;
  while (s.queue.counters().refused == 0 && sent < 100) {
    port.bind().send(s.sender, std::array<char, 512>{});
    s.settle();
    ++sent;
  }
  CHECK(sent == 8);
  CHECK(s.queue.counters().returned == 1);
  CHECK(s.end_of("sender") == nullptr);
  CHECK(inbox.try_recv().has_value());
  port.bind().send(s.sender, std::array<char, 512>{});
  s.settle();
  CHECK(s.queue.counters().refused == 1);
  {
    const auto gone = std::move(inbox);
  }
  CHECK(owner.box().waiting_bytes() == 0);
}

TEST_CASE("What cannot be moved into the port that waits for it is told there, and the loop goes on") {
  std::vector<std::string> told;
  for (int copies = 0; copies != 6; ++copies) {
    stage s;
    const auto giver = s.client.spawn<port_test::giver>();
    fragile::copies_left = copies;
    told.push_back(s.failure<fragile>(vr::task<fragile>(giver.call<give>(s.client))));
    fragile::copies_left = 1000;
    CHECK(s.failure<fragile>(vr::task<fragile>(giver.call<give>(s.client))).empty());
  }
  CHECK(told.front().find("failed handling") != std::string::npos);
  CHECK(std::count_if(told.begin(), told.end(), [](const std::string& each) {
          return each.find("and moving it threw: no memory for a copy") != std::string::npos;
        }) >= 1);
  for (const std::string& each : told)
    CHECK((each.empty() || each.find("no memory for a copy") != std::string::npos));

  stage s;
  auto [port, inbox] = s.client.open_port<fragile>();
  port.bind().send(s.sender);
  fragile::copies_left = 0;
  s.settle();
  fragile::copies_left = 1000;
  CHECK(s.failure<fragile>(vr::as_task(inbox.recv())).find("and moving it threw") != std::string::npos);
}

TEST_CASE("An empty port_ref says what to do") {
  stage s;
  CHECK(by_hand::kind_of([&] { vr::port_ref<int>().send(s.client, 1); }) == vr::errc::inert);
  CHECK(vr::once_port_ref<int>().empty());
}
