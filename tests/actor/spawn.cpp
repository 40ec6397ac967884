#include "viceroy/actor/spawn.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace spawn_test {

int alive = 0;

// Counts those that are alive.
struct counted {
  counted() { ++alive; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() { --alive; }
};

struct get {};
struct whoami {};
struct grow {};

struct settings {
  std::string title;
  int size;
};
struct configured {
  using handles = vr::messages<get>;
  using params = settings;
  counted here;
  settings with;
  explicit configured(settings s) : with(std::move(s)) {
    if (with.size < 0) throw std::invalid_argument("a size is not negative");
  }
  std::string handle(vr::context<configured>&, get) { return with.title + std::to_string(with.size); }
};

struct plain {
  using handles = vr::messages<whoami, grow>;
  counted here;
  std::string padding = std::string(100, 'p');
  vr::actor_id handle(vr::context<plain>& cx, whoami) { return cx.self().id(); }
  vr::actor_id handle(vr::context<plain>& cx, grow) { return cx.spawn<plain>().id(); }
};
// A family of one child in each generation, whose members end in each of the ways there are.
struct descend {
  int generations;
};
template <int Hook>
struct ancestor {
  using handles = vr::messages<descend>;
  static constexpr auto name = Hook == 0 ? "plain_ancestor" : Hook == 1 ? "tidy_ancestor" : "slow_ancestor";
  counted here;
  void handle(vr::context<ancestor>& cx, descend m) {
    if (m.generations != 0) cx.template spawn<ancestor>().template send<descend>(cx, m.generations - 1);
  }
  void stop(vr::context<ancestor>&)
    requires(Hook == 1)
  {}
  vr::task<void> stop(vr::context<ancestor>&)
    requires(Hook == 2)
  {
    co_return;
  }
};
template <class A>
void end_a_family() {
  constexpr int generations = 100'000;
  for (const auto how : {vr::stop_mode::drain, vr::stop_mode::stop, vr::stop_mode::kill}) {
    by_hand::world l;
    l.bounds.actor_stop = std::chrono::hours(1);
    vr::instance client(l.home, vr::label::parse("client"));
    const auto first = client.spawn<A>();
    first.template send<descend>(client, generations);
    l.settle();
    REQUIRE(alive == generations + 1);
    client.stop(first, how);
    l.settle();
    CHECK(alive == 0);
    client.spawn<A>().template send<descend>(client, generations);
    l.settle();
    REQUIRE(alive == generations + 1);
  }  // which ends the rest at once
  CHECK(alive == 0);
}

struct other {
  using handles = vr::messages<get>;
  counted here;
  std::string text = std::string(60, 'o');
  std::string handle(vr::context<other>&, get) { return text; }
};

struct large {
  using handles = vr::messages<get>;
  counted here;
  std::array<char, 5000> space{};
  std::string handle(vr::context<large>&, get) { return std::to_string(space.size()); }
};
struct alignas(128) aligned {
  using handles = vr::messages<whoami>;
  counted here;
  std::uint64_t handle(vr::context<aligned>&, whoami) { return reinterpret_cast<std::uintptr_t>(this) % 128; }
};

template <class A, class... F>
vr::actor_box<A>& root(by_hand::world& w, const char* name, F&&... fields) {
  return vr::detail::spawn_in<A>(w.home, vr::label::parse(name), nullptr, false, std::forward<F>(fields)...);
}

}  // namespace spawn_test

using namespace spawn_test;

TEST_CASE("An actor is made from its params, which are made from the fields given") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  const vr::actor_ref<configured> ref(root<configured>(w, "c", "size ", 7).id());
  CHECK(w.run<std::string>(ref.call<get>(client)) == "size 7");
}

