#include "viceroy/proc/thread_loops.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <latch>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
#include <viceroy/viceroy.hpp>

#include "viceroy/testing/loop.hpp"

// Actors with threads of their own, on real loops.
namespace own_thread_test {

namespace vr = viceroy;
using namespace std::chrono_literals;

// What the test lets happen, and what has happened.
struct gate {
  std::binary_semaphore entered{0};
  std::binary_semaphore open{0};
};
inline gate gates[4];
inline std::atomic<int> cleaned = 0, counted = 0;

struct pass {  // blocks until the gate is open
  int gate;
};
struct number {
  int n;
};
struct numbers {};
struct where {};
struct where_child {};
struct ask {
  vr::actor_id whom;
};
struct fail {
  std::string why;
};
struct end {};
struct look_up {};
struct read_late {  // its handler reads it when the gate is open
  int gate;
  std::uint64_t value;
};
inline std::atomic<std::uint64_t> read_then = 0;

struct blocker;
struct child_of_blocker {
  using handles = vr::messages<where>;
  std::uint64_t handle(vr::context<child_of_blocker>&, where);
};
inline std::uint64_t this_thread() { return std::hash<std::thread::id>()(std::this_thread::get_id()); }
inline std::uint64_t child_of_blocker::handle(vr::context<child_of_blocker>&, where) { return this_thread(); }

// Blocks, counts, asks others, fails; all on its own thread.
struct blocker {
  using execution = vr::own_thread;
  struct params {
    int bad;
    bool stays = false;  // its stop hook waits for gate 2
  };
  using handles = vr::messages<pass, number, numbers, where, where_child, ask, fail, end, look_up, read_late,
                               vr::undeliverable>;

  explicit blocker(params p) : p_(p) {
    if (p.bad == 1) throw std::runtime_error("no such device");
  }
  void init(vr::context<blocker>&) {
    if (p_.bad == 2) throw std::runtime_error("the device is busy");
    thread = this_thread();
  }
  void stop(vr::context<blocker>&) {
    if (p_.stays) gates[2].open.acquire();
  }
  void cleanup(vr::context<blocker>&) {
    if (thread == this_thread()) ++cleaned;
  }
  int handle(vr::context<blocker>&, pass m) {
    gates[m.gate].entered.release();
    gates[m.gate].open.acquire();
    return m.gate;
  }
  void handle(vr::context<blocker>&, const read_late& m) {
    gates[m.gate].entered.release();
    gates[m.gate].open.acquire();
    read_then = m.value;
    gates[m.gate].entered.release();
  }
  void handle(vr::context<blocker>&, number m) {
    got.push_back(m.n);
    ++counted;
  }
  std::vector<int> handle(vr::context<blocker>&, numbers) { return got; }
  std::uint64_t handle(vr::context<blocker>&, where) { return thread == this_thread() ? thread : 0; }
  vr::task<std::uint64_t> handle(vr::context<blocker>& cx, where_child) {
    auto child = cx.spawn<child_of_blocker>();
    const std::uint64_t there = co_await child.call<where>(cx);
    co_return there == this_thread() ? there : 0;
  }
  vr::task<std::vector<int>> handle(vr::context<blocker>& cx, ask m) {
    co_return co_await vr::actor_ref<blocker>(m.whom).call<numbers>(cx);
  }
  void handle(vr::context<blocker>&, fail m) { throw std::runtime_error(m.why); }
  void handle(vr::context<blocker>& cx, end) { cx.stop(); }
  void handle(vr::context<blocker>&, const vr::undeliverable& m) { got.push_back(-m.kind); }
  std::string handle(vr::context<blocker>& cx, look_up);

