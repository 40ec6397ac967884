#include "viceroy/mailbox/crossing.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace crossing_test {

struct number {
  int n;
};
// Notes where it was when it went.
struct noted {
  static inline const void* last = nullptr;
  noted() = default;
  noted(noted&&) = default;
  ~noted() { last = this; }
};
struct parcel {
  using local = std::true_type;
  noted content;
};
struct listener {
  using handles = vr::messages<number, parcel>;
  std::vector<int> heard;
  void handle(vr::context<listener>&, number m) { heard.push_back(m.n); }
  void handle(vr::context<listener>&, const parcel&) {}
};

// A loop that another one sends to, and how often that woke it.
struct place : by_hand::world {
  place(const char* proc, const char* address)
      : by_hand::world(proc, address),
        box(vr::detail::spawn_in<listener>(home, vr::label::parse("listener"), nullptr, false)),
        ref(box.id()) {
    queue.set_waker([this] { ++woken; });
  }
  vr::actor_box<listener>& box;
  vr::actor_ref<listener> ref;
  int woken = 0;
};

}  // namespace crossing_test

using namespace crossing_test;

TEST_CASE("What a turn sends to another loop leaves at its end, as one chain, and wakes that loop once") {
  place there("there", "inproc:31");
  by_hand::world here("here", "inproc:32");
  vr::instance client(here.home, vr::label::parse("client"));
  for (int i = 0; i < 5; ++i) there.ref.send<number>(client, i);
  CHECK(there.queue.is_idle());
  CHECK(there.woken == 0);
  here.queue.run(1);
  CHECK_FALSE(there.queue.is_idle());
  CHECK(there.woken == 1);
  const by_hand::world::scope over(there);
  there.settle();
  CHECK(there.box.actor().heard == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("A chain is bounded: what a long turn sends is on its way before it ends, in order") {
  place there("there", "inproc:33");
  by_hand::world here("here", "inproc:34");
  vr::instance client(here.home, vr::label::parse("client"));
  for (int i = 0; i < 100; ++i) there.ref.send<number>(client, i);
  CHECK(there.woken == 1);
  {
    const by_hand::world::scope over(there);  // leaving `here` sends off the rest
    there.settle();
  }
  REQUIRE(there.box.actor().heard.size() == 100);
  for (int i = 0; i < 100; ++i) CHECK(there.box.actor().heard[static_cast<std::size_t>(i)] == i);
  CHECK(there.woken == 1);
}

TEST_CASE(
    "A loop that is held up for whole messages, own_thread, keeps nothing waiting and is sent to at once") {
  for (const bool sends : {true, false}) {
    place there("there", "inproc:35");
    by_hand::world here("here", "inproc:36");
    sends ? void(here.bounds.turn_messages = 1) : there.home.bound_arrivals(1u << 20);
    vr::instance client(here.home, vr::label::parse("client"));
    there.ref.send<number>(client, 1);
    CHECK_FALSE(there.queue.is_idle());
    const by_hand::world::scope over(there);
    there.settle();  // what it has of the other goes back before either goes
  }
}

TEST_CASE("Messages for several loops keep each receiver's order") {
  place one("one", "inproc:37"), two("two", "inproc:38");
  by_hand::world here("here", "inproc:39");
  vr::instance client(here.home, vr::label::parse("client"));
  for (int i = 0; i < 10; ++i) {
    one.ref.send<number>(client, i);
    two.ref.send<number>(client, i);
  }
  here.settle();
  for (place* each : {&one, &two}) {
    const by_hand::world::scope over(*each);
    each->settle();
    CHECK(each->box.actor().heard == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
}

TEST_CASE("What was put aside for a proc that ends meanwhile comes back with that") {
  std::optional<place> there(std::in_place, "there", "inproc:40");
  by_hand::world here("here", "inproc:41");
  vr::instance client(here.home, vr::label::parse("client"));
  const vr::actor_id who = client.id();
  std::optional<vr::error> why;
  vr::life::watch(client.box(), [&](vr::status, const vr::error* e) {
    if (e) why = *e;
  });
  there->ref.send<number>(client, 1);
  there->home.withdraw();
  here.settle();
  REQUIRE(why);
  CHECK(why->sentence() == who.text() +
                               " sent crossing_test::number, and there is no proc inproc:40,there (any more) "
                               "in its process");
}

TEST_CASE("What a queue discards goes home at once, while its owner lives") {
  place there("there", "inproc:42");
  by_hand::world here("here", "inproc:43");
  vr::instance client(here.home, vr::label::parse("client"));
  const auto send_and_discard = [&] {
    there.ref.send<parcel>(client);
    here.queue.run(1);
    there.queue.clear();
    here.queue.run(1);  // takes back what came home
    return noted::last;
  };
  const void* const first = send_and_discard();
  CHECK(send_and_discard() == first);
}
