#include "viceroy/mailbox/answer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace answer_test {

struct get {
  int n;
};
struct hang {};
struct release {};
struct twice {
  vr::once_port_ref<int> reply;
};
struct ask_other {
  vr::actor_id other;
};
struct boom {};
struct throws_int {};
struct lend {
  using local = std::true_type;
  std::shared_ptr<int> token;
};
struct lent {
  using local = std::true_type;
  std::shared_ptr<int> token;
};

struct server {
  using handles = vr::messages<get, hang, release, twice, ask_other, boom, throws_int, lend>;
  vr::port_ref<int> gate;
  std::vector<std::string> heard;

  int handle(vr::context<server>&, get m) { return m.n; }
  vr::task<int> handle(vr::context<server>& cx, hang) {
    auto [port, inbox] = cx.open_port<int>();
    gate = port.bind();
    co_return co_await inbox.recv();
  }
  void handle(vr::context<server>&, release) {}
  void handle(vr::context<server>& cx, twice m) {
    m.reply.send(cx, 1);
    m.reply.send(cx, 2);
  }
  void handle(vr::context<server>& cx, ask_other m) {
    vr::actor_ref<server>(m.other).call<get>(cx, 4).then([this](int n) {
      if (n == 4) throw std::runtime_error("did not like 4");
      heard.push_back(std::to_string(n));
    });
  }
  void handle(vr::context<server>&, boom) { throw std::runtime_error("bang"); }
  int handle(vr::context<server>&, throws_int) { throw std::runtime_error("no number"); }
  lent handle(vr::context<server>&, lend m) { return lent{std::move(m.token)}; }
};

struct player;
struct volley {
  int left;
};
struct told {
  int n;
};
struct ask_in_order {
  vr::actor_ref<player> other;
};
struct answer_in_order {
  vr::actor_ref<player> to;
};
// Asks the other one, and answers without waiting for that.
struct player {
  using handles = vr::messages<volley, told, ask_in_order, answer_in_order>;
  static inline std::uintptr_t least = 0, most = 0;
  vr::actor_ref<player> other;
  int played = 0;
  std::vector<int> heard;

  static void note_stack() {
    const auto at = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    least = least == 0 ? at : std::min(least, at);
    most = std::max(most, at);
  }
  int handle(vr::context<player>& cx, volley m) {
    note_stack();
    ++played;
    if (m.left > 0) other.call<volley>(cx, m.left - 1).then([](int) { note_stack(); });
    return 0;
  }
  void handle(vr::context<player>&, told m) { heard.push_back(m.n); }
  void handle(vr::context<player>& cx, ask_in_order m) {
    m.other.call<answer_in_order>(cx, cx.self()).then([this](int n) { heard.push_back(n); });
  }
  int handle(vr::context<player>& cx, answer_in_order m) {
    m.to.send<told>(cx, 1);
    m.to.send<told>(cx, 2);
    return 3;
  }
};

struct stage : by_hand::world {
  vr::instance client{home, vr::label::parse("client")};
  vr::actor_box<server>& box = vr::detail::spawn_in<server>(home, vr::label::parse("s"), nullptr, false);
  vr::actor_ref<server> ref{box.id()};
};

}  // namespace answer_test

using namespace answer_test;

TEST_CASE("A call is on its way when it returns, awaited or not") {
  stage s;
  auto first = s.ref.call<get>(s.client, 1);
  auto second = s.ref.call<get>(s.client, 2);
  s.settle();
  CHECK(s.run<int>(std::move(second)) == 2);
  CHECK(s.run<int>(std::move(first)) == 1);
}

TEST_CASE("A call that nobody answers ends at the default limit, naming message and actor") {
  stage s;
  const auto start = s.clock.now();
  CHECK(s.failure<int>(s.ref.call<hang>(s.client)) ==
        "no answer to answer_test::hang from inproc:1,root,s[2] within 60 s");
  CHECK(s.clock.now() - start == 60s);
}

TEST_CASE("One timer serves all the calls that wait with the default limit, each at its time") {
  stage s;
  std::vector<std::chrono::milliseconds> ends;
  const auto start = s.clock.now();
  for (int i = 0; i < 10; ++i) {
    s.ref.call<hang>(s.client).then([&](vr::outcome<int> o) {
      CHECK_FALSE(o.ok());
      ends.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(s.clock.now() - start));
    });
    s.pass(10ms);
  }
  CHECK(s.clock.waiting_timers() == 1);
  s.pass(70s);
  REQUIRE(ends.size() == 10);
  for (std::size_t i = 0; i < ends.size(); ++i) CHECK(ends[i] == 60s + i * 10ms);
  CHECK(s.clock.waiting_timers() == 0);
}

