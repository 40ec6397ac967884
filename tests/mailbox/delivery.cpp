#include "viceroy/mailbox/delivery.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace delivery_test {

struct fill {
  std::array<char, 960> space;
};
struct hang {};
struct get {};
struct ask {
  vr::actor_id whom;
};

struct sink {
  using handles = vr::messages<fill, hang, get, ask>;
  int filled = 0;
  vr::port_ref<int> gate;
  void handle(vr::context<sink>&, const fill&) { ++filled; }
  vr::task<int> handle(vr::context<sink>& cx, hang) {
    auto [port, inbox] = cx.open_port<int>();
    gate = port.bind();
    co_return co_await inbox.recv();
  }
  int handle(vr::context<sink>&, get) { return filled; }
  vr::task<int> handle(vr::context<sink>& cx, ask m) {
    co_return co_await vr::actor_ref<sink>(m.whom).call<get>(cx);
  }
};
struct listener {
  using handles = vr::messages<ask>;
  std::vector<std::string> heard;
  void handle(vr::context<listener>& cx, ask m) {
    for (int i = 0; i < 12; ++i) vr::actor_ref<sink>(m.whom).send<fill>(cx);
  }
  void handle(vr::context<listener>&, const vr::undeliverable& m) { heard.push_back(m.sentence); }
};

struct narrow : by_hand::world {
  narrow() { bounds.mailbox_bytes = 10'240; }
};
struct stage : narrow {
  vr::instance client{home, vr::label::parse("client")};
  vr::actor_box<sink>& box = vr::detail::spawn_in<sink>(home, vr::label::parse("s"), nullptr, false);
  vr::actor_ref<sink> ref{box.id()};
};

}  // namespace delivery_test

using namespace delivery_test;

TEST_CASE(
    "A full mailbox refuses, tells the sender which one is full, and takes messages again when there is "
    "room") {
  stage s;
  auto& teller = vr::detail::spawn_in<listener>(s.home, vr::label::parse("t"), nullptr, false);
  vr::actor_ref<listener>(teller.id()).send<ask>(s.client, s.ref.id());
  s.settle();
  CHECK(s.box.actor().filled == 10);
  CHECK(s.queue.counters().refused == 2);
  CHECK(
      teller.actor().heard ==
      std::vector<std::string>(
          2, "the mailbox of inproc:1,root,s[2] is full (10240 bytes wait; limits::mailbox_bytes is 10240)"));
  s.ref.send<fill>(s.client);
  s.settle();
  CHECK(s.box.actor().filled == 11);
}

TEST_CASE("A call that a full mailbox refuses ends at once with that") {
  stage s;
  for (int i = 0; i < 10; ++i) s.ref.send<fill>(s.client);
  auto answer = s.ref.call<get>(s.client);
  CHECK(by_hand::kind_of([&] { s.run<int>(std::move(answer)); }) == vr::errc::mailbox_full);
}

TEST_CASE("What waits behind a suspended handler counts against the bound") {
  stage s;
  auto pending = s.ref.call<hang>(s.client);
  s.settle();
  for (int i = 0; i < 12; ++i) {
    s.ref.send<fill>(s.client);
    s.settle();
  }
  CHECK(s.queue.counters().refused == 2);
  s.box.actor().gate.send(s.client, 1);
  s.settle();
  CHECK(s.queue.counters().refused == 3);  // a plain port's message is no exception
  vr::life::stop(s.box, vr::stop_mode::kill);
  s.settle();
  CHECK(s.box.waiting_bytes() == 0);
}

TEST_CASE("An answer that was asked for is taken by a full mailbox") {
  stage s;
  auto& other = vr::detail::spawn_in<sink>(s.home, vr::label::parse("o"), nullptr, false);
  auto pending = s.ref.call<ask>(s.client, other.id());
  s.queue.run(1);  // it has asked, and waits
  CHECK(s.box.is_busy());
  for (int i = 0; i < 12; ++i) s.ref.send<fill>(s.client);
  CHECK(s.queue.counters().refused == 2);
  CHECK(s.run<int>(std::move(pending)) == 0);
  CHECK(s.box.actor().filled == 10);
}

TEST_CASE("A recycled mailbox starts with nothing waiting, whatever its predecessor left in the queue") {
  stage s;
  for (int i = 0; i < 5; ++i) s.ref.send<fill>(s.client);
  vr::life::stop(s.box, vr::stop_mode::kill);
  for (int i = 0; i < 100 && s.end_of("s") == nullptr; ++i) s.queue.run(1);
  for (int i = 0; i < 3; ++i) s.ref.send<fill>(s.client);
  auto& next = vr::detail::spawn_in<sink>(s.home, vr::label::parse("n"), nullptr, false);
  const vr::actor_ref<sink> ref(next.id());
  for (int i = 0; i < 8; ++i) ref.send<fill>(s.client);
  s.settle();
  CHECK(next.actor().filled == 8);
  CHECK(next.waiting_bytes() == 0);
  CHECK(s.queue.counters().refused == 0);
}

TEST_CASE("What came back is never returned again, and what has no sender is counted") {
  stage s;
  vr::return_to_sender(s.queue, {vr::actor_id(), 0, 0, {s.ref.id(), "m", 1, "text"}});
  CHECK(s.queue.counters().dropped == 1);
  vr::return_to_sender(
      s.queue, {vr::actor_id(s.home.id(), vr::label::parse("gone"), 99), 0, 0, {s.ref.id(), "m", 1, "text"}});
  CHECK(s.queue.counters().dropped == 2);
}

TEST_CASE("A letter for a sender in another process goes back over its road, as returned") {
  stage s;
  const auto far = vr::actor_id::parse("inproc:9,far,x[4]");
  vr::return_to_sender(s.queue,
                       {far, 17, 3, {s.ref.id(), "m", static_cast<int>(vr::errc::mailbox_full), "full"}});
  REQUIRE(s.roads.letters.size() == 1);
  const auto& e = s.roads.letters[0].header;
  CHECK(e.to == far);
  CHECK(e.reply == 17);
  CHECK(e.rank == 3);
  CHECK(vr::has(e.flags, vr::envelope_flags::returned));
  CHECK(s.roads.letters[0].name == "viceroy::undeliverable");
}
