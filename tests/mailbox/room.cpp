#include "viceroy/mailbox/room.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace room_test {

struct page {
  std::string text;
};
struct sleep_long {};
struct reader {
  using handles = vr::messages<page, sleep_long>;
  std::size_t pages = 0;
  vr::once_port_ref<int> bell;

  void handle(vr::context<reader>&, const page&) { ++pages; }
  vr::task<void> handle(vr::context<reader>& cx, sleep_long) {
    auto [port, inbox] = cx.open_once_port<int>();
    bell = port.bind();
    co_await inbox.recv();
  }
};

struct stage : by_hand::world {
  stage() : client(home, vr::label::parse("client")) {}
  vr::actor_ref<reader> sleeper() {
    const auto r = client.spawn<reader>();
    r.send<sleep_long>(client);
    settle();
    return r;
  }
  // More than half of 2000 bytes.
  void send_pages(const vr::actor_ref<reader>& to) {
    for (int i = 0; i < 15; ++i) to.send<page>(client, "x");
    settle();
  }
  vr::instance client;
  const vr::actor_id far = vr::actor_id(vr::proc_id::parse("unix:@far,root"), vr::label::parse("reader"), 1);
};

}  // namespace room_test

using namespace room_test;

TEST_CASE("where there is room nothing is waited for") {
  stage s;
  const auto reader_ref = s.client.spawn<reader>();
  s.run(s.client.ready(reader_ref));
  s.run(s.client.ready(vr::actor_ref<reader>(s.far)));
  s.run(s.client.ready(reader_ref.port<page>()));
  CHECK(s.clock.waiting_timers() == 0);
}

TEST_CASE("a sender waits until the link has room, and hears what was full when it has none in time") {
  stage s;
  s.roads.waiting = vr::limit::link_buffer_bytes;
  std::optional<vr::outcome<void>> ended;
  {
    const auto waiting = vr::running::start<void>(s.client.ready(vr::actor_ref<reader>(s.far)),
                                                  [&](vr::outcome<void> o) { ended.emplace(std::move(o)); });
    s.pass(100ms);
    CHECK(!ended);
    s.roads.waiting = vr::limit::link_buffer_bytes / 2;
    s.pass(1ms);
    REQUIRE(ended);
    CHECK(ended->ok());
  }
  s.roads.waiting = vr::limit::link_buffer_bytes;
  const std::string late = s.failure(s.client.ready(vr::actor_ref<reader>(s.far)));
  CHECK(late == "the link to unix:@far,root (67108864 bytes wait) had no room for more messages within 60 s");
}

TEST_CASE("a sender waits for a mailbox of its own loop; dropping the wait ends it") {
  stage s;
  s.bounds.mailbox_bytes = 2000;
  const auto r = s.sleeper();
  s.send_pages(r);
  bool done = false;
  {
    auto waiting = vr::running::start<void>(s.client.ready(r), [&](vr::outcome<void>) { done = true; });
    s.pass(10ms);
    CHECK(!done);
    CHECK(s.clock.waiting_timers() == 1);
  }
  CHECK(s.clock.waiting_timers() == 0);
  const auto waiting = vr::running::start<void>(s.client.ready(r), [&](vr::outcome<void>) { done = true; });
  s.pass(10ms);
  CHECK(!done);
  vr::mailbox* const box = s.home.find(r.id().index());
  REQUIRE(box);
  vr::life::stop(*box, vr::stop_mode::kill);  // whoever is gone is waited for no longer
  s.pass(10ms);
  CHECK(done);
}

TEST_CASE("a sender waits by the bound that the mailbox has, whatever the limit is by now") {
  stage s;
  s.bounds.mailbox_bytes = 2000;
  const auto r = s.sleeper();
  s.bounds.mailbox_bytes = 256u << 20;
  s.send_pages(r);
  bool done = false;
  {
    const auto waiting = vr::running::start<void>(s.client.ready(r), [&](vr::outcome<void>) { done = true; });
    s.pass(10ms);
    CHECK(!done);
  }
  const auto roomy = s.sleeper();
  s.bounds.mailbox_bytes = 64;
  s.send_pages(roomy);
  const auto waiting =
      vr::running::start<void>(s.client.ready(roomy), [&](vr::outcome<void>) { done = true; });
  s.pass(10ms);
  CHECK(done);
}