TEST_CASE("A default limit that was made shorter holds for the calls that follow, whatever waits already") {
  stage s;
  auto first = s.ref.call<hang>(s.client);
  s.bounds.call = 50ms;
  const auto start = s.clock.now();
  CHECK(s.failure<int>(s.ref.call<hang>(s.client)) ==
        "no answer to answer_test::hang from inproc:1,root,s[2] within 50 ms");
  CHECK(s.clock.now() - start == 50ms);
  CHECK(s.failure<int>(std::move(first)) ==
        "no answer to answer_test::hang from inproc:1,root,s[2] within 60 s");
}

TEST_CASE("within sets an answer's own limit, shorter or longer than the default, at the cost of a timer") {
  stage s;
  const auto start = s.clock.now();
  CHECK(s.failure<int>(vr::within(200ms, s.ref.call<hang>(s.client))) ==
        "no answer to answer_test::hang from inproc:1,root,s[2] within 200 ms");
  CHECK(s.clock.now() - start == 200ms);
  CHECK(by_hand::kind_of([&] { s.run<int>(vr::within(100s, s.ref.call<hang>(s.client))); }) ==
        vr::errc::timeout);
  CHECK(s.clock.now() - start == 100s + 200ms);
  s.settle();
  CHECK(s.clock.waiting_timers() == 0);
}

TEST_CASE("within on a task ends the task, drops the answer it waits for, and names that") {
  stage s;
  auto work = [](stage& st) -> vr::task<int> { co_return co_await st.ref.call<hang>(st.client); };
  CHECK(
      s.failure<int>(vr::within(20ms, work(s), "the server")) ==
      "the server did not finish within 20 ms; no answer to answer_test::hang from inproc:1,root,s[2] within "
      "20 ms");
  const auto dropped = s.queue.counters().dropped;
  s.box.actor().gate.send(s.client, 1);
  s.settle();
  CHECK(s.queue.counters().dropped == dropped + 1);
}

TEST_CASE("a limit blames who was asked late for no longer than it was asked") {
  stage s;
  auto work = [](stage& st) -> vr::task<int> {
    try {
      co_await vr::within(15ms, st.ref.call<hang>(st.client));
    } catch (const vr::error&) {
    }
    co_return co_await st.ref.call<hang>(st.client);
  };
  const std::string late =
      "the server did not finish within 20 ms; no answer to answer_test::hang from inproc:1,root,s[2] within "
      "5 ms";
  CHECK(s.failure<int>(vr::within(20ms, work(s), "the server")) == late);
  auto limited = [](stage& st) -> vr::task<int> {
    try {
      co_await vr::within(15ms, st.ref.call<hang>(st.client));
    } catch (const vr::error&) {
    }
    co_return co_await vr::within(60s, st.ref.call<hang>(st.client));
  };
  CHECK(s.failure<int>(vr::within(20ms, limited(s), "the server")) == late);
}

TEST_CASE(
    "Dropping an answer closes its port, which is used again; what arrives for it late is dropped and "
    "counted") {
  stage s;
  std::uint64_t first = 0;
  {
    auto a = s.ref.call<get>(s.client, 1);
    auto [port, inbox] = s.client.open_port<int>();
    first = port.id().number() & 0xffffff;
  }
  s.settle();
  CHECK(s.queue.counters().dropped == 1);
  for (int i = 0; i < 1000; ++i) {
    auto [port, inbox] = s.client.open_port<int>();
    CHECK((port.id().number() & 0xffffff) <= first);
  }
  CHECK(s.clock.waiting_timers() <= 1);
}

TEST_CASE("A second answer to a once port is dropped and counted") {
  stage s;
  auto [port, inbox] = s.client.open_once_port<int>();
  s.ref.send<twice>(s.client, port.bind());
  s.settle();
  CHECK(inbox.try_recv() == 1);
  CHECK(s.queue.counters().dropped == 1);
  CHECK(by_hand::kind_of([&] { s.run<int>(vr::as_task(inbox.recv())); }) == vr::errc::inert);
}

TEST_CASE("An answer that was awaited or continued is empty, and says so") {
  stage s;
  auto a = s.ref.call<get>(s.client, 1);
  auto b = std::move(a);
  CHECK(by_hand::kind_of([&] { s.run<int>(std::move(a)); }) == vr::errc::inert);
  CHECK(by_hand::kind_of([&] { std::move(a).then([](int) {}); }) == vr::errc::inert);
  a.set_limit(1ms);
  CHECK(s.run<int>(std::move(b)) == 1);
}

