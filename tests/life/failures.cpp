// How an actor fails, in every world: in each hook, in a handler, alone and with a family; who hears of it.
#include "life/subject.hpp"

using namespace life_test;

TEST_CASE("A constructor that throws fails the spawn, of a root or a child, and leaves nothing behind") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto failed = co_await end(s.spawn<careless>("a", plan{in_constructor, none}));
    REQUIRE(failed.sentence == "no constructor");
    const auto a = co_await s.spawn<careless>("a", plan{});
    const auto child = co_await end(a.call<grow>(s.me(), true, plan{in_constructor, none}));
    REQUIRE(child.sentence == a.id().text() + " failed handling life_test::grow: no constructor");
    const int still = co_await a.call<ask>(s.me(), 1);
    REQUIRE(still == 1);
    const auto living = co_await s.there([](vr::directory& home) { return home.living(); });
    REQUIRE(living == (s.crosses() ? 1 : 2));
  });
}

TEST_CASE("An init that throws fails the actor before any message, and whoever called hears why") {
  in_every_world([](stage& s) -> vr::task<void> {
    const bool late = s.seed() % 2;
    const auto a = co_await s.spawn<careless>("a", plan{in_init, late ? in_init : none});
    auto first = end(a.call<ask>(s.me(), 1));
    a.send<tell>(s.me(), 1);
    auto second = end(a.call<ask>(s.me(), 2));
    const auto gone = co_await s.end_of(a.id());
    const std::string cause = a.id().text() + " failed in its init hook: no init";
    REQUIRE(gone.how == vr::status::failed);
    REQUIRE(gone.cause == cause);
    for (auto* const each : {&first, &second}) {
      const auto told = co_await std::move(*each);
      REQUIRE_FALSE(told.ok);
      REQUIRE(told.sentence.find(cause) != std::string::npos);
    }
    REQUIRE(journal::count(a.id(), "stop") == 0);
    REQUIRE(journal::count(a.id(), "ask") + journal::count(a.id(), "tell") == 0);
  });
}

TEST_CASE(
    "A stop hook that throws makes a failure of a stop and a drain; a cleanup that throws changes nothing") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto how = static_cast<stop_mode>(s.seed() % 3);
    const auto a = co_await s.spawn<careless>("a", plan{in_stop | in_cleanup, none});
    const auto b = co_await s.spawn<careless>("b", plan{in_cleanup, none});
    a.send<quit>(s.me(), how);
    b.send<quit>(s.me(), how);
    const auto a_gone = co_await s.end_of(a.id());
    const auto b_gone = co_await s.end_of(b.id());
    REQUIRE(b_gone.how == vr::status::stopped);
    if (how == stop_mode::kill) {
      REQUIRE(a_gone.how == vr::status::stopped);
    } else {
      REQUIRE(a_gone.how == vr::status::failed);
      REQUIRE(a_gone.cause == a.id().text() + " failed in its stop hook: no stop");
    }
  });
}

TEST_CASE(
    "A child whose stop fails fails its stopping parent, which still stops in order, unless that handles "
    "it") {
  in_every_world([](stage& s) -> vr::task<void> {
    const bool handled = s.seed() % 2;
    vr::actor_id parent;
    if (handled) {
      const auto a = co_await s.spawn<careful>("a", plan{});
      parent = a.id();
    } else {
      const auto a = co_await s.spawn<careless>("a", plan{});
      parent = a.id();
    }
    const auto grow_under = [&](const vr::actor_id& who) {
      return who == parent && handled
                 ? vr::actor_ref<careful>(who).call<grow>(s.me(), false, plan{})
                 : vr::actor_ref<careless>(who).call<grow>(s.me(), false, plan{in_stop, none});
    };
    const auto middle = co_await grow_under(parent);
    const auto leaf = co_await vr::actor_ref<careless>(middle).call<grow>(s.me(), false, plan{in_stop, none});
    co_await s.stop(parent, s.seed() % 4 < 2 ? stop_mode::stop : stop_mode::drain);
    const auto gone = co_await s.end_of(parent);
    REQUIRE(gone.how == (handled ? vr::status::stopped : vr::status::failed));
    if (!handled) REQUIRE(gone.cause == leaf.text() + " failed in its stop hook: no stop");
    for (const auto& each : {parent, middle, leaf}) REQUIRE(journal::count(each, "stop") == 1);
  });
}

