// What a family does in each other's last moments, in every world: restarts, escalations, farewells.
#include "life/subject.hpp"

using namespace life_test;

namespace life_test {

struct provoke {};
struct child_id {};
struct say_to {
  vr::actor_id whom;
};

// Starts its child again when that fails; gives up at the third time, by throwing.
struct nurse {
  using handles = vr::messages<provoke, child_id, ask, tell_other>;
  breath life;
  vr::actor_id child;
  int failures = 0;

  void init(vr::context<nurse>& cx) {
    life.id = cx.id();
    journal::note(life.id, "init");
    journal::note(life.id, "ready");
    start(cx);
  }
  void cleanup(vr::context<nurse>&) { journal::note(life.id, "cleanup"); }
  void start(vr::context<nurse>& cx) {
    child = cx.spawn<careless>(plan{}).id();
    journal::note(child, "child of", 0, cx.id());
  }
  void handle(vr::context<nurse>& cx, provoke) { vr::actor_ref<careless>(child).send<boom>(cx); }
  vr::actor_id handle(vr::context<nurse>&, child_id) { return child; }
  int handle(vr::context<nurse>&, ask) { return failures; }
  void handle(vr::context<nurse>& cx, tell_other m) { vr::actor_ref<careless>(m.to).send<tell>(cx, m.times); }
  void handle(vr::context<nurse>& cx, const vr::child_failure& m) {
    if (m.child != child) throw std::logic_error("a failure of somebody else's child");
    if (++failures == 3) throw std::runtime_error("enough: " + m.sentence);
    start(cx);
  }
  void handle(vr::context<nurse>&, const vr::undeliverable& m) {
    throw std::runtime_error("returned: " + m.message);
  }
};

// Says farewell to another in its stop hook, and waits for the answer.
struct polite {
  using handles = vr::messages<ask, wait_open>;
  using params = say_to;
  breath life;
  vr::actor_id whom;
  explicit polite(say_to p) : whom(p.whom) {}
  void init(vr::context<polite>& cx) {
    life.id = cx.id();
    journal::note(life.id, "init");
    journal::note(life.id, "ready");
  }
  int handle(vr::context<polite>&, ask m) { return m.n; }
  vr::task<int> handle(vr::context<polite>& cx, wait_open m) {
    auto [port, inbox] = cx.open_port<int>();
    m.gate.send(cx, port.bind());
    co_return co_await inbox.recv();
  }
  vr::task<void> stop(vr::context<polite>& cx) {
    journal::note(life.id, "stop");
    int answer = -1;
    try {
      answer = co_await vr::actor_ref<careless>(whom).call<ask>(cx, 7);
    } catch (const vr::error& e) {
      answer = -static_cast<int>(e.kind());
    }
    journal::note(life.id, "stopped", answer);
  }
  void cleanup(vr::context<polite>&) { journal::note(life.id, "cleanup"); }
};

inline int farewell_of(const vr::actor_id& who) {
  for (const auto& e : journal::events())
    if (e.who == who && e.what == "stopped") return e.number;
  return 0;
}

}  // namespace life_test

TEST_CASE("A parent starts a child again when it fails, and when its handler of that throws, fails itself") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<nurse>("a");
    vr::actor_id before;
    for (int i = 0; i < 2; ++i) {
      const auto child = co_await a.call<child_id>(s.me());
      REQUIRE(child != before);
      const int answer = co_await vr::actor_ref<careless>(child).call<ask>(s.me(), 4);
      REQUIRE(answer == 4);
      before = child;
      a.send<provoke>(s.me());
      for (int failures = 0; failures <= i;) failures = co_await a.call<ask>(s.me(), 0);
    }
    const auto last = co_await a.call<child_id>(s.me());
    a.send<provoke>(s.me());
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::failed);
    REQUIRE(gone.cause == a.id().text() + " failed handling viceroy::child_failure: enough: " + last.text() +
                              " failed handling life_test::boom: bang");
  });
}

