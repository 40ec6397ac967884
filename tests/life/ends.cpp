// How an actor ends, in every world: drained, stopped, killed; its hooks, its children, its callers.
#include "life/subject.hpp"

using namespace life_test;

TEST_CASE("Init comes before any message, and the messages of a sender in order, across suspensions too") {
  in_every_world([](stage& s) -> vr::task<void> {
    auto other = s.client("other");
    const auto a = co_await s.spawn<careless>("a", plan{none, in_init});
    auto last = a.call<ask>(s.me(), -1);
    for (int i = 0; i < 3; ++i) {
      a.send<tell>(s.me(), i);
      a.send<tell>(other, i);
      if (i == 1) a.send<hold>(other, 10);
    }
    auto all_other = a.call<ask>(other, 1);
    co_await a.call<ask>(s.me(), 1);
    co_await std::move(all_other);
    co_await std::move(last);
    const auto init = journal::first(a.id(), "ready");
    int next = 0, next_other = 0;
    const auto events = journal::events();
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (events[i].what != "tell") continue;
      REQUIRE(i > init);
      REQUIRE(events[i].number == (events[i].from == s.me().id() ? next++ : next_other++));
    }
    REQUIRE(next == 3);
    REQUIRE(next_other == 3);
    REQUIRE(journal::count(a.id(), "held") == 1);
  });
}

TEST_CASE(
    "A drain handles what its sender sent before it, a stop and a kill give it back; each call ends once") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto how = static_cast<stop_mode>(s.seed() % 3);
    const auto a = co_await s.spawn<careless>("a", plan{});
    auto first = end(a.call<ask>(s.me(), 1));
    if (how == stop_mode::drain) a.send<tell>(s.me(), 7);
    a.send<quit>(s.me(), how);
    auto second = end(a.call<ask>(s.me(), 2));
    auto third = end(a.call<hold>(s.me(), 3));
    const auto one = co_await std::move(first);
    REQUIRE(one.value == 1);
    const auto two = co_await std::move(second);
    const auto three = co_await std::move(third);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
    REQUIRE(gone.cause.empty());
    for (const auto* each : {&two, &three}) {
      REQUIRE(!each->ok == (journal::count(a.id(), each == &two ? "ask" : "held") < (each == &two ? 2 : 1)));
      if (each->ok) continue;
      CAPTURE(each->sentence);
      const bool told = each->kind == vr::errc::receiver_stopping || each->kind == vr::errc::no_such_actor;
      REQUIRE(told);
    }
    if (how != stop_mode::drain) REQUIRE(!two.ok);  // what comes after the drain's turn comes back, too
    if (how == stop_mode::drain) REQUIRE(journal::count(a.id(), "tell") == 1);
    REQUIRE(journal::count(a.id(), "stop") == (how == stop_mode::kill ? 0 : 1));
  });
}

TEST_CASE("A drain and a stop let a suspended handler finish, a kill ends it and tells its caller") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto how = static_cast<stop_mode>(s.seed() % 3);
    const auto a = co_await s.spawn<careless>("a", plan{});
    auto work = co_await suspended<wait_open, careless>::begin(s, a);
    auto behind = end(a.call<ask>(s.me(), 2));
    co_await s.stop(a.id(), how);
    auto late = end(a.call<ask>(s.me(), 3));
    if (how != stop_mode::kill) {
      REQUIRE_FALSE(s.has_ended(a.id()));
      work.open(s, 5);
    }
    const auto answer = co_await end(work.answer());
    const auto waited = co_await std::move(behind);
    const auto came_late = co_await std::move(late);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
    REQUIRE_FALSE(came_late.ok);
    if (how == stop_mode::kill) {
      REQUIRE(answer.kind == vr::errc::receiver_stopping);
      REQUIRE(answer.sentence == a.id().text() + " was stopped before it answered");
      REQUIRE_FALSE(waited.ok);
      REQUIRE(journal::count(a.id(), "stop") == 0);
    } else {
      REQUIRE(answer.value == 5);
      if (how == stop_mode::stop) REQUIRE_FALSE(waited.ok);
      REQUIRE(journal::count(a.id(), "stop") == 1);
    }
  });
}