TEST_CASE("A handler that throws fails its caller's call, or its actor when nobody waits; never both") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<careless>("a", plan{});
    const auto called = co_await end(a.call<boom>(s.me()));
    REQUIRE(called.kind == vr::errc::handler_failed);
    const std::string cause = a.id().text() + " failed handling life_test::boom: bang";
    REQUIRE(called.sentence == cause);
    auto work = co_await suspended<wait_and_fail, careless>::begin(s, a);
    work.open(s);
    const auto late = co_await end(work.answer());
    REQUIRE(late.sentence == a.id().text() + " failed handling life_test::wait_and_fail: late bang");
    const int still = co_await a.call<ask>(s.me(), 1);
    REQUIRE(still == 1);
    auto before = end(a.call<ask>(s.me(), 2));
    a.send<boom>(s.me());
    auto behind = end(a.call<ask>(s.me(), 3));
    const auto one = co_await std::move(before);
    REQUIRE(one.value == 2);
    const auto other = co_await std::move(behind);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::failed);
    REQUIRE(gone.cause == cause);
    REQUIRE_FALSE(other.ok);
    REQUIRE(other.sentence.find(cause) != std::string::npos);
    REQUIRE(journal::count(a.id(), "stop") == 0);
  });
}

TEST_CASE("An actor that fails while it is being stopped ends as failed, without a stop hook") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto a = co_await s.spawn<careless>("a", plan{});
    auto [port, inbox] = s.me().open_once_port<vr::port_ref<int>>();
    a.send<wait_and_fail>(s.me(), vr::port_ref<vr::port_ref<int>>(port.id()));  // nobody waits for its answer
    const vr::port_ref<int> gate = co_await inbox.recv();
    co_await s.stop(a.id(), s.seed() % 2 ? stop_mode::stop : stop_mode::drain);
    gate.send(s.me(), 1);
    const auto gone = co_await s.end_of(a.id());
    REQUIRE(gone.how == vr::status::failed);
    REQUIRE(gone.cause == a.id().text() + " failed handling life_test::wait_and_fail: late bang");
    // A stop passes what waits; a drain's turn comes after the failure, and then is none of its own.
    REQUIRE(journal::count(a.id(), "stop") == 0);
  });
}

TEST_CASE("A failure goes up to the first that handles it, or to the root, with the first cause as it was") {
  in_every_world([](stage& s) -> vr::task<void> {
    const bool heard = s.seed() % 2;
    const auto root = co_await s.spawn<careless>("root", plan{});
    const auto top = co_await s.spawn<careful>("top", plan{});
    const auto low_plan = plan{};
    auto at = heard ? top.id() : root.id();
    std::vector<vr::actor_id> chain{at};
    for (int i = 0; i < 3; ++i) {
      if (at == top.id())
        at = co_await top.call<grow>(s.me(), false, low_plan);
      else
        at = co_await vr::actor_ref<careless>(at).call<grow>(s.me(), false, low_plan);
      chain.push_back(at);
    }
    const auto sibling = co_await vr::actor_ref<careless>(chain[1]).call<grow>(s.me(), false, low_plan);
    auto work = co_await suspended<wait_open, careless>::begin(s, vr::actor_ref<careless>(sibling));
    co_await s.there([&](vr::directory& home) { s.watch(*home.find(chain[1].index())); });
    vr::actor_ref<careless>(chain[3]).send<boom>(s.me());
    const auto gone = co_await s.end_of(heard ? chain[1] : root.id());
    const std::string cause = chain[3].text() + " failed handling life_test::boom: bang";
    REQUIRE(gone.how == vr::status::failed);
    REQUIRE(gone.cause == cause);
    // Who waited for one of those that went along hears that it is gone.
    const auto waited = co_await end(work.answer());
    REQUIRE_FALSE(waited.ok);
    REQUIRE(journal::count(sibling, "gone") == 1);
    for (const auto& each : {chain[1], chain[2], chain[3], sibling})
      REQUIRE(journal::count(each, "stop") == 0);
    if (heard) {
      while (journal::count(top.id(), "child failed: " + cause) == 0) co_await top.call<ask>(s.me(), 1);
      const int still = co_await top.call<ask>(s.me(), 2);
      REQUIRE(still == 2);
      REQUIRE(journal::count(top.id(), "child failed: " + cause) == 1);
    } else {
      const auto late = co_await end(vr::actor_ref<careless>(chain[1]).call<ask>(s.me(), 1));
      REQUIRE(late.sentence.ends_with(": " + cause));  // the proc remembers why
    }
  });
}