TEST_CASE(
    "then() gets the value, or the outcome where it asks for that, also when the answer is there already") {
  stage s;
  std::vector<std::string> log;
  s.ref.call<get>(s.client, 1).then([&](int n) { log.push_back(std::to_string(n)); });
  s.ref.call<release>(s.client).then([&] { log.push_back("released"); });
  s.ref.call<boom>(s.client).then([&](vr::outcome<void> o) { log.push_back(vr::sentence_of(o.failure())); });
  s.settle();
  auto late = s.ref.call<get>(s.client, 5);
  s.settle();
  std::move(late).then([&](int n) { log.push_back(std::to_string(n)); });
  CHECK(log == std::vector<std::string>{"1", "released",
                                        "inproc:1,root,s[2] failed handling answer_test::boom: bang", "5"});
}

TEST_CASE("What then() throws, and a failure it does not take, fail the owner with a sentence") {
  stage s;
  auto& asker = vr::detail::spawn_in<server>(s.home, vr::label::parse("asker"), nullptr, false);
  const auto text = asker.id().text();
  vr::actor_ref<server>(asker.id()).send<ask_other>(s.client, s.ref.id());
  s.settle();
  REQUIRE(s.end_of("asker"));
  CHECK(s.end_of("asker")->cause == text + " failed on an answer: did not like 4");
  s.ref.call<boom>(s.client).then([] { FAIL("no value"); });
  s.settle();
  REQUIRE(s.end_of("client"));
  CHECK(s.end_of("client")->cause ==
        "inproc:1,root,client[1] failed on an answer: inproc:1,root,s[2] failed handling answer_test::boom: "
        "bang");
}

TEST_CASE("then() may take what cannot be copied, and start the next call") {
  stage s;
  std::optional<int> result;
  s.ref.call<get>(s.client, 1).then([&, more = std::make_unique<int>(10)](int n) {
    s.ref.call<get>(s.client, n + *more).then([&](int m) { result = m; });
  });
  s.settle();
  CHECK(result == 11);
}

TEST_CASE("An answer whose owner ends first ends with owner_gone, awaited or continued") {
  stage s;
  std::string continued;
  s.ref.call<hang>(s.client).then([&](vr::outcome<int> o) { continued = vr::sentence_of(o.failure()); });
  std::optional<vr::errc> kind;
  auto work = [](stage& st) -> vr::task<int> { co_return co_await st.ref.call<hang>(st.client); };
  const auto run = vr::running::start<int>(
      work(s), [&](vr::outcome<int> o) { kind = by_hand::kind_of([&] { o.get(); }); });
  s.settle();
  s.client.stop();
  s.settle();
  CHECK(kind == vr::errc::owner_gone);
  CHECK(continued == "inproc:1,root,client[1] was stopped");
}

TEST_CASE("A waiter that asks again when its owner ends is told that it has ended, once") {
  stage s;
  int tries = 0;
  auto work = [](stage& st, int& n) -> vr::task<void> {
    const vr::participant& cx = st.client;
    auto& still = const_cast<vr::participant&>(cx);
    for (; n < 100; ++n) {
      try {
        co_await st.ref.call<hang>(still);
      } catch (const vr::error& e) {
        if (e.kind() == vr::errc::inert) co_return;
      }
    }
  };
  const auto run = vr::running::start<void>(work(s, tries), [](vr::outcome<void>) {});
  s.settle();
  vr::life::stop(s.client.box(), vr::stop_mode::stop);
  s.settle();
  CHECK(tries == 1);
}

TEST_CASE("A caller that ends before its answer harms nobody: the answerer is not failed") {
  stage s;
  auto caller = std::make_optional<vr::instance>(s.home, vr::label::parse("caller"));
  s.ref.call<hang>(*caller).then([](vr::outcome<int>) {});
  s.settle();
  caller.reset();
  s.settle();
  s.box.actor().gate.send(s.client, 1);
  s.settle();
  CHECK(s.end_of("s") == nullptr);
  CHECK(s.run<int>(s.ref.call<get>(s.client, 3)) == 3);
}

TEST_CASE("when_all and when_any take answers as they are; the losers' ports close") {
  stage s;
  const auto both =
      s.run<std::tuple<int, int>>(vr::when_all(s.ref.call<get>(s.client, 1), s.ref.call<get>(s.client, 2)));
  CHECK(std::get<0>(both) + std::get<1>(both) == 3);
  auto other =
      vr::actor_ref<server>(vr::detail::spawn_in<server>(s.home, vr::label::parse("o"), nullptr, false).id());
  const auto any =
      s.run<std::variant<int, int>>(vr::when_any(s.ref.call<hang>(s.client), other.call<get>(s.client, 8)));
  CHECK(any.index() == 1);
  const auto dropped = s.queue.counters().dropped;
  s.box.actor().gate.send(s.client, 1);
  s.settle();
  CHECK(s.queue.counters().dropped == dropped + 1);
}