TEST_CASE("A constructor that throws fails the spawn, and leaves no name and no actor behind") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  const auto before = w.home.living();
  CHECK_THROWS_WITH_AS(root<configured>(w, "c", "size ", -1), "a size is not negative",
                       std::invalid_argument);
  CHECK(w.home.living() == before);
  CHECK(w.home.find(vr::label::parse("c")) == nullptr);
  CHECK_THROWS_AS(client.spawn<configured>("size ", -1), std::invalid_argument);
  CHECK(alive == 0);
  const vr::actor_ref<configured> ref(root<configured>(w, "c", "size ", 1).id());
  CHECK(w.run<std::string>(ref.call<get>(client)) == "size 1");
  CHECK(w.ends().empty());
}

TEST_CASE("A root's name is taken while it lives, by actors and instances alike, and free afterwards") {
  by_hand::world w;
  auto& box = root<plain>(w, "x");
  CHECK_THROWS_WITH_AS(root<plain>(w, "x"),
                       "proc inproc:1,root has an actor or instance named 'x' already; choose another name",
                       vr::error);
  CHECK(by_hand::kind_of([&] { vr::instance(w.home, vr::label::parse("x")); }) == vr::errc::already_exists);
  vr::life::stop(box, vr::stop_mode::stop);
  w.settle();
  CHECK_NOTHROW(root<plain>(w, "x"));
}

TEST_CASE("Children carry their parent's name and an index of their own") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  const vr::actor_ref<plain> ref(root<plain>(w, "x").id());
  const auto first = w.run<vr::actor_id>(ref.call<grow>(client));
  const auto second = w.run<vr::actor_id>(ref.call<grow>(client));
  CHECK(first.name() == ref.id().name());
  CHECK(first != second);
  CHECK(w.run<vr::actor_id>(vr::actor_ref<plain>(first).call<whoami>(client)) == first);
}

TEST_CASE("An actor larger than the pool's blocks, and one aligned beyond them, stand apart and work") {
  {
    by_hand::world w;
    vr::instance client(w.home, vr::label::parse("client"));
    const vr::actor_ref<large> big(root<large>(w, "big").id());
    CHECK(w.run<std::string>(big.call<get>(client)) == "5000");
    for (int i = 0; i < 8; ++i) {
      const auto each = client.spawn<aligned>();
      CHECK(w.run<std::uint64_t>(each.call<whoami>(client)) == 0);
    }
    CHECK(alive == 9);
  }
  CHECK(alive == 0);
}

TEST_CASE("A proc that ends destroys the actors that live in it, children first, and their messages") {
  {
    by_hand::world w;
    vr::instance client(w.home, vr::label::parse("client"));
    const auto parent = client.spawn<plain>();
    for (int i = 0; i < 3; ++i) w.run<vr::actor_id>(parent.call<grow>(client));
    parent.send<whoami>(client);
    CHECK(alive == 4);
  }
  CHECK(alive == 0);
}

TEST_CASE("A proc that has ended starts nothing more") {
  by_hand::world w;
  vr::life::end_all(w.home);
  CHECK_THROWS_WITH_AS(root<plain>(w, "x"), "proc inproc:1,root has ended and starts no more actors",
                       vr::error);
}

TEST_CASE("The agent's id can be told by everybody, whatever lived in the proc before") {
  by_hand::world w;
  for (int i = 0; i < 5; ++i) {
    vr::life::stop(root<plain>(w, "x"), vr::stop_mode::stop);
    w.settle();
  }
  for (int i = 0; i < 2; ++i) {
    auto& agent = vr::detail::spawn_in<plain>(w.home, vr::label::parse("agent"), nullptr, true);
    CHECK(agent.id() == vr::actor_id(w.home.id(), vr::label::parse("agent"), 0));
    vr::life::stop(agent, vr::stop_mode::stop);
    w.settle();
  }
}