TEST_CASE("A child's failure waits behind its parent's suspended handler, or ends that with the cause") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto good = co_await s.spawn<careful>("good", plan{});
    const auto bad = co_await s.spawn<careless>("bad", plan{});
    const auto child = co_await good.call<grow>(s.me(), false, plan{});
    const auto other = co_await bad.call<grow>(s.me(), false, plan{});
    auto held = co_await suspended<wait_open, careful>::begin(s, good);
    auto lost = co_await suspended<wait_open, careless>::begin(s, bad);
    co_await s.there([&](vr::directory& home) { s.watch(*home.find(child.index())); });
    vr::actor_ref<careless>(child).send<boom>(s.me());
    vr::actor_ref<careless>(other).send<boom>(s.me());
    co_await s.end_of(child);
    const auto gone = co_await s.end_of(bad.id());
    const auto told = co_await end(lost.answer());
    REQUIRE(gone.cause == other.text() + " failed handling life_test::boom: bang");
    REQUIRE(told.sentence == gone.cause);
    const std::string heard = "child failed: " + child.text() + " failed handling life_test::boom: bang";
    REQUIRE(journal::count(good.id(), heard) == 0);
    held.open(s);
    const int answer = co_await held.answer();
    REQUIRE(answer == 1);
    while (journal::count(good.id(), heard) == 0) co_await good.call<ask>(s.me(), 1);
    REQUIRE(journal::first(good.id(), heard) > journal::first(good.id(), "opened"));
  });
}

TEST_CASE(
    "A child's failure fails an instance that owns it: its ports close, its waits end, and it says why") {
  in_every_world([](stage& s) -> vr::task<void> {
    auto one = s.client("one");
    const auto a = co_await s.spawn<careless>("a", plan{});
    const auto child = one.spawn<careless>(plan{});
    auto [port, inbox] = one.open_port<int>();
    auto [gate_port, gate_inbox] = s.me().open_once_port<vr::port_ref<int>>();
    auto waiting = a.call<wait_open>(one, vr::port_ref<vr::port_ref<int>>(gate_port.id()));
    const vr::port_ref<int> gate = co_await gate_inbox.recv();
    child.send<boom>(one);
    const auto ended = co_await end(one.wait());
    const std::string cause = child.id().text() + " failed handling life_test::boom: bang";
    REQUIRE(ended.sentence == cause);
    REQUIRE(one.status() == vr::status::failed);
    const auto received = co_await end(inbox.recv());
    REQUIRE(received.kind == vr::errc::owner_gone);
    REQUIRE(received.sentence == cause);
    const auto answered = co_await end(std::move(waiting));
    REQUIRE(answered.kind == vr::errc::owner_gone);
    bool inert = false;
    try {
      child.send<tell>(one, 1);
    } catch (const vr::error& e) {
      inert = e.kind() == vr::errc::inert;
    }
    REQUIRE(inert);
    gate.send(s.me(), 1);  // whoever answers it is not harmed
    const int still = co_await a.call<ask>(s.me(), 1);
    REQUIRE(still == 1);
  });
}