TEST_CASE("A harder end overtakes a softer one, a softer one changes nothing, and it ends once") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<careless>("a", plan{none, s.seed() % 2 ? in_stop : none});
    auto work = co_await suspended<wait_open, careless>::begin(s, a);
    const auto child = co_await s.spawn<careless>("b", plan{});
    for (const auto how : {stop_mode::drain, stop_mode::stop, stop_mode::drain, stop_mode::stop}) {
      co_await s.stop(a.id(), how);
      const bool lives = co_await s.lives(a.id());
      REQUIRE(lives);
    }
    if (s.seed() % 4 > 1) work.open(s);  // its stop hook may run, and wait, or finish
    co_await s.stop(a.id(), stop_mode::kill);
    co_await s.stop(a.id(), stop_mode::kill);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
    co_await s.stop(child.id(), stop_mode::stop);
    co_await s.end_of(child.id());
  });
}

TEST_CASE("An end that takes longer than its limit becomes a kill, of the whole tree, and is no failure") {
  worlds::effort e;
  e.bounds.actor_stop = 5ms;
  e.rounds = 10;
  in_every_world(
      [](stage& s) -> vr::task<void> {
        const auto a = co_await s.spawn<careless>("a", plan{none, s.seed() % 3 == 0 ? in_stop : none});
        const auto child =
            co_await a.call<grow>(s.me(), false, plan{none, s.seed() % 3 == 1 ? in_stop : none});
        auto work = co_await suspended<wait_open, careless>::begin(
            s, s.seed() % 3 == 2 ? a : vr::actor_ref<careless>(child));
        if (s.seed() % 3 == 1) work.open(s);
        auto answer = end(work.answer());
        // A drain waits for the handler that runs; its limit begins with the stop hooks.
        const bool drains = s.seed() % 3 == 1 && s.seed() % 2;
        co_await s.stop(a.id(), drains ? stop_mode::drain : stop_mode::stop);
        const auto gone = co_await s.end_of(a.id());
        co_await std::move(answer);
        REQUIRE(gone.how == vr::status::stopped);
        REQUIRE(journal::count(child, "gone") == 1);
      },
      e);
}

TEST_CASE("A drain handles what has arrived at the whole tree: children are drained as their parent is") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<careless>("a", plan{});
    const auto child = co_await a.call<grow>(s.me(), false, plan{});
    const auto grandchild = co_await vr::actor_ref<careless>(child).call<grow>(s.me(), false, plan{});
    a.send<tell_other>(s.me(), child, 3);
    a.send<tell_other>(s.me(), grandchild, 2);
    a.send<quit>(s.me(), stop_mode::drain);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
    REQUIRE(journal::count(child, "tell") == 3);
    REQUIRE(journal::count(grandchild, "tell") == 2);
    for (const auto& each : {a.id(), child, grandchild}) REQUIRE(journal::count(each, "stopped") == 1);
  });
}

TEST_CASE("Children end before their parents, whichever way; a stop runs their stop hooks, a kill none") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto how = static_cast<stop_mode>(s.seed() % 3);
    const auto a = co_await s.spawn<careless>("a", plan{});
    std::vector<vr::actor_id> tree{a.id()};
    for (std::size_t i = 0; i < 5; ++i) {
      const vr::actor_ref<careless> parent(tree[(s.seed() / 3 + i) % tree.size()]);
      const auto child =
          co_await parent.call<grow>(s.me(), false, plan{none, s.seed() % 5 == i ? in_init : none});
      tree.push_back(child);
    }
    vr::actor_ref<careless>(tree[2]).send<hold>(s.me(), 1);
    vr::actor_ref<careless>(tree[3]).send<nest>(s.me(), tree[4]);
    co_await s.stop(a.id(), how);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
    for (const auto& each : tree) {
      REQUIRE(journal::count(each, "gone") == 1);
      REQUIRE(journal::count(each, "stop") == (how == stop_mode::kill ? 0 : 1));
    }
  });
}

