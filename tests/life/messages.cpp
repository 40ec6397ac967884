// What becomes of messages at the edges of lives, in every world: returned, told, dropped, delayed, bounded,
// local, answered late.
#include <memory>

#include "life/subject.hpp"

using namespace life_test;

namespace life_test {

struct boxed {
  using local = std::true_type;
  std::unique_ptr<int> n;
};
struct timing {
  int delay_ms;
  int period_ms;
};
struct halt {};
struct flood {
  vr::actor_id to;
  int times;
};
struct ask_bounded {
  vr::actor_id to;
};

// Has a small mailbox, and calls others itself.
template <vr::when_full Then>
struct small {
  static constexpr auto name = Then == vr::when_full::reject        ? "life_test::rejects"
                               : Then == vr::when_full::drop_oldest ? "life_test::drops_oldest"
                               : Then == vr::when_full::drop_newest ? "life_test::drops_newest"
                                                                    : "life_test::suspends";
  using handles = vr::messages<tell, ask, wait_open, nest, ask_bounded>;
  using mailbox = vr::bounded<3, Then>;
  breath life;
  void init(vr::context<small>& cx) {
    life.id = cx.id();
    journal::note(life.id, "init");
    journal::note(life.id, "ready");
  }
  void cleanup(vr::context<small>&) { journal::note(life.id, "cleanup"); }
  void handle(vr::context<small>&, tell m) { journal::note(life.id, "tell", m.n); }
  int handle(vr::context<small>& cx, ask) { return static_cast<int>(cx.turned_away()); }
  vr::task<int> handle(vr::context<small>& cx, wait_open m) {
    auto [port, inbox] = cx.template open_port<int>();
    m.gate.send(cx, port.bind());
    co_return co_await inbox.recv();
  }
  // The kind with which a call of somebody who is gone fails, while its own mailbox is full.
  vr::task<int> handle(vr::context<small>& cx, nest m) {
    int kind = 0;
    journal::note(life.id, "nesting");
    try {
      co_await vr::actor_ref<careless>(m.to).call<ask>(cx, 1);
    } catch (const vr::error& e) {
      kind = static_cast<int>(e.kind());
    }
    co_return kind;
  }
  int handle(vr::context<small>& cx, ask_bounded) { return static_cast<int>(cx.waiting_messages()); }
};

// Counts what comes back to it.
struct source {
  using handles = vr::messages<flood, ask>;
  breath life;
  int back = 0;
  void init(vr::context<source>& cx) {
    life.id = cx.id();
    journal::note(life.id, "init");
    journal::note(life.id, "ready");
  }
  void cleanup(vr::context<source>&) { journal::note(life.id, "cleanup"); }
  void handle(vr::context<source>& cx, flood m) {
    for (int i = 0; i < m.times; ++i) vr::port_ref<tell>(vr::port_id(m.to, vr::type_id<tell>())).send(cx, i);
  }
  int handle(vr::context<source>&, ask) { return back; }
  void handle(vr::context<source>&, const vr::undeliverable& m) {
    back += m.kind == static_cast<int>(vr::errc::mailbox_full);
  }
};

// Sends to itself, later.
struct sleeper {
  using handles = vr::messages<tell, timing, halt, boxed, ask>;
  breath life;
  std::vector<vr::delayed> begun;
  int heard = 0;
  void init(vr::context<sleeper>& cx) {
    life.id = cx.id();
    journal::note(life.id, "init");
    journal::note(life.id, "ready");
  }
  void cleanup(vr::context<sleeper>&) { journal::note(life.id, "cleanup"); }
  void handle(vr::context<sleeper>&, tell m) {
    ++heard;
    journal::note(life.id, "tell", m.n);
  }
  void handle(vr::context<sleeper>& cx, timing m) {
    if (m.period_ms)
      begun.push_back(cx.every<tell>(std::chrono::milliseconds(m.period_ms), m.period_ms));
    else
      begun.push_back(cx.after<tell>(std::chrono::milliseconds(m.delay_ms), m.delay_ms));
  }
  int handle(vr::context<sleeper>& cx, halt) {
    int ended = 0;
    for (const auto& each : begun) ended += cx.cancel(each);
    return ended;
  }
  int handle(vr::context<sleeper>&, boxed m) { return *m.n; }
  int handle(vr::context<sleeper>&, ask) { return heard; }
};

// Its task handlers run side by side.
struct open_house {
  using handles = vr::messages<wait_open, ask>;
  using reentrant = std::true_type;
  breath life;
  int inside = 0;
  void init(vr::context<open_house>& cx) {
    life.id = cx.id();
    journal::note(life.id, "init");
    journal::note(life.id, "ready");
  }
  void stop(vr::context<open_house>&) { journal::note(life.id, "stop"); }
  void cleanup(vr::context<open_house>&) { journal::note(life.id, "cleanup"); }
  vr::task<int> handle(vr::context<open_house>& cx, wait_open m) {
    ++inside;
    auto [port, inbox] = cx.open_port<int>();
    m.gate.send(cx, port.bind());
    const int n = co_await inbox.recv();
    --inside;
    co_return n;
  }
  int handle(vr::context<open_house>&, ask) { return inside; }
};

// What it did when a flood of ten found it sitting: who was handled, and what came back.
template <vr::when_full Then>
vr::task<void> flood_it(stage& s, std::vector<int> handled, int back, int turned_away) {
  const auto a = co_await s.spawn<small<Then>>("a");
  const auto from = co_await s.spawn<source>("from");
  auto work = co_await suspended<wait_open, small<Then>>::begin(s, a);
  co_await from.template call<flood>(s.me(), a.id(), 10);
  int came_back = 0;
  while (came_back < back) came_back = co_await from.template call<ask>(s.me(), 1);
  REQUIRE(came_back == back);
  work.open(s);
  co_await work.answer();
  while (journal::count(a.id(), "tell") < handled.size()) co_await s.there([](vr::directory&) {});
  const int away = co_await a.template call<ask>(s.me(), 1);
  REQUIRE(away == turned_away);
  std::vector<int> got;
  for (const auto& e : journal::events())
    if (e.who == a.id() && e.what == "tell") got.push_back(e.number);
  REQUIRE(got == handled);
}

}  // namespace life_test

