// Every rule of an actor's life, over the orders in which messages may arrive: 10 000 seeds each.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"
#include "viceroy/testing/for_each_seed.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace life_seeds_test {

constexpr std::uint64_t seeds = 10'000;

struct event {
  vr::actor_id who;
  std::string what;
  int number = 0;
  vr::actor_id from{};
};
// What happened in one seed, in order.
std::vector<event> journal;

void note(const vr::actor_id& who, std::string what, int number = 0, const vr::actor_id& from = {}) {
  journal.push_back({who, std::move(what), number, from});
}
std::size_t count(const vr::actor_id& who, std::string_view what) {
  return static_cast<std::size_t>(std::count_if(
      journal.begin(), journal.end(), [&](const event& e) { return e.who == who && e.what == what; }));
}
// Where it happened first; the end of the journal if it did not.
std::size_t first(const vr::actor_id& who, std::string_view what) {
  for (std::size_t i = 0; i < journal.size(); ++i)
    if (journal[i].who == who && journal[i].what == what) return i;
  return journal.size();
}

struct tell {
  int n;
};
struct ask {
  int n;
};
struct hold {
  int n;
};
struct nap {
  int ms;
};
struct grow {
  bool careful;
};
struct boom {};
struct quit {
  int how;
};
struct nest {
  vr::actor_id to;
};
struct end_child {
  vr::actor_id child;
  int how;
};

// Writes down all that happens to it.
struct life_of {
  vr::actor_id id;
  bool busy = false;
  ~life_of() { note(id, "gone"); }
};
// Everything that an actor does while a handler of its own is suspended is a mistake.
struct undisturbed {
  explicit undisturbed(life_of& l) : life(&l) {
    if (std::exchange(l.busy, true))
      throw std::logic_error("a message came in while a handler was suspended");
  }
  undisturbed(const undisturbed&) = delete;
  undisturbed& operator=(const undisturbed&) = delete;
  ~undisturbed() { life->busy = false; }
  life_of* life;
};

struct careful;
struct careless;
// Who hears of failures of its children.
std::set<vr::actor_id> careful_ones;

// To an actor of either class.
template <class M, class... F>
void send(vr::participant& cx, const vr::actor_id& to, F... fields) {
  if (careful_ones.contains(to)) {
    vr::actor_ref<careful>(to).send<M>(cx, fields...);
  } else {
    vr::actor_ref<careless>(to).send<M>(cx, fields...);
  }
}
template <class M, class... F>
auto call(vr::participant& cx, const vr::actor_id& to, F... fields) {
  return careful_ones.contains(to) ? vr::actor_ref<careful>(to).call<M>(cx, fields...)
                                   : vr::actor_ref<careless>(to).call<M>(cx, fields...);
}

template <class Self>
struct behaviour {
  using handles = vr::messages<tell, ask, hold, nap, grow, boom, quit, nest, end_child>;
  life_of life;

  void init(vr::context<Self>& cx) {
    life.id = cx.id();
    note(life.id, "init");
  }
  void handle(vr::context<Self>& cx, tell m) {
    const undisturbed alone(life);
    note(life.id, "tell", m.n, cx.sender());
  }
  int handle(vr::context<Self>& cx, ask m) {
    const undisturbed alone(life);
    note(life.id, "ask", m.n, cx.sender());
    return m.n;
  }
  // Waits for a message that it sends to a port of its own.
  vr::task<int> handle(vr::context<Self>& cx, hold m) {
    const undisturbed alone(life);
    const vr::actor_id from = cx.sender();
    auto [port, inbox] = cx.template open_once_port<int>();
    port.bind().send(cx, m.n);
    const int n = co_await inbox.recv();
    if (cx.sender() != from) throw std::logic_error("the sender changed across a suspension");
    note(life.id, "paused", n, from);
    co_return n;
  }
  // Waits for a time to pass.
  vr::task<void> handle(vr::context<Self>& cx, nap m) {
    const undisturbed alone(life);
    auto [port, inbox] = cx.template open_port<int>();
    try {
      co_await vr::within(std::chrono::milliseconds(m.ms), inbox.recv());
    } catch (const vr::error& e) {
      if (e.kind() != vr::errc::timeout) throw;
    }
    note(life.id, "slept", m.ms);
  }
  void handle(vr::context<Self>&, boom) {
    const undisturbed alone(life);
    throw std::runtime_error("bang");
  }
  void handle(vr::context<Self>& cx, quit m) {
    const undisturbed alone(life);
    if (m.how == 0) {
      cx.drain();
    } else {
      cx.stop();
    }
  }
  vr::actor_id handle(vr::context<Self>& cx, grow m);
  // Waits for another's answer, whatever becomes of it.
  vr::task<void> handle(vr::context<Self>& cx, nest m);

