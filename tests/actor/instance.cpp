#include "viceroy/actor/instance.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace instance_test {

struct get {};
struct boom {};
struct answerer {
  using handles = vr::messages<get, boom>;
  int handle(vr::context<answerer>&, get) { return 1; }
  void handle(vr::context<answerer>&, boom) { throw std::runtime_error("bang"); }
};

}  // namespace instance_test

using namespace instance_test;

TEST_CASE("An instance is a root with a name; its end closes its ports and stops what it owns") {
  by_hand::world w;
  std::optional<vr::instance> client(std::in_place, w.home, vr::label::parse("client"));
  CHECK(client->status() == vr::status::running);
  CHECK(client->id().text() == "inproc:1,root,client[1]");
  client->spawn<answerer>();
  auto [port, inbox] = client->open_port<int>();
  client.reset();
  w.settle();
  CHECK(w.end_of("client")->how == vr::status::stopped);
  CHECK(w.home.living() == 0);
  CHECK(w.failure<int>(vr::as_task(inbox.recv())) == "inproc:1,root,client[1] was stopped");
}

TEST_CASE("A moved instance is the same participant; the empty one says that it is inert") {
  by_hand::world w;
  vr::instance first(w.home, vr::label::parse("client"));
  const auto id = first.id();
  vr::instance second(std::move(first));
  CHECK(second.id() == id);
  CHECK(by_hand::kind_of([&] { first.open_port<int>(); }) == vr::errc::inert);
  vr::instance third(w.home, vr::label::parse("third"));
  third = std::move(second);
  w.settle();
  CHECK(third.id() == id);
  CHECK(w.end_of("third")->how == vr::status::stopped);
  third.stop();
  third.stop();
  w.settle();
  CHECK(w.end_of("client")->how == vr::status::stopped);
  CHECK(by_hand::kind_of([&] { third.spawn<answerer>(); }) == vr::errc::inert);
}

TEST_CASE("The handle of an instance that has failed stops nobody who lives in its memory since") {
  by_hand::world w;
  std::optional<vr::instance> client(std::in_place, w.home, vr::label::parse("client"));
  client->spawn<answerer>().send<boom>(*client);
  w.settle();
  CHECK(w.end_of("client")->how == vr::status::failed);
  vr::instance next(w.home, vr::label::parse("next"));
  client.reset();
  w.settle();
  CHECK(next.status() == vr::status::running);
  CHECK(w.end_of("next") == nullptr);
  vr::instance last(w.home, vr::label::parse("last"));
  vr::instance moved(std::move(last));
  CHECK(moved.status() == vr::status::running);
}

TEST_CASE("The handle of an instance tells how it ended and why") {
  by_hand::world w;
  vr::instance good(w.home, vr::label::parse("good")), bad(w.home, vr::label::parse("bad"));
  bad.spawn<answerer>().send<boom>(bad);
  w.settle();
  CHECK(bad.status() == vr::status::failed);
  CHECK(w.failure<void>(bad.wait()) == "inproc:1,root,bad[3] failed handling instance_test::boom: bang");
  good.stop();
  CHECK(good.status() == vr::status::stopping);
  w.run<void>(good.wait());
  CHECK(good.status() == vr::status::stopped);
}

TEST_CASE("Waiting for an instance that goes on ends with a limit, or with the instance") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  CHECK(by_hand::kind_of([&] { w.run<void>(vr::within(5ms, client.wait())); }) == vr::errc::timeout);
  bool ended = false;
  const auto run = vr::running::start<void>(client.wait(), [&](vr::outcome<void> o) { ended = o.ok(); });
  w.settle();
  CHECK_FALSE(ended);
  client.stop();
  w.settle();
  CHECK(ended);
}