TEST_CASE("A small mailbox keeps to its policy, whoever floods it") {
  worlds::effort e;
  e.seeds = 4'000;
  in_every_world([](stage& s) { return flood_it<vr::when_full::reject>(s, {0, 1, 2}, 7, 7); }, e);
  in_every_world([](stage& s) { return flood_it<vr::when_full::drop_newest>(s, {0, 1, 2}, 0, 7); }, e);
  in_every_world([](stage& s) { return flood_it<vr::when_full::drop_oldest>(s, {7, 8, 9}, 0, 7); }, e);
  in_every_world([](stage& s) { return flood_it<vr::when_full::suspend>(s, {0, 1, 2}, 7, 7); }, e);
}

TEST_CASE("What comes back to an actor with a small, full mailbox ends its call at once, from any loop") {
  in_every_world([](stage& s) -> vr::task<void> {
    using sender = small<vr::when_full::drop_oldest>;
    const auto gone = co_await s.spawn<careless>("gone", plan{});
    gone.send<quit>(s.me(), stop_mode::stop);
    co_await s.end_of(gone.id());
    const auto near = s.me().spawn<sender>();  // beside the test: what it calls is elsewhere
    auto nested = near.call<nest>(s.me(), gone.id());
    while (journal::count(near.id(), "nesting") == 0) co_await s.there([](vr::directory&) {});
    for (int i = 0; i < 6; ++i) near.send<tell>(s.me(), i);
    const int kind = co_await std::move(nested);
    REQUIRE(kind == static_cast<int>(vr::errc::no_such_actor));
  });
}

