#include "viceroy/host/watchdog.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/spawn.hpp"

namespace watchdog_test {

using namespace by_hand;
using namespace std::chrono_literals;
using time_point = vr::held_loop::time_point;

struct act {};
struct spawn_and_act {};

// Does in its handler whatever the test wants.
struct doer {
  using handles = vr::messages<act, spawn_and_act>;
  void handle(vr::context<doer>&, act) {
    if (work) work();
  }
  void handle(vr::context<doer>& cx, spawn_and_act) {
    child = cx.spawn<doer>();
    cx.stop(child);
  }
  static inline std::function<void()> work;
  vr::actor_ref<doer> child;
};

// A loop, looked at from within the handler that holds it.
struct held {
  world w{"p", "unix:@w"};
  vr::instance client{w.home, vr::label::parse("client")};
  vr::actor_ref<doer> actor{vr::detail::spawn_in<doer>(w.home, vr::label::parse("a0"), nullptr, false).id()};
  vr::held_loop seen{w.queue.holder()};
  time_point start{};
  std::vector<std::string> said;

  void look(ms at) {
    if (auto sentence = seen.look(start + at, 100ms)) said.push_back(*sentence);
  }
  template <class F>
  void handle(F f) {
    doer::work = f;
    actor.send<act>(client);
    w.settle();
    doer::work = nullptr;
  }
  std::string process() const { return "the loop of process " + std::to_string(::getpid()); }
};

}  // namespace watchdog_test

using namespace watchdog_test;

TEST_CASE("who holds a loop for longer than the limit is named once, with its message, and when it lets go") {
  held h;
  h.handle([&] {
    h.look(0ms);
    h.look(99ms);
    CHECK(h.said.empty());
    CHECK(h.w.queue.holder().times_held() == 0);
    h.look(1'250ms);
    CHECK(h.w.queue.holder().times_held() == 1);
    h.look(2'000ms);
  });
  vr::message_node* none = h.w.queue.take_all();
  CHECK(none == nullptr);
  h.w.queue.run(1);  // a real loop ends what it began
  h.look(3'210ms);
  h.look(9'000ms);
  REQUIRE(h.said.size() == 2);
  const std::string who = std::string(vr::type_name<doer>()) + " " + h.actor.id().text();
  CHECK(h.said[0] == who + " has held " + h.process() + " for 1.2 s, handling " +
                         std::string(vr::type_name<act>()) +
                         "; a handler that must block says `using execution = viceroy::own_thread;`");
  CHECK(h.said[1] == who + " has held " + h.process() + " for about 3.2 s in all, and let go");
}

TEST_CASE("a loop that handles one message after another is not held, though each is like the last") {
  held h;
  ms at = 0ms;
  for (int i = 0; i != 20; ++i) {
    h.handle([&] { h.look(at); });
    at += 99ms;
  }
  CHECK(h.said.empty());
}

TEST_CASE("what stood still with the watchdog itself does not count") {
  held h;
  h.handle([&] {
    h.look(0ms);
    h.seen.start_over();
    h.look(5'000ms);
    h.look(5'099ms);
    CHECK(h.said.empty());
    h.look(5'100ms);
    CHECK(h.said.size() == 1);
  });
}

TEST_CASE("a loop's own work is named as what it is; an instance by what it got") {
  static constexpr vr::message_ops work{0, "the work of its timers", 0, nullptr, nullptr, nullptr};
  held h;
  {
    const vr::holder::own_work here(h.w.queue.holder(), work);
    h.look(0ms);
    h.look(100ms);
  }
  auto [port, inbox] = h.client.open_port<int>();
  port.bind().send(h.client, 5);
  h.w.run([](vr::receiver<int>& from, held& all) -> vr::task<void> {
    co_await from.recv();
    all.look(1'000ms);
    all.look(1'100ms);
  }(inbox, h));
  REQUIRE(h.said.size() == 3);
  CHECK(h.said[0] == "the work of its timers has held " + h.process() +
                         " for 0.1 s; what must block belongs on a thread of its own");
  CHECK(h.said[2] == "instance " + h.client.id().text() + " has held " + h.process() +
                         " for 0.1 s, since i32 reached it; what must block belongs on a thread of its own");
}

TEST_CASE("an actor whose memory became another's is not looked into") {
  held h;
  const vr::mailbox& box = *h.w.home.find(h.actor.id().index());
  vr::holder& holder = h.w.queue.holder();
  holder.begin(box, vr::message_ops_of<act>);
  const auto mark = holder.set_mark();
  REQUIRE_FALSE(holder.read(mark).what.empty());
  CHECK(holder.read(mark).actor == h.actor.id());
  holder.forget(box);
  REQUIRE(holder.still(mark));
  CHECK(holder.read(mark).actor.empty());
  CHECK(holder.read(mark).what == vr::type_name<act>());
  holder.end();
  CHECK_FALSE(holder.still(mark));
  CHECK(holder.read(mark).what.empty());
}

TEST_CASE("the watchdog's thread tells while the loop is held, and ends with the last loop it watches") {
  held h;
  std::promise<std::string> told;
  vr::watchdog::watch watch(h.w.queue.holder(), [&, first = true](const std::string& sentence) mutable {
    if (std::exchange(first, false)) told.set_value(sentence);
  });
  watch.limit_to(20ms);
  std::string sentence;
  h.handle([&] { sentence = told.get_future().get(); });  // holds its loop until it was told that it does
  CHECK(sentence.find(h.actor.id().text()) != std::string::npos);
  CHECK(h.w.queue.holder().times_held() == 1);
}

TEST_CASE("actors come and go, and hold their loop, while the watchdog looks") {
  held h;
  std::atomic<int> told = 0;
  vr::watchdog::watch watch(h.w.queue.holder(), [&](const std::string&) { ++told; });
  watch.limit_to(1ms);
  for (int i = 0; i != 30; ++i) {
    h.actor.send<spawn_and_act>(h.client);
    h.w.settle();
    const int before = told;
    h.handle([&] {
      while (told == before) std::this_thread::yield();
    });
  }
  watch.limit_to(0ms);
  CHECK(h.w.queue.holder().times_held() > 0);
}