TEST_CASE("A handler of what came back that throws fails its actor, and its children go with it") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<nurse>("a");
    const auto b = co_await s.spawn<careless>("b", plan{});
    const auto child = co_await a.call<child_id>(s.me());
    b.send<quit>(s.me(), stop_mode::stop);
    co_await s.end_of(b.id());
    a.send<tell_other>(s.me(), b.id(), 1);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::failed);
    REQUIRE(gone.cause ==
            a.id().text() + " failed handling viceroy::undeliverable: returned: life_test::tell");
    REQUIRE(journal::count(child, "gone") == 1);
    REQUIRE(journal::count(child, "stop") == 0);
  });
}

TEST_CASE(
    "A stop hook may call others and wait: the answer arrives, or why there is none, though messages do "
    "not") {
  in_every_world([](stage& s) -> vr::task<void> {
    const int how = static_cast<int>(s.seed() % 3);  // whom it calls lives, fails the call, or is gone
    const auto other = co_await s.spawn<careless>("other", plan{});
    const auto a = co_await s.spawn<polite>("a", say_to{other.id()});
    std::optional<suspended<wait_open, careless>> held;
    if (how == 1) held.emplace(co_await suspended<wait_open, careless>::begin(s, other));
    if (how == 2) {
      other.send<quit>(s.me(), stop_mode::stop);
      co_await s.end_of(other.id());
    }
    co_await s.stop(a.id(), s.seed() % 2 ? stop_mode::stop : stop_mode::drain);
    if (how == 1) {  // the call waits behind a handler, and then for an actor that fails
      const auto late = co_await end(a.call<ask>(s.me(), 1));
      REQUIRE_FALSE(late.ok);
      co_await s.stop(other.id(), stop_mode::kill);
    }
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
    const int farewell = farewell_of(a.id());
    if (how == 0) REQUIRE(farewell == 7);
    if (how != 0) {
      const bool told = farewell == -static_cast<int>(vr::errc::receiver_stopping) ||
                        farewell == -static_cast<int>(vr::errc::no_such_actor);
      REQUIRE(told);
    }
    if (held) co_await end(held->answer());
  });
}

TEST_CASE("A kill in the middle of a stop hook ends it there, and it is no failure") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto other = co_await s.spawn<careless>("other", plan{});
    auto held = co_await suspended<wait_open, careless>::begin(s, other);
    const auto a = co_await s.spawn<polite>("a", say_to{other.id()});
    co_await s.stop(a.id(), stop_mode::stop);
    while (journal::count(a.id(), "stop") == 0) co_await s.there([](vr::directory&) {});
    co_await s.stop(a.id(), stop_mode::kill);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
    REQUIRE(journal::count(a.id(), "stopped") == 0);
    held.open(s);
    const int answer = co_await held.answer();
    REQUIRE(answer == 1);  // whom it had called is not harmed
    const int still = co_await other.call<ask>(s.me(), 2);
    REQUIRE(still == 2);
  });
}

TEST_CASE("Many fail at once below one parent: it hears of each once, or fails with one of them") {
  in_every_world([](stage& s) -> vr::task<void> {
    const bool heard = s.seed() % 2;
    const auto good = co_await s.spawn<careful>("good", plan{});
    const auto bad = co_await s.spawn<careless>("bad", plan{});
    std::vector<vr::actor_id> children;
    for (int i = 0; i < 4; ++i) {
      if (heard)
        children.push_back(co_await good.call<grow>(s.me(), false, plan{}));
      else
        children.push_back(co_await bad.call<grow>(s.me(), false, plan{}));
    }
    for (const auto& each : children) vr::actor_ref<careless>(each).send<boom>(s.me());
    const auto cause = [](const vr::actor_id& of) {
      return of.text() + " failed handling life_test::boom: bang";
    };
    if (heard) {
      for (const auto& each : children)
        while (journal::count(good.id(), "child failed: " + cause(each)) == 0)
          co_await good.call<ask>(s.me(), 1);
      for (const auto& each : children)
        REQUIRE(journal::count(good.id(), "child failed: " + cause(each)) == 1);
    } else {
      const auto gone = co_await s.end_of(bad.id());
      REQUIRE(gone.how == vr::status::failed);
      bool known = false;
      for (const auto& each : children) known = known || gone.cause == cause(each);
      REQUIRE(known);
    }
  });
}
