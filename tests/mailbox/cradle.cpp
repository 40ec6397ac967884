#include "viceroy/mailbox/cradle.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace cradle_test {

// What happened, and how many actors were there at once.
struct record {
  std::vector<std::string> words;
  std::size_t most = 0;
} seen;

struct tree;
struct grow {
  vr::actor_ref<tree> parent;
  std::uint32_t depth;
};
struct grown {
  std::uint32_t leaves;
};
// Has three children down to some depth, and tells its parent how many leaves there are.
struct tree {
  using handles = vr::messages<grow, grown>;
  inline void handle(vr::context<tree>& cx, const grow& m);
  inline void handle(vr::context<tree>& cx, const grown& m);

  vr::actor_ref<tree> parent{vr::actor_id()};
  std::uint32_t leaves = 0, missing = 3;
};
inline std::uint32_t all_leaves = 0;
inline void tree::handle(vr::context<tree>& cx, const grow& m) {
  parent = m.parent;
  seen.most = std::max(seen.most, cx.box().home().living());
  if (m.depth == 0) {
    parent.send<grown>(cx, 1);
    return cx.stop();
  }
  for (int i = 0; i != 3; ++i) cx.spawn<tree>().send<grow>(cx, cx.self(), m.depth - 1);
}
inline void tree::handle(vr::context<tree>& cx, const grown& m) {
  leaves += m.leaves;
  if (--missing != 0) return;
  if (parent.id().empty()) {
    all_leaves = leaves;
  } else {
    parent.send<grown>(cx, leaves);
  }
  cx.stop();
}

struct word {
  std::string text;
};
// Notes what it hears, and in the end that it ends.
struct listener {
  using handles = vr::messages<word>;
  void handle(vr::context<listener>& cx, const word& m) {
    seen.words.push_back(m.text);
    if (m.text == "end") cx.stop();
  }
  void stop(vr::context<listener>&) { seen.words.push_back("stopped"); }
};

// Plays with itself for ever.
struct bounce {};
struct player {
  using handles = vr::messages<bounce>;
  void handle(vr::context<player>& cx, bounce) {
    ++hops;
    cx.self().send<bounce>(cx);
  }
  std::uint64_t hops = 0;
};

// Has a child that has a child, without an end.
struct generation {
  using handles = vr::messages<bounce>;
  void handle(vr::context<generation>& cx, bounce) {
    ++count;
    cx.spawn<generation>().send<bounce>(cx);
  }
  static inline std::uint64_t count = 0;
};

// A loop that begins its actors as a real one does.
struct nursery : by_hand::world {
  nursery() {
    queue.set_depth_first();
    seen = {};
  }
  vr::instance client{home, vr::label::parse("client")};
  template <class A>
  vr::actor_ref<A> spawn(const char* name) {
    return vr::actor_ref<A>(vr::detail::spawn_in<A>(home, vr::label::parse(name), nullptr, false).id());
  }
  std::uint64_t run_all() {
    std::uint64_t all = 0;
    while (const std::size_t n = queue.run(1024)) all += n;
    return all;
  }
};

}  // namespace cradle_test

using namespace cradle_test;

TEST_CASE("What came last goes first, and what came together in the order in which it came") {
  by_hand::world w;
  std::vector<vr::mailbox*> boxes;
  for (const char* name : {"a", "b", "c", "d", "e", "f"})
    boxes.push_back(&vr::detail::spawn_in<player>(w.home, vr::label::parse(name), nullptr, false));
  vr::cradle cradle;
  CHECK(cradle.empty());
  const auto add = [&](std::size_t i) { cradle.add(*boxes[i]); };
  const auto next_is = [&](std::size_t i) { CHECK(&cradle.take_next() == boxes[i]); };
  add(0), add(1), add(2);
  next_is(0);
  add(3), add(4);
  next_is(3);
  add(5);
  next_is(5);
  next_is(4);
  next_is(1);
  next_is(2);
  CHECK(cradle.empty());
}