  void handle(vr::context<Self>& cx, const end_child& m) {
    const undisturbed alone(life);
    cx.stop(vr::actor_ref<careless>(m.child), static_cast<vr::stop_mode>(m.how));
  }

  void stop(vr::context<Self>&) { note(life.id, "stop"); }
  void cleanup(vr::context<Self>&) { note(life.id, "cleanup"); }
};

struct careful : behaviour<careful> {
  using behaviour<careful>::handle;
  void handle(vr::context<careful>& cx, const vr::child_failure& m) {
    note(cx.id(), "child failed", 0, m.child);
  }
  void handle(vr::context<careful>&, const vr::undeliverable&) {}
};
struct careless : behaviour<careless> {};

// Side by side and in a small mailbox, with timers of its own: the rest of what an actor may be.
template <vr::when_full Then, bool Reentrant>
struct hurried {
  static constexpr auto name = Reentrant                            ? "life_seeds_test::reentrant"
                               : Then == vr::when_full::reject      ? "life_seeds_test::rejects"
                               : Then == vr::when_full::drop_oldest ? "life_seeds_test::drops_oldest"
                               : Then == vr::when_full::drop_newest ? "life_seeds_test::drops_newest"
                                                                    : "life_seeds_test::suspends";
  using self = hurried;
  using handles = vr::messages<tell, ask, hold, nap, boom, quit>;
  using mailbox = vr::bounded<3, Then>;
  using reentrant = std::bool_constant<Reentrant>;
  life_of life;
  int inside = 0;

  void init(vr::context<self>& cx) {
    life.id = cx.id();
    note(life.id, "init");
    cx.template every<tell>(3ms, -1);
    cx.template after<ask>(5ms, -2);
  }
  void handle(vr::context<self>&, tell m) { note(life.id, "tell", m.n); }
  int handle(vr::context<self>&, ask m) { return m.n; }
  vr::task<int> handle(vr::context<self>& cx, hold m) {
    const auto alone = enter();
    auto [port, inbox] = cx.template open_once_port<int>();
    port.bind().send(cx, m.n);
    co_return co_await inbox.recv();
  }
  vr::task<void> handle(vr::context<self>& cx, nap m) {
    const auto alone = enter();
    auto [port, inbox] = cx.template open_port<int>();
    try {
      co_await vr::within(std::chrono::milliseconds(m.ms), inbox.recv());
    } catch (const vr::error& e) {
      if (e.kind() != vr::errc::timeout) throw;
    }
  }
  void handle(vr::context<self>&, boom) { throw std::runtime_error("bang"); }
  void handle(vr::context<self>& cx, quit m) { m.how == 0 ? cx.drain() : cx.stop(); }
  void stop(vr::context<self>&) { note(life.id, "stop"); }
  void cleanup(vr::context<self>&) { note(life.id, "cleanup"); }

  std::unique_ptr<int, void (*)(int*)> enter() {
    if (++inside > 1 && !Reentrant) throw std::logic_error("two handlers at once");
    return {&inside, [](int* n) { --*n; }};
  }
};

template <class Self>
vr::actor_id behaviour<Self>::handle(vr::context<Self>& cx, grow m) {
  const undisturbed alone(life);
  if (!m.careful) return cx.template spawn<careless>().id();
  return *careful_ones.insert(cx.template spawn<careful>().id()).first;
}
template <class Self>
vr::task<void> behaviour<Self>::handle(vr::context<Self>& cx, nest m) {
  const undisturbed alone(life);
  try {
    co_await call<ask>(cx, m.to, 1);
  } catch (const vr::error&) {
  }
}

// What every seed has to end with: nothing left over.
void require_nothing_left(vr::testing::loop& l, std::size_t living) {
  REQUIRE(l.home().living() == living);
  REQUIRE(l.clock().waiting_timers() <= 1);  // the common one of all calls
  l.expect_rest();
}
// Hooks ran at most once and in order, and nothing came after the end.
void require_lives_in_order() {
  std::map<vr::actor_id, std::vector<std::string>> lives;
  for (const event& e : journal) lives[e.who].push_back(e.what);
  for (const auto& [who, all] : lives) {
    if (who.empty()) continue;
    for (const char* hook : {"init", "stop", "cleanup", "gone"})
      REQUIRE(std::count(all.begin(), all.end(), hook) <= 1);
    const auto at = [&](const char* what) { return std::find(all.begin(), all.end(), what) - all.begin(); };
    const auto end = static_cast<std::ptrdiff_t>(all.size());
    REQUIRE((at("init") == 0 || at("init") == end));
    if (at("gone") != end) REQUIRE(at("gone") == end - 1);
    if (at("cleanup") != end) REQUIRE(at("cleanup") == end - 2);
    if (at("stop") != end && at("cleanup") != end) REQUIRE(at("stop") == end - 3);
  }
}