TEST_CASE(
    "A caller that ends first ends its calls with owner_gone, whichever way it ends, and harms nobody") {
  in_every_world([](stage& s) -> vr::task<void> {
    const auto how = static_cast<stop_mode>(s.seed() % 3);
    const auto a = co_await s.spawn<careless>("a", plan{});
    const auto b = co_await s.spawn<careless>("b", plan{});
    auto work = co_await suspended<wait_open, careless>::begin(s, a);
    b.send<nest>(s.me(), a.id());  // waits behind it
    b.send<quit>(s.me(), how);     // waits behind that
    if (how != stop_mode::drain) co_await s.stop(b.id(), stop_mode::kill);
    work.open(s);
    const int answer = co_await work.answer();
    REQUIRE(answer == 1);
    const auto gone = co_await s.end_of(b.id());
    REQUIRE(gone.how == vr::status::stopped);
    const int still = co_await a.call<ask>(s.me(), 3);
    REQUIRE(still == 3);
    auto one = s.client("one");
    std::string why;
    vr::errc kind{};
    a.call<ask>(one, 1).then([&](vr::outcome<int> o) {
      try {
        o.get();
      } catch (const vr::error& e) {
        kind = e.kind();
        why = e.sentence();
      }
    });
    one.stop();
    co_await one.wait();
    const bool told_or_answered = why.empty() || kind == vr::errc::owner_gone;
    REQUIRE(told_or_answered);
    co_await a.call<ask>(s.me(), 4);
  });
}

TEST_CASE("Over seeds and threads: a crowd that does everything to each other keeps every rule") {
  worlds::effort e;
  e.bounds.actor_stop = 5ms;
  e.rounds = 30;
  in_every_world(
      [](stage& s) -> vr::task<void> {
        std::uint64_t state = s.seed() * 2 + 1;
        const auto random = [&state](std::uint64_t below) {
          state = state * 6364136223846793005u + 1442695040888963407u;
          return (state >> 33) % below;
        };
        std::vector<vr::actor_id> roots, all;
        for (const char* name : {"r0", "r1", "r2"}) {
          const plan p{static_cast<int>(random(4) ? 0 : random(8) * 2), random(6) ? none : in_init};
          const auto r = co_await s.spawn<careful>(name, p);
          roots.push_back(r.id());
          all.push_back(r.id());
        }
        int asked = 0, ended = 0;
        for (int i = 0; i < 25; ++i) {
          const vr::actor_ref<careful> to(all[random(all.size())]);
          switch (random(8)) {
            case 0:
              ++asked;
              to.call<grow>(s.me(), true, plan{random(5) ? none : in_stop, none})
                  .then([&](vr::outcome<vr::actor_id> o) {
                    ++ended;
                    if (o.ok()) all.push_back(o.get());
                  });
              break;
            case 1:
              co_await s.stop(to.id(), static_cast<stop_mode>(random(3)));
              break;
            case 2:
              ++asked;
              to.call<nest>(s.me(), all[random(all.size())]).then([&](vr::outcome<void>) { ++ended; });
              break;
            case 3:
              if (random(3) == 0)
                ++asked,
                    to.call<quit>(s.me(), static_cast<stop_mode>(random(3))).then([&](vr::outcome<void>) {
                      ++ended;
                    });
              break;
            case 4:
              ++asked;
              to.call<hold>(s.me(), i).then([&](vr::outcome<int>) { ++ended; });
              break;
            case 5: {
              auto dropped = to.call<ask>(s.me(), i);  // nobody waits for it
              break;
            }
            default:
              ++asked;
              to.call<ask>(s.me(), i).then([&](vr::outcome<int>) { ++ended; });
          }
        }
        for (const auto& each : roots) co_await s.stop(each, stop_mode::stop);
        for (const auto& each : roots) co_await s.end_of(each);
        while (ended < asked) co_await s.there([](vr::directory&) {});
        REQUIRE(ended == asked);
      },
      e);
}