TEST_CASE("A delayed message comes once, a periodic one until it is cancelled, and none after the end") {
  worlds::effort e;
  e.rounds = 5;
  in_every_world(
      [](stage& s) -> vr::task<void> {
        const auto a = co_await s.spawn<sleeper>("a");
        a.send<timing>(s.me(), 1, 0);
        a.send<timing>(s.me(), 0, 2);
        a.send<timing>(s.me(), 600'000, 0);
        auto [port, inbox] = s.me().open_port<int>();
        int heard = 0;
        while (heard < 3) {
          heard = co_await a.call<ask>(s.me(), 1);
          co_await end(vr::within(1ms, inbox.recv()));
        }
        REQUIRE(journal::first(a.id(), "tell") != std::size_t(-1));
        const int ended = co_await a.call<halt>(s.me());
        REQUIRE(ended == 2);  // the periodic one, and what is to come in ten minutes
        const int then = co_await a.call<ask>(s.me(), 1);
        for (int i = 0; i < 3; ++i) co_await end(vr::within(1ms, inbox.recv()));
        const int later = co_await a.call<ask>(s.me(), 1);
        REQUIRE(later <= then + 1);  // what had arrived is handled all the same
        a.send<timing>(s.me(), 0, 1);
        a.send<timing>(s.me(), 1, 0);
        co_await s.stop(a.id(), static_cast<stop_mode>(s.seed() % 3));
        co_await s.end_of(a.id());
      },
      e);
}

TEST_CASE("A local message crosses from loop to loop as it is, and leaves no process") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<sleeper>("a");
    auto answer = a.call<boxed>(s.me(), std::make_unique<int>(7));
    const int n = co_await std::move(answer);
    REQUIRE(n == 7);
    a.send<boxed>(s.me(), std::make_unique<int>(8));
    const vr::actor_ref<sleeper> far(vr::actor_id::parse("unix:@far,root,a[3]"));
    bool refused = false;
    try {
      far.send<boxed>(s.me(), std::make_unique<int>(9));
    } catch (const vr::error& e) {
      refused = e.sentence().find(
                    "is local (it never leaves its process), and unix:@far,root,a[3] lives in "
                    "another process") != std::string::npos;
    }
    REQUIRE(refused);
  });
}

TEST_CASE("A reentrant actor's handlers all finish in a stop and a drain, and all end in a kill") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto how = static_cast<stop_mode>(s.seed() % 3);
    const auto a = co_await s.spawn<open_house>("a");
    auto one = co_await suspended<wait_open, open_house>::begin(s, a);
    auto two = co_await suspended<wait_open, open_house>::begin(s, a);
    const int inside = co_await a.call<ask>(s.me(), 1);
    REQUIRE(inside == 2);
    co_await s.stop(a.id(), how);
    if (how != stop_mode::kill) {
      const bool lives = co_await s.lives(a.id());
      REQUIRE(lives);
      two.open(s, 2);
      one.open(s, 1);
    }
    const auto first = co_await end(one.answer());
    const auto second = co_await end(two.answer());
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
    REQUIRE(first.ok == (how != stop_mode::kill));
    REQUIRE(second.ok == first.ok);
    if (first.ok)
      REQUIRE(first.value + second.value == 3);
    else
      REQUIRE(first.sentence == a.id().text() + " was stopped before it answered");
    REQUIRE(journal::count(a.id(), "stop") == (first.ok ? 1 : 0));
  });
}

TEST_CASE("What is sent to a port that was closed, or has what it wanted, is dropped and harms nobody") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<careless>("a", plan{});
    auto work = co_await suspended<wait_open, careless>::begin(s, a);
    auto opened = std::make_unique<std::pair<vr::port<vr::port_ref<int>>, vr::receiver<vr::port_ref<int>>>>(
        s.me().open_port<vr::port_ref<int>>());
    const vr::port_ref<vr::port_ref<int>> stale = opened->first.bind();
    opened.reset();
    a.send<wait_open>(s.me(), stale);  // it will send there, and wait for ever
    work.open(s, 1);
    work.open(s, 2);  // its handler has ended, or takes only the first
    const int answer = co_await work.answer();
    REQUIRE(answer == 1);
    co_await s.stop(a.id(), stop_mode::kill);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
    work.open(s, 3);  // whose actor is gone
    REQUIRE(s.me().status() == vr::status::running);
  });
}

TEST_CASE("Whoever waits for room waits for what ends no longer, and a full mailbox takes more afterwards") {
  worlds::effort e;
  e.bounds.mailbox_bytes = 4096;
  e.seeds = 4'000;
  e.rounds = 5;
  in_every_world(
      [](stage& s) -> vr::task<void> {
        const auto near = s.me().spawn<careful>(plan{});
        auto work = co_await suspended<wait_open, careful>::begin(s, near);
        for (int i = 0; i < 25; ++i) near.send<tell>(s.me(), i);
        const bool kills = s.seed() % 2;
        bool ready = false;
        auto room = [](stage& at, vr::actor_ref<careful> to, bool& done) -> vr::task<void> {
          co_await at.me().ready(to);
          done = true;
        };
        auto waiting = vr::running::start<void>(room(s, near, ready), [](vr::outcome<void>) {});
        if (kills)
          s.me().stop(near, stop_mode::kill);
        else
          work.open(s);
        auto [port, inbox] = s.me().open_port<int>();
        while (!ready) co_await end(vr::within(1ms, inbox.recv()));
        if (kills) co_return;
        const int n = co_await near.call<ask>(s.me(), 5);
        REQUIRE(n == 5);
      },
      e);
}