  params p_;
  std::uint64_t thread = 0;
  std::vector<int> got;
};

struct start {
  int bad;
};
struct stop_it {
  vr::stop_mode how;
};
struct send_number {  // once, or -n times
  int n;
};
struct sent_back {};
struct next_failure {
  vr::once_port_ref<std::string> to;
};

// On the proc's loop: the parent of a blocker.
struct parent {
  using handles = vr::messages<start, stop_it, send_number, sent_back, next_failure, vr::child_failure,
                               vr::undeliverable>;
  vr::actor_ref<blocker> handle(vr::context<parent>& cx, start m) { return child = cx.spawn<blocker>(m.bad); }
  void handle(vr::context<parent>& cx, stop_it m) { cx.stop(child, m.how); }
  void handle(vr::context<parent>& cx, send_number m) {
    for (int left = m.n < 0 ? -m.n : 1; left != 0; --left) child.send<number>(cx, m.n);
  }
  int handle(vr::context<parent>&, sent_back) { return back; }
  void handle(vr::context<parent>& cx, next_failure m) {
    to = m.to;
    tell(cx);
  }
  void handle(vr::context<parent>& cx, const vr::child_failure& m) {
    failure = m.child == child.id() ? m.sentence : "of another: " + m.sentence;
    tell(cx);
  }
  void handle(vr::context<parent>&, const vr::undeliverable&) { ++back; }
  void tell(vr::context<parent>& cx) {
    if (!to.empty() && !failure.empty()) std::exchange(to, {}).send(cx, failure);
  }
  vr::actor_ref<blocker> child;
  vr::once_port_ref<std::string> to;
  std::string failure;
  int back = 0;
};

using app = vr::application<"own_thread_test", vr::actors<blocker, child_of_blocker, parent>>;

inline std::string blocker::handle(vr::context<blocker>& cx, look_up) {
  try {
    vr::this_host<app>(cx);
  } catch (const vr::error& e) {
    return e.sentence();
  }
  return "nothing was thrown";
}

// Runs a task with a client of a proc, on a runtime of its own.
template <class F>
void with_client(F f, vr::limits::ms drain = 5'000ms, std::uint64_t mailbox_bytes = 256u << 20) {
  vr::runtime<app> rt;
  vr::block_on(rt,
               [](vr::runtime<app>& r, F& work, vr::limits::ms limit, std::uint64_t bytes) -> vr::task<void> {
                 r.limits().drain = limit;
                 r.limits().mailbox_bytes = bytes;
                 auto root = vr::proc<app>::direct(r, vr::transport::in_process, "root");
                 auto client = root.instance("client");
                 co_await work(root, client);
               }(rt, f, drain, mailbox_bytes));
}
inline vr::task<std::string> sentence_of(vr::task<void> work) {
  try {
    co_await std::move(work);
  } catch (const vr::error& e) {
    co_return e.sentence();
  }
  co_return "nothing was thrown";
}
inline vr::task<void> no_value(vr::answer<int> a) { static_cast<void>(co_await std::move(a)); }
inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

using proc = vr::proc<app>;

}  // namespace own_thread_test

using namespace own_thread_test;

TEST_CASE("an actor with a thread of its own blocks, and holds up nobody else; its messages come in order") {
  with_client([](proc& root, vr::instance& client) -> vr::task<void> {
    auto one = root.spawn<blocker>("one", 0);
    auto two = root.spawn<blocker>("two", 0);
    const std::uint64_t mine = this_thread();
    const std::uint64_t first = co_await one.call<where>(client);
    const std::uint64_t second = co_await two.call<where>(client);
    CHECK(first != 0);
    CHECK(second != 0);
    CHECK((first != mine && second != mine && first != second));
    auto passed = one.call<pass>(client, 0);
    for (int i = 0; i != 1000; ++i) one.send<number>(client, i);
    auto all = one.call<numbers>(client);
    gates[0].entered.acquire();  // it is in its handler now; the other one answers all the same
    for (int i = 0; i != 3; ++i) two.send<number>(client, i);
    const auto meanwhile = co_await two.call<numbers>(client);
    CHECK(meanwhile.size() == 3);
    gates[0].open.release();
    const int opened = co_await std::move(passed);
    CHECK(opened == 0);
    const auto got = co_await std::move(all);
    REQUIRE(got.size() == 1000);
    for (int i = 0; i != 1000; ++i) CHECK(got[static_cast<std::size_t>(i)] == i);
  });
}

TEST_CASE("it asks others and is asked by them; what it spawns lives on its thread; it owns no meshes") {
  with_client([](proc& root, vr::instance& client) -> vr::task<void> {
    auto one = root.spawn<blocker>("one", 0);
    auto two = root.spawn<blocker>("two", 0);
    two.send<number>(client, 7);
    const auto seven = co_await one.call<ask>(client, two.id());
    CHECK(seven == std::vector<int>(1, 7));
    const auto nothing = co_await two.call<ask>(client, one.id());
    CHECK(nothing.empty());
    const std::uint64_t below = co_await one.call<where_child>(client);
    const std::uint64_t there = co_await one.call<where>(client);
    CHECK(below == there);
    const std::string why = co_await one.call<look_up>(client);
    CHECK_MESSAGE(has(why, "has a thread of its own and cannot own or stop meshes"), why);
  });
}

TEST_CASE("its constructor's error is the spawn's; its init hook's, and a handler's, are its parent's") {
  with_client([](proc& root, vr::instance& client) -> vr::task<void> {
    CHECK_THROWS_WITH_AS(root.spawn<blocker>("one", 1), "no such device", std::runtime_error);
    root.spawn<blocker>("one", 0);
    CHECK_THROWS_AS(root.spawn<blocker>("one", 0), vr::error);
    auto above = root.spawn<parent>("above");
    for (int bad = 2; bad >= 0; bad -= 2) {
      auto child = co_await above.call<start>(client, bad);
      if (bad == 0) child.send<fail>(client, "out of paper");
      auto [port, inbox] = client.open_once_port<std::string>();
      above.send<next_failure>(client, port.bind());
      const std::string why = co_await inbox.recv();
      CHECK_MESSAGE(has(why, bad == 2 ? "failed in its init hook: the device is busy"
                                      : "failed handling own_thread_test::fail: out of paper"),
                    why);
      CHECK_MESSAGE(has(why, child.id().text()), why);
      // Who sends to it afterwards hears why it is gone.
      auto late = child.call<pass>(client, 0);
      const std::string gone = co_await sentence_of(no_value(std::move(late)));
      CHECK_MESSAGE((has(gone, "there is no actor ") && has(gone, why)), gone);
      above = root.spawn<parent>("above" + std::to_string(bad));
    }
  });
}