TEST_CASE("The oldest can be asked for at any time, and the others stay in their order") {
  by_hand::world w;
  std::vector<vr::mailbox*> boxes;
  for (const char* name : {"a", "b", "c", "d", "e"})
    boxes.push_back(&vr::detail::spawn_in<player>(w.home, vr::label::parse(name), nullptr, false));
  vr::cradle cradle;
  const auto add = [&](std::size_t i) { cradle.add(*boxes[i]); };
  add(0), add(1), add(2);
  CHECK(&cradle.take_oldest() == boxes[0]);  // they had not been put in order yet
  CHECK(&cradle.take_next() == boxes[1]);
  add(3), add(4);
  CHECK(&cradle.take_oldest() == boxes[2]);
  CHECK(&cradle.take_next() == boxes[3]);
  CHECK(&cradle.take_oldest() == boxes[4]);
  CHECK(cradle.empty());
}

TEST_CASE("A tree of actors is grown branch by branch: of 9 841 no more are there at once than it is deep") {
  nursery n;
  const auto root = n.spawn<tree>("root");
  root.send<grow>(n.client, vr::actor_ref<tree>(vr::actor_id()), 8);
  const std::uint64_t handled = n.run_all();
  CHECK(all_leaves == 6561);
  CHECK(handled == 2 * 9841 - 1);
  // Three at each level, and a few more, since each of the twenty turns begins with the oldest.
  CHECK(seen.most < 24 + 2 * 30);
  CHECK(n.home.living() == 1);  // the client
}

TEST_CASE("What is sent to a newborn arrives in order, what ends it included") {
  nursery n;
  const auto first = n.spawn<listener>("first"), second = n.spawn<listener>("second");
  first.send<word>(n.client, "1a");
  second.send<word>(n.client, "2a");
  first.send<word>(n.client, "1b");
  vr::life::stop(*n.home.find(first.id().index()), vr::stop_mode::drain);
  second.send<word>(n.client, "2b");
  second.send<word>(n.client, "end");
  CHECK(n.queue.has_work());
  CHECK_FALSE(n.queue.is_idle());
  n.run_all();
  CHECK(n.queue.is_idle());
  CHECK(seen.words == std::vector<std::string>{"1a", "1b", "stopped", "2a", "2b", "end", "stopped"});
}

TEST_CASE("A newborn that is killed gives back what it never heard") {
  nursery n;
  const auto one = n.spawn<listener>("one");
  for (int i = 0; i != 3; ++i) one.send<word>(n.client, "unheard");
  vr::life::stop(*n.home.find(one.id().index()), vr::stop_mode::kill);
  n.run_all();
  CHECK(seen.words.empty());
  CHECK(n.queue.counters().returned == 3);
}

TEST_CASE("A proc that ends takes its newborns and their messages along") {
  nursery n;
  const auto one = n.spawn<listener>("one");
  n.spawn<listener>("silent");
  one.send<word>(n.client, "unheard");
  vr::life::end_all(n.home);
  n.run_all();
  CHECK(seen.words.empty());
}

TEST_CASE("A loop that is never idle brings up its newborns") {
  nursery n;
  const auto ball = n.spawn<player>("ball");
  ball.send<bounce>(n.client);
  n.queue.run(100);
  const auto late = n.spawn<listener>("late"), later = n.spawn<listener>("later");
  late.send<word>(n.client, "here");
  later.send<word>(n.client, "here, too");
  n.queue.run(64);
  CHECK(seen.words == std::vector<std::string>{"here", "here, too"});
}

TEST_CASE("Newborns without an end keep nobody from beginning") {
  nursery n;
  const auto ball = n.spawn<player>("ball");
  ball.send<bounce>(n.client);
  n.queue.run(1);
  const auto first = n.spawn<generation>("first"), waiting = n.spawn<generation>("waiting");
  const auto last = n.spawn<listener>("last");
  generation::count = 0;
  first.send<bounce>(n.client);
  waiting.send<bounce>(n.client);
  last.send<word>(n.client, "here");
  const std::uint64_t before = generation::count;
  for (int turn = 0; turn != 4; ++turn) n.queue.run(32);
  CHECK(generation::count > before);
  CHECK(seen.words == std::vector<std::string>{"here"});
}