struct stage {
  explicit stage(vr::testing::loop& l) : loop(l), me(l.client()) {
    journal.clear();
    careful_ones.clear();
  }
  vr::testing::loop& loop;
  vr::instance me;
  vr::actor_id careful_root(const std::string& name) {
    return *careful_ones.insert(loop.spawn<careful>(name).id()).first;
  }
};

}  // namespace life_seeds_test

using namespace life_seeds_test;
using vr::stop_mode;

TEST_CASE(
    "Over seeds: init comes before any message, the messages of a sender in order, across suspensions too") {
  vr::testing::for_each_seed(seeds, [](vr::testing::loop& l) {
    stage s(l);
    auto other = l.client("other");
    const auto a = l.spawn<careless>("a");
    for (int i = 0; i < 4; ++i) {
      a.send<tell>(s.me, i);
      if (i % 2) a.send<hold>(other, 10 + i);
      a.send<tell>(other, i);
    }
    l.run();
    REQUIRE(first(a.id(), "init") == 0);
    int next = 0, next_other = 0;
    for (const event& e : journal) {
      if (e.what != "tell") continue;
      REQUIRE(e.number == (e.from == s.me.id() ? next++ : next_other++));
    }
    REQUIRE(next == 4);
    REQUIRE(next_other == 4);
    REQUIRE(count(a.id(), "paused") == 2);
    require_nothing_left(l, 3);
  });
}

TEST_CASE("Over seeds: each end of an actor answers every call once, with its value or with the reason") {
  vr::testing::for_each_seed(seeds, [](vr::testing::loop& l) {
    stage s(l);
    const auto a = l.spawn<careless>("a");
    const int how = static_cast<int>(l.seed() % 5);
    std::map<int, int> ends;
    int values = 0;
    const auto heard = [&](int which) {
      return [&, which](vr::outcome<int> o) {
        ++ends[which];
        values += o.ok();
      };
    };
    for (int i = 0; i < 6; ++i) {
      if (i % 2) {
        a.call<ask>(s.me, i).then(heard(i));
      } else {
        a.call<hold>(s.me, i).then(heard(i));
      }
      if (i == 3 && how < 3) l.stop(a, static_cast<stop_mode>(how));
      if (i == 3 && how == 3) a.send<boom>(s.me);
      if (i == 3 && how == 4) a.send<quit>(s.me, 0);
      for (std::uint64_t n = l.seed() / 5 % 7; n > 0; --n) l.step();
    }
    l.run();
    REQUIRE(ends.size() == 6);
    for (const auto& [which, times] : ends) REQUIRE(times == 1);
    REQUIRE(l.end_of("a") != nullptr);
    REQUIRE(l.end_of("a")->how == (how == 3 ? vr::status::failed : vr::status::stopped));
    REQUIRE(l.end_of("a")->cause.empty() == (how != 3));
    REQUIRE(count(a.id(), "cleanup") == 1);
    if (how == 0) REQUIRE(values >= 4);  // a drain handles what was sent before it
    if (how == 2 || how == 3) REQUIRE(count(a.id(), "stop") == 0);
    if (how == 0 || how == 1 || how == 4) REQUIRE(count(a.id(), "stop") == 1);
    require_lives_in_order();
    require_nothing_left(l, 1);
  });
}