TEST_CASE("An answer is a task where one is wanted") {
  stage s;
  std::vector<vr::task<int>> all;
  for (int i = 0; i < 5; ++i) all.push_back(s.ref.call<get>(s.client, i));
  CHECK(s.run<std::vector<int>>(vr::when_all(std::move(all))) == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("The death of a process ends what is awaited from it at once, with the cause") {
  stage s;
  const auto far = vr::actor_id::parse("inproc:2,there,s[3]");
  std::vector<std::string> ends;
  for (int i = 0; i < 2; ++i)
    vr::actor_ref<server>(far).call<get>(s.client, 1).then([&](vr::outcome<int> o) {
      ends.push_back(vr::sentence_of(o.failure()));
    });
  auto near = s.ref.call<get>(s.client, 1);
  vr::pending::tell_lost(s.queue, far.proc(),
                         vr::error(vr::errc::process_died, "process 77 was killed by signal 9"));
  CHECK(ends == std::vector<std::string>(
                    2,
                    "no answer to answer_test::get from inproc:2,there,s[3]: process 77 was killed by "
                    "signal 9"));
  CHECK(s.run<int>(std::move(near)) == 1);
}

TEST_CASE("Two thousand answers wait at once; each call gets its own, whatever was dropped between") {
  stage s;
  std::vector<int> got;
  std::vector<vr::answer<int>> held;
  for (int i = 0; i < 2000; ++i) {
    if (i % 3 == 0) {
      auto dropped = s.ref.call<get>(s.client, -1);
    } else if (i % 3 == 1) {
      s.ref.call<get>(s.client, i).then([&got, i](int n) { got.push_back(n == i ? n : -1); });
    } else {
      held.push_back(s.ref.call<get>(s.client, i));
    }
  }
  s.settle();
  std::vector<int> expected;
  for (int i = 1; i < 2000; i += 3) expected.push_back(i);
  CHECK(got == expected);
  for (std::size_t i = 0; i < held.size(); ++i)
    CHECK(s.run<int>(std::move(held[i])) == 2 + 3 * static_cast<int>(i));
  CHECK(s.queue.counters().dropped == 667);
}

TEST_CASE(
    "What then() captures is gone when the answer is, whether it came, its owner ended, or it was late") {
  stage s;
  const auto token = std::make_shared<int>(0);
  const std::array<std::uint64_t, 12> much{};  // more than stands in the waiting end itself
  s.ref.call<get>(s.client, 1).then([token](int) {});
  s.ref.call<get>(s.client, 1).then([token, much](int) { (void)much; });
  CHECK(token.use_count() == 3);
  s.settle();
  CHECK(token.use_count() == 1);
  vr::within(5ms, s.ref.call<hang>(s.client)).then([token, much](vr::outcome<int> o) {
    CHECK_FALSE(o.ok());
    (void)much;
  });
  s.pass(5ms);
  CHECK(token.use_count() == 1);
  s.ref.call<hang>(s.client).then([token, much](vr::outcome<int>) { (void)much; });
  s.ref.call<hang>(s.client).then([token](vr::outcome<int>) {});
  s.settle();
  s.client.stop();
  s.settle();
  CHECK(token.use_count() == 1);
}

TEST_CASE("An answer that nobody waits for any more is destroyed where it is, and counted") {
  stage s;
  const auto token = std::make_shared<int>(0);
  {
    auto dropped = s.ref.call<lend>(s.client, token);
  }
  {
    auto dropped = s.ref.call<lend>(s.client, token);
    s.step();  // the first is answered: nobody waits
    s.step();  // the second is: its answer is on its way, and then nobody waits for it
  }
  s.settle();
  CHECK(token.use_count() == 1);
  CHECK(s.queue.counters().dropped == 2);
  CHECK(s.run<lent>(s.ref.call<lend>(s.client, token)).token == token);
  CHECK(token.use_count() == 1);
}

TEST_CASE(
    "A callee that ends before it has answered ends the call, also where the call still waits in line") {
  stage s;
  std::vector<std::string> why;
  const auto note = [&](vr::outcome<int> o) { why.push_back(vr::sentence_of(o.failure())); };
  s.ref.call<hang>(s.client).then(note);  // it is suspended
  s.ref.call<get>(s.client, 1).then(note);
  s.settle();
  vr::life::stop(s.box, vr::stop_mode::kill);
  s.ref.call<get>(s.client, 2).then(note);
  s.settle();
  s.ref.call<get>(s.client, 3).then(note);
  s.settle();
  REQUIRE(why.size() == 4);
  CHECK(why[0] == "inproc:1,root,s[2] was stopped before it answered");
  for (int i : {1, 2}) CHECK(why[static_cast<std::size_t>(i)].find("was stopped") != std::string::npos);
  CHECK(why[3].find("there is no actor inproc:1,root,s[2] (any more)") != std::string::npos);
}

TEST_CASE("An answer that meets its caller's end on the way reaches neither it nor its successor") {
  stage s;
  auto& asker = vr::detail::spawn_in<server>(s.home, vr::label::parse("asker"), nullptr, false);
  vr::actor_ref<server>(asker.id()).send<ask_other>(s.client, s.ref.id());
  s.step();  // asked
  vr::life::stop(asker, vr::stop_mode::kill);
  s.step();  // answered, behind the end
  s.step();  // ended
  auto& next = vr::detail::spawn_in<server>(s.home, vr::label::parse("next"), nullptr, false);
  s.settle();
  REQUIRE(s.end_of("asker"));
  CHECK(s.end_of("asker")->cause == "");
  CHECK(next.actor().heard.empty());
  CHECK(s.end_of("s") == nullptr);
  CHECK(s.end_of("next") == nullptr);
}

TEST_CASE("A throwing handler fails its call alone: what was asked before and after is answered") {
  stage s;
  std::vector<std::string> log;
  const auto note = [&](vr::outcome<int> o) {
    log.push_back(o.ok() ? std::to_string(o.get()) : vr::sentence_of(o.failure()));
  };
  s.ref.call<get>(s.client, 1).then(note);
  s.ref.call<throws_int>(s.client).then(note);
  s.ref.call<get>(s.client, 2).then(note);
  s.settle();
  CHECK(log == std::vector<std::string>{
                   "1", "inproc:1,root,s[2] failed handling answer_test::throws_int: no number", "2"});
}

TEST_CASE("An answer keeps its place behind what its handler sent before it") {
  stage s;
  auto& asker = vr::detail::spawn_in<player>(s.home, vr::label::parse("asker"), nullptr, false);
  auto& other = vr::detail::spawn_in<player>(s.home, vr::label::parse("other"), nullptr, false);
  vr::actor_ref<player>(asker.id()).send<ask_in_order>(s.client, vr::actor_ref<player>(other.id()));
  s.settle();
  CHECK(asker.actor().heard == std::vector<int>{1, 2, 3});
}

TEST_CASE("The stack does not grow however long two actors ask each other by then()") {
  stage s;
  auto& one = vr::detail::spawn_in<player>(s.home, vr::label::parse("one"), nullptr, false);
  auto& two = vr::detail::spawn_in<player>(s.home, vr::label::parse("two"), nullptr, false);
  player::least = player::most = 0;
  one.actor().other = vr::actor_ref<player>(two.id());
  two.actor().other = vr::actor_ref<player>(one.id());
  one.actor().other.call<volley>(s.client, 1'000'000).then([](int n) { CHECK(n == 0); });
  s.settle();
  CHECK(one.actor().played + two.actor().played == 1'000'001);
  CHECK(player::most - player::least < 16'384);
}

TEST_CASE("Calls that wait expire soonest first, whatever else is open on the loop") {
  stage s;
  std::vector<int> order;
  std::vector<std::pair<vr::port<int>, vr::receiver<int>>> open;
  for (int i = 0; i < 5; ++i) {
    s.bounds.call = std::chrono::milliseconds(100 - 10 * i);
    open.push_back(s.client.open_port<int>());
    s.ref.call<hang>(s.client).then([&order, i](vr::outcome<int>) { order.push_back(i); });
  }
  s.pass(1s);
  CHECK(order == std::vector<int>{4, 3, 2, 1, 0});
  CHECK(s.clock.waiting_timers() == 0);
}

TEST_CASE("Calls that a held loop finds late all at once expire in the order of their deadlines") {
  stage s;
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) {
    s.bounds.call = std::chrono::milliseconds(100 - 10 * i);
    s.ref.call<hang>(s.client).then([&order, i](vr::outcome<int>) { order.push_back(i); });
  }
  s.clock.move_to(s.clock.now() + 1s);
  while (s.clock.fire_one()) continue;
  CHECK(order == std::vector<int>{4, 3, 2, 1, 0});
  CHECK(s.clock.waiting_timers() == 0);
}