TEST_CASE("A stale ref never reaches a new actor in the same place, a hundred thousand times") {
  {
    by_hand::world w;
    vr::instance client(w.home, vr::label::parse("client"));
    std::mt19937 random(7);
    struct living {
      vr::actor_id id;
      bool is_plain;
    };
    std::deque<living> now;
    std::vector<vr::actor_id> gone;
    std::vector<vr::answer<vr::actor_id>> stale;
    std::uint64_t stale_failures = 0, wrong = 0, right = 0;
    const auto bury = [&](living which) {
      vr::life::stop(*w.home.find(which.id.index()), random() % 2   ? vr::stop_mode::kill
                                                     : random() % 2 ? vr::stop_mode::stop
                                                                    : vr::stop_mode::drain);
      gone.push_back(which.id);
    };
    for (int round = 0; round < 100'000; ++round) {
      const bool is_plain = random() % 2 == 0;
      now.push_back({is_plain ? client.spawn<plain>().id() : client.spawn<other>().id(), is_plain});
      // Messages that are on their way when their receiver ends, and that stay behind in the queue.
      const living target = now[random() % now.size()];
      if (target.is_plain) {
        vr::actor_ref<plain>(target.id).call<whoami>(client).then(
            [&, id = target.id](vr::outcome<vr::actor_id> o) {
              if (!o.ok()) {
                ++stale_failures;
              } else if (o.get() == id) {
                ++right;
              } else {
                ++wrong;
              }
            });
      } else {
        vr::actor_ref<other>(target.id).send<get>(client);
      }
      if (now.size() > 5) {
        const auto at = now.begin() + static_cast<std::ptrdiff_t>(random() % now.size());
        bury(*at);
        now.erase(at);
      }
      if (random() % 3 == 0) w.queue.run(1 + random() % 7);
      if (gone.size() > 50) {
        w.settle();
        for (const auto& id : gone) {
          CHECK(w.home.find(id.index()) == nullptr);
          vr::actor_ref<plain>(id).call<whoami>(client).then(
              [&](vr::outcome<vr::actor_id> o) { o.ok() ? ++wrong : ++stale_failures; });
        }
        gone.clear();
      }
    }
    w.settle();
    CHECK(wrong == 0);
    CHECK(right > 10'000);
    CHECK(stale_failures > 100'000);
    CHECK(w.end_of("client") == nullptr);
    CHECK(w.home.living() == now.size() + 1);
    CHECK(client.box().waiting_bytes() == 0);
  }
  CHECK(alive == 0);
}

namespace spawn_test {

struct begin_child {};
struct late_parent {
  using handles = vr::messages<begin_child>;
  static inline bool spawned = false;
  void handle(vr::context<late_parent>& cx, begin_child) {
    cx.stop();
    cx.spawn<plain>();
    spawned = true;
  }
  void stop(vr::context<late_parent>& cx) { cx.spawn<plain>(); }
  void cleanup(vr::context<late_parent>& cx) {
    CHECK(by_hand::kind_of([&] { cx.spawn<plain>(); }) == vr::errc::inert);
    CHECK(by_hand::kind_of([&] { cx.open_port<int>(); }) == vr::errc::inert);
    CHECK(by_hand::kind_of([&] {
            vr::actor_ref<plain>(cx.self().id()).call<whoami>(cx).then([](vr::actor_id) {});
          }) == vr::errc::inert);
  }
};

}  // namespace spawn_test

TEST_CASE("A child that a stopping parent starts is stopped with it, and one that has ended starts none") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  const vr::actor_ref<late_parent> ref(root<late_parent>(w, "late").id());
  ref.send<begin_child>(client);
  w.settle();
  CHECK(late_parent::spawned);
  REQUIRE(w.end_of("late"));
  CHECK(w.end_of("late")->how == vr::status::stopped);
  CHECK(alive == 0);
}

TEST_CASE("A family of a hundred thousand generations ends on a stack of usual size, whichever way") {
  spawn_test::end_a_family<spawn_test::ancestor<0>>();
  spawn_test::end_a_family<spawn_test::ancestor<1>>();
  spawn_test::end_a_family<spawn_test::ancestor<2>>();
}