TEST_CASE("Over seeds: children end before their parents, by whatever end and with whatever on their way") {
  vr::limits patient;  // a drain waits for those that wait for themselves until their calls fail
  patient.drain = 9min;
  const auto scenario = [](vr::testing::loop& l) {
    stage s(l);
    std::mt19937_64 random(l.seed());
    std::map<vr::actor_id, vr::actor_id> parent_of;
    std::vector<vr::actor_id> all{l.spawn<careless>("root").id()};
    for (int i = 0; i < 8; ++i) {
      const auto parent = all[random() % all.size()];
      all.push_back(l.finish(call<grow>(s.me, parent, false)));
      parent_of[all.back()] = parent;
    }
    for (int i = 0; i < 12; ++i) {
      const auto to = all[random() % all.size()];
      switch (random() % 4) {
        case 0:
          send<tell>(s.me, to, i);
          break;
        case 1:
          send<nap>(s.me, to, static_cast<int>(random() % 20));
          break;
        case 2:
          send<nest>(s.me, to, all[random() % all.size()]);
          break;
        default:
          send<hold>(s.me, to, i);
      }
    }
    for (auto n = random() % 10; n > 0; --n) l.step();
    l.stop(all[0], static_cast<stop_mode>(random() % 3));
    l.advance(10min);  // an actor may wait for itself, and a drain for that
    for (const auto& [child, parent] : parent_of) {
      REQUIRE(count(child, "gone") == 1);
      REQUIRE(first(child, "gone") < first(parent, "gone"));
      REQUIRE(first(child, "cleanup") < first(parent, "cleanup"));
    }
    REQUIRE(l.end_of("root")->how == vr::status::stopped);  // clean ends are no failures
    require_lives_in_order();
    require_nothing_left(l, 1);
  };
  vr::testing::for_each_seed(seeds, scenario, patient);
}

TEST_CASE("Over seeds: a failure goes up to the first that handles it, or to the root, and names its cause") {
  vr::testing::for_each_seed(seeds, [](vr::testing::loop& l) {
    stage s(l);
    std::mt19937_64 random(l.seed());
    const bool heard = random() % 2;
    const auto top = s.careful_root("top");
    const auto root = l.spawn<careless>("root").id();
    std::vector<vr::actor_id> chain{heard ? top : root};
    for (std::size_t i = 0; i < 3; ++i) chain.push_back(l.finish(call<grow>(s.me, chain.back(), false)));
    const auto sibling = l.finish(call<grow>(s.me, chain[1], false));
    send<hold>(s.me, sibling, 1);
    send<nap>(s.me, chain[random() % 3], 5);
    for (auto n = random() % 4; n > 0; --n) l.step();
    send<boom>(s.me, chain.back());
    l.advance(l.bounds().actor_stop * 2);
    const std::string cause = chain.back().text() + " failed handling life_seeds_test::boom: bang";
    REQUIRE_FALSE(l.lives(chain[1]));
    REQUIRE_FALSE(l.lives(sibling));
    if (heard) {
      REQUIRE(l.ends().empty());
      REQUIRE(count(top, "child failed") == 1);
      REQUIRE(l.lives(top));
    } else {
      REQUIRE(l.end_of("root")->how == vr::status::failed);
      REQUIRE(l.end_of("root")->cause == cause);
      REQUIRE(l.home().why_gone(chain[1].index()) != nullptr);
      REQUIRE(*l.home().why_gone(chain[1].index()) == cause);
    }
    REQUIRE(first(chain[3], "gone") < first(chain[2], "gone"));
    REQUIRE(first(chain[2], "gone") < first(chain[1], "gone"));
    require_lives_in_order();
    require_nothing_left(l, heard ? 3 : 2);
  });
}

TEST_CASE(
    "Over seeds: whatever a crowd of actors does to each other, each lives once, in order, and leaves "
    "nothing") {
  vr::testing::for_each_seed(seeds, [](vr::testing::loop& l) {
    stage s(l);
    std::mt19937_64 random(l.seed());
    std::vector<vr::actor_id> all;
    int asked = 0, answered = 0;
    for (int i = 0; i < 4; ++i) all.push_back(s.careful_root("r" + std::to_string(i)));
    const auto one = [&] { return all[random() % all.size()]; };
    for (int i = 0; i < 30; ++i) {
      const vr::actor_id to = one();
      if (!l.lives(to)) continue;
      switch (random() % 9) {
        case 0:
          call<grow>(s.me, to, random() % 2 == 0).then([&](vr::outcome<vr::actor_id> o) {
            if (o.ok()) all.push_back(o.get());
          });
          break;
        case 1:
          l.stop(to, static_cast<stop_mode>(random() % 3));
          break;
        case 2:
          send<nap>(s.me, to, static_cast<int>(random() % 10));
          break;
        case 3:
          send<nest>(s.me, to, one());
          break;
        case 4:
          send<quit>(s.me, to, static_cast<int>(random() % 2));
          break;
        case 5:
          if (random() % 3 == 0) send<boom>(s.me, to);
          break;
        case 6:
          ++asked;
          call<hold>(s.me, to, i).then([&](vr::outcome<int>) { ++answered; });
          break;
        case 7: {
          ++asked;
          auto dropped = call<ask>(s.me, to, i);  // the answer may come; nobody waits for it
          --asked;
          break;
        }
        default:
          ++asked;
          call<ask>(s.me, to, i).then([&](vr::outcome<int>) { ++answered; });
      }
      for (auto n = random() % 4; n > 0; --n) l.step();
      if (random() % 8 == 0) l.advance(std::chrono::milliseconds(random() % 12));
    }
    l.advance(1s);
    for (const auto& each : all) l.stop(each);
    l.advance(l.bounds().actor_stop * 3);
    REQUIRE(answered == asked);
    for (const auto& each : all) REQUIRE_FALSE(l.lives(each));
    require_lives_in_order();
    require_nothing_left(l, 1);
  });
}