TEST_CASE(
    "A parent ends a child as it likes, a stranger may not, and what is sent there afterwards comes back") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto how = static_cast<stop_mode>(s.seed() % 3);
    const auto a = co_await s.spawn<careful>("a", plan{});
    const auto stranger = co_await s.spawn<careless>("stranger", plan{});
    const auto child = co_await a.call<grow>(s.me(), false, plan{});
    const auto refused = co_await end(stranger.call<end_child>(s.me(), child, how));
    REQUIRE(refused.sentence.find("which is no child of it; send it a message that asks it to stop") !=
            std::string::npos);
    co_await s.there([&](vr::directory& home) { s.watch(*home.find(child.index())); });
    co_await a.call<end_child>(s.me(), child, how);
    co_await a.call<end_child>(s.me(), child, how);
    const auto gone = co_await s.end_of(child);
    REQUIRE(gone.how == vr::status::stopped);
    co_await a.call<end_child>(s.me(), child, how);  // gone already: ignored
    co_await a.call<tell_other>(s.me(), child, 20);
    while (journal::count(a.id(), "came back") < 20) co_await a.call<ask>(s.me(), 1);
    REQUIRE(journal::count(child, "tell") == 0);
    // To one that does not hear of it that is a mistake, and the sentence says whose.
    stranger.send<tell_other>(s.me(), child, 1);
    const auto failed = co_await s.end_of(stranger.id());
    REQUIRE(failed.how == vr::status::failed);
    REQUIRE(failed.cause == stranger.id().text() + " sent life_test::tell, and there is no actor " +
                                child.text() + " (any more) for message life_test::tell");
    const bool lives = co_await s.lives(a.id());
    REQUIRE(lives);
  });
}

TEST_CASE(
    "The name of a root is taken while it lives and free afterwards; a stale ref reaches no successor") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<careless>("a", plan{});
    const auto taken = co_await end(s.spawn<careless>("a", plan{}));
    REQUIRE(taken.kind == vr::errc::already_exists);
    a.send<quit>(s.me(), static_cast<stop_mode>(s.seed() % 3));
    co_await s.end_of(a.id());
    const auto next = co_await s.spawn<careless>("a", plan{});
    REQUIRE(next.id() != a.id());
    const auto stale = co_await end(a.call<ask>(s.me(), 1));
    REQUIRE(stale.kind == vr::errc::no_such_actor);
    const int answer = co_await next.call<ask>(s.me(), 2);
    REQUIRE(answer == 2);
  });
}

TEST_CASE("A child that a stopping parent starts is stopped with it") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<careless>("a", plan{});
    auto work = co_await suspended<wait_open, careless>::begin(s, a);
    auto grown = end(a.call<grow>(s.me(), false, plan{}));
    co_await s.stop(a.id(), stop_mode::drain);
    work.open(s);
    co_await work.answer();
    const auto child = co_await std::move(grown);
    REQUIRE(child.ok);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::stopped);
  });
}

TEST_CASE("The status of an instance only goes up, and stays when it is final") {
  in_every_world([](stage& s) -> vr::task<void> {
    auto one = s.client("one");
    vr::status before = one.status();
    REQUIRE(before == vr::status::running);
    const auto look = [&] {
      const vr::status now = one.status();
      REQUIRE(now >= before);
      if (vr::is_terminal(before)) REQUIRE(now == before);
      before = now;
    };
    auto child = one.spawn<careless>(plan{s.seed() % 2 ? in_stop : none, none});
    const bool fails = s.seed() % 3 == 0;
    if (fails)
      child.send<boom>(one);
    else
      one.stop();
    look();
    const auto ended = co_await end(one.wait());
    look();
    REQUIRE(ended.ok == (!fails && s.seed() % 2 == 0));
    REQUIRE(before == (ended.ok ? vr::status::stopped : vr::status::failed));
    one.stop();
    look();
    for (int i = 0; i < 3; ++i) co_await s.there([](vr::directory&) {});
    look();
  });
}