TEST_CASE("drained it handles what has arrived, stopped it gives that back; its hooks run on its thread") {
  for (const auto how : {vr::stop_mode::drain, vr::stop_mode::stop}) {
    const int before = cleaned;
    counted = 0;
    with_client([how](proc& root, vr::instance& client) -> vr::task<void> {
      auto above = root.spawn<parent>("above");
      auto child = co_await above.call<start>(client, 0);
      auto passed = child.call<pass>(client, 0);
      gates[0].entered.acquire();
      for (int i = 0; i != 5; ++i) above.send<send_number>(client, i);
      above.send<stop_it>(client, how);
      co_await above.call<sent_back>(client);  // all of it has been sent
      gates[0].open.release();
      const int opened = co_await std::move(passed);
      CHECK(opened == 0);
      for (int back = 0; how == vr::stop_mode::stop ? back != 5 : counted != 5;)
        back = co_await above.call<sent_back>(client);
    });
    CHECK(cleaned == before + 1);
    CHECK(counted == (how == vr::stop_mode::drain ? 5 : 0));
  }
}

TEST_CASE("its parent's end waits for it, unless killed; its own end is clean") {
  with_client([](proc& root, vr::instance& client) -> vr::task<void> {
    auto above = root.instance("above");
    auto child = above.spawn<blocker>(0);
    auto passed = child.call<pass>(client, 1);
    gates[1].entered.acquire();
    above.stop(child, vr::stop_mode::kill);
    above.stop();
    co_await above.wait();  // although its child's handler has not returned
    gates[1].open.release();
    co_await sentence_of(no_value(std::move(passed)));

    auto other = root.instance("other");
    auto ends = other.spawn<blocker>(0);
    ends.send<end>(client);
    auto late = ends.call<pass>(client, 0);
    const std::string why = co_await sentence_of(no_value(std::move(late)));
    CHECK(why != "nothing was thrown");
    other.stop();
    co_await other.wait();
  });
}

TEST_CASE(
    "what waits for a blocked thread is bounded in bytes: the rest comes back, and what did not is handled") {
  counted = 0;
  with_client(
      [](proc& root, vr::instance& client) -> vr::task<void> {
        auto above = root.spawn<parent>("above");
        auto child = co_await above.call<start>(client, 0);
        auto passed = child.call<pass>(client, 0);
        gates[0].entered.acquire();
        constexpr int sent = 640;  // of 128 bytes each
        above.send<send_number>(client, -sent);
        co_await above.call<sent_back>(client);  // it has sent them all
        const int back = co_await above.call<sent_back>(client);
        CHECK(back > 0);
        CHECK(back < sent / 2);
        gates[0].open.release();
        co_await std::move(passed);
        while (counted != sent - back) co_await above.call<sent_back>(client);  // there is room again
        const auto got = co_await child.call<numbers>(client);
        CHECK(got.size() == static_cast<std::size_t>(sent - back));
      },
      5'000ms, 64u << 10);
}

TEST_CASE("a thread whose actor has ended is the next one's") {
  with_client([&](proc& root, vr::instance& client) -> vr::task<void> {
    for (int i = 0; i != 20; ++i) {
      auto above = root.instance("above" + std::to_string(i));
      auto child = above.spawn<blocker>(0);
      child.send<number>(client, i);
      const auto got = co_await child.call<numbers>(client);
      CHECK(got == std::vector<int>(1, i));
      above.stop();
      co_await above.wait();
    }
  });
}

TEST_CASE("a handler that never returns holds the runtime's end up for limits::drain, and is named") {
  with_client(
      [](proc& root, vr::instance& client) -> vr::task<void> {
        auto one = root.spawn<blocker>("one", 0);
        one.send<pass>(client, 2);
        gates[2].entered.acquire();
        co_return;
      },
      50ms);
}

TEST_CASE("the message that a thread is left behind with stays when the runtime that sent it is gone") {
  with_client(
      [](proc& root, vr::instance& client) -> vr::task<void> {
        auto one = root.spawn<blocker>("one", 0);
        one.send<read_late>(client, 3, std::uint64_t{0x0123456789abcdef});
        gates[3].entered.acquire();
        co_return;
      },
      50ms);
  gates[3].open.release();
  gates[3].entered.acquire();
  CHECK(read_then == 0x0123456789abcdef);
}

TEST_CASE("in a deterministic world it runs with all others") {
  vr::testing::loop l;
  auto client = l.client();
  auto one = l.spawn<blocker>("one", 0);
  one.send<number>(client, 3);
  const auto got = l.finish(one.call<numbers>(client));
  CHECK(got == std::vector<int>(1, 3));
}