TEST_CASE("Over seeds: a parent drains, stops or kills a child, which is no failure; nobody else may") {
  vr::testing::for_each_seed(seeds, [](vr::testing::loop& l) {
    stage s(l);
    const auto a = l.spawn<careless>("a"), b = l.spawn<careless>("b");
    const auto child = l.finish(a.call<grow>(s.me, false));
    const int how = static_cast<int>(l.seed() % 3);
    for (int i = 0; i < 3; ++i) a.send<tell>(s.me, i);
    send<hold>(s.me, child, 1);
    auto last = call<ask>(s.me, child, 2);
    for (auto n = l.seed() / 3 % 4; n > 0; --n) l.step();
    a.send<end_child>(s.me, child, how);
    a.send<end_child>(s.me, child, how);
    const bool answered = l.outcome_of(std::move(last)).ok();
    l.run();
    REQUIRE_FALSE(l.lives(child));
    REQUIRE(l.lives(a));
    REQUIRE(count(child, "cleanup") == 1);
    REQUIRE(count(child, "stop") == (how == 2 ? 0 : 1));
    if (answered) REQUIRE(count(child, "ask") == 1);
    const auto refused = l.outcome_of(b.call<end_child>(s.me, a.id(), how));
    REQUIRE(vr::sentence_of(refused.failure())
                .find("inproc:1,root,b[3] may not stop inproc:1,root,a[2], which is no "
                      "child of it") != std::string::npos);
    auto own = s.me.spawn<careless>();
    s.me.stop(own, static_cast<stop_mode>(how));
    l.run();
    REQUIRE_FALSE(l.lives(own));
    require_lives_in_order();
    require_nothing_left(l, 3);
  });
}

namespace life_seeds_test {

template <class A>
void be_hard_on_it() {
  vr::testing::for_each_seed(seeds / 5, [](vr::testing::loop& l) {
    stage s(l);
    std::mt19937_64 random(l.seed());
    const auto a = l.spawn<A>("a");
    int asked = 0, answered = 0;
    for (int i = 0; i < 30 && l.lives(a); ++i) {
      switch (random() % 12) {
        case 0:
        case 1:
        case 2:
          a.template send<tell>(s.me, i);
          break;
        case 3:
        case 4:
          ++asked;
          a.template call<ask>(s.me, i).then([&](vr::outcome<int>) { ++answered; });
          break;
        case 5:
        case 6:
          ++asked;
          a.template call<hold>(s.me, i).then([&](vr::outcome<int>) { ++answered; });
          break;
        case 7:
          a.template send<nap>(s.me, static_cast<int>(random() % 8));
          break;
        case 8:
          if (random() % 6 == 0) a.template send<boom>(s.me);
          break;
        case 9:
          if (random() % 4 == 0) a.template send<quit>(s.me, static_cast<int>(random() % 2));
          break;
        case 10:
          if (random() % 4 == 0) l.stop(a, static_cast<stop_mode>(random() % 3));
          break;
        default:
          l.advance(std::chrono::milliseconds(random() % 6));
      }
      for (auto n = random() % 3; n > 0; --n) l.step();
      if (const auto* box = l.home().find(a.id().index()); box && A::mailbox::then != vr::when_full::suspend)
        REQUIRE(box->waiting_messages() <= 3);
    }
    l.advance(50ms);
    REQUIRE(answered == asked);
    l.stop(a);
    l.advance(l.bounds().actor_stop * 2);
    REQUIRE_FALSE(l.lives(a));
    REQUIRE(count(a.id(), "cleanup") == 1);
    require_lives_in_order();
    require_nothing_left(l, 1);
  });
}

}  // namespace life_seeds_test

TEST_CASE("Over seeds: small mailboxes, side by side handlers and timers keep the rules of any other life") {
  be_hard_on_it<hurried<vr::when_full::reject, false>>();
  be_hard_on_it<hurried<vr::when_full::drop_oldest, false>>();
  be_hard_on_it<hurried<vr::when_full::drop_newest, false>>();
  be_hard_on_it<hurried<vr::when_full::suspend, false>>();
  be_hard_on_it<hurried<vr::when_full::reject, true>>();
}
