#include "viceroy/actor/invoke.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace invoke_test {

struct note {
  std::string text;
};
struct count {};
struct reset {};
struct boom {
  bool plain;
};
struct odd {};
struct slow_sum {
  int n;
};
struct slow_boom {};
struct boxed {
  using local = std::true_type;
  std::unique_ptr<int> n;
};
struct give_box {
  using local = std::true_type;
  std::unique_ptr<int> n;
};
struct give_many {  // std::vector says of any that it can be copied
  std::vector<std::unique_ptr<int>> all;
};
struct open_gate {
  int n;
};
struct nothing_slow {};

// Handles one message in each of the ways a handler may be written.
struct worker {
  using handles = vr::messages<note, count, reset, boom, odd, slow_sum, slow_boom, give_box, give_many,
                               open_gate, nothing_slow>;
  std::vector<std::string> notes;
  std::vector<vr::port_ref<int>> gates;

  void handle(vr::context<worker>&, const note& m) { notes.push_back(m.text); }
  int handle(vr::context<worker>&, count) const { return static_cast<int>(notes.size()); }
  void handle(vr::context<worker>&, reset) { notes.clear(); }
  void handle(vr::context<worker>&, boom m) {
    if (m.plain) throw 7;
    throw std::runtime_error("bang");
  }
  std::vector<std::unique_ptr<int>> handle(vr::context<worker>&, give_many m) {
    m.all.push_back(std::make_unique<int>(2));
    return std::move(m.all);
  }
  std::string handle(vr::context<worker>&, odd) {
    throw vr::error(vr::errc::not_here, "not on this machine");
  }
  vr::task<int> handle(vr::context<worker>& cx, slow_sum m) {
    notes.push_back("begin " + std::to_string(m.n));
    auto [port, inbox] = cx.open_once_port<int>();
    gates.emplace_back(port.bind().id());
    const int more = co_await inbox.recv();
    notes.push_back("end " + std::to_string(m.n));
    co_return m.n + more;
  }
  vr::task<void> handle(vr::context<worker>&, slow_boom) {
    throw std::runtime_error("late bang");
    co_return;
  }
  vr::task<void> handle(vr::context<worker>&, nothing_slow) { co_return; }
  boxed handle(vr::context<worker>&, give_box m) {
    ++*m.n;
    return boxed{std::move(m.n)};
  }
  void handle(vr::context<worker>& cx, open_gate m) {
    gates.front().send(cx, m.n);
    gates.erase(gates.begin());
  }
};

struct stage : by_hand::world {
  vr::instance client{home, vr::label::parse("client")};
  vr::actor_box<worker>& box = vr::detail::spawn_in<worker>(home, vr::label::parse("w"), nullptr, false);
  vr::actor_ref<worker> ref{box.id()};
  worker& actor = box.actor();

  template <class M, class... F>
  auto ask(F&&... fields) {
    return run<typename decltype(ref.template call<M>(client, std::forward<F>(fields)...))::value_type>(
        ref.template call<M>(client, std::forward<F>(fields)...));
  }
};

}  // namespace invoke_test

using namespace invoke_test;

TEST_CASE(
    "A handler's value is the answer of the call, void is an answer too, and a task's value is its own") {
  stage s;
  s.ref.send<note>(s.client, "a");
  CHECK(s.ask<count>() == 1);
  s.ask<reset>();
  CHECK(s.ask<count>() == 0);
  s.ask<nothing_slow>();
  auto box = s.ask<give_box>(std::make_unique<int>(4));
  CHECK(*box.n == 5);
}

TEST_CASE("A handler that throws fails the call with its text, and the actor goes on") {
  stage s;
  CHECK(s.failure<void>(s.ref.call<boom>(s.client, false)) ==
        "inproc:1,root,w[2] failed handling invoke_test::boom: bang");
  CHECK(s.failure<void>(s.ref.call<boom>(s.client, true)) ==
        "inproc:1,root,w[2] failed handling invoke_test::boom: threw something that is not a std::exception");
  CHECK(s.failure<void>(s.ref.call<slow_boom>(s.client)) ==
        "inproc:1,root,w[2] failed handling invoke_test::slow_boom: late bang");
  CHECK(by_hand::kind_of([&] { s.run<void>(s.ref.call<boom>(s.client, false)); }) ==
        vr::errc::handler_failed);
  CHECK(by_hand::kind_of([&] { s.run<std::string>(s.ref.call<odd>(s.client)); }) == vr::errc::not_here);
  CHECK(s.ask<count>() == 0);
  CHECK(s.ends().empty());
}

TEST_CASE("A handler that throws fails its actor when nobody waits for an answer") {
  for (const bool slow : {false, true}) {
    stage s;
    if (slow) {
      s.ref.send<slow_boom>(s.client);
    } else {
      s.ref.send<boom>(s.client, false);
    }
    s.settle();
    const auto* end = s.end_of("w");
    REQUIRE(end);
    CHECK(end->how == vr::status::failed);
    CHECK(end->cause == (slow ? "inproc:1,root,w[2] failed handling invoke_test::slow_boom: late bang"
                              : "inproc:1,root,w[2] failed handling invoke_test::boom: bang"));
    CHECK(s.end_of("client") == nullptr);
  }
}

TEST_CASE("While a task handler is suspended the next message waits, in order, and replies do not") {
  stage s;
  auto first = s.ref.call<slow_sum>(s.client, 1);
  s.ref.send<note>(s.client, "after 1");
  auto second = s.ref.call<slow_sum>(s.client, 2);
  s.ref.send<note>(s.client, "after 2");
  s.settle();
  CHECK(s.actor.notes == std::vector<std::string>{"begin 1"});
  s.ref.send<note>(s.client, "arrived late");
  s.settle();
  CHECK(s.actor.notes.size() == 1);
  s.actor.gates.at(0).send(s.client, 10);
  s.settle();
  CHECK(s.actor.notes == std::vector<std::string>{"begin 1", "end 1", "after 1", "begin 2"});
  CHECK(s.run<int>(std::move(first)) == 11);
  s.actor.gates.at(1).send(s.client, 20);
  CHECK(s.run<int>(std::move(second)) == 22);
  CHECK(s.actor.notes == std::vector<std::string>{"begin 1", "end 1", "after 1", "begin 2", "end 2",
                                                  "after 2", "arrived late"});
  CHECK(s.box.waiting_bytes() == 0);
}

TEST_CASE("A kill ends a suspended handler, and whoever waits for its answer hears of it") {
  stage s;
  auto pending = s.ref.call<slow_sum>(s.client, 1);
  auto behind = s.ref.call<count>(s.client);
  s.settle();
  CHECK(s.box.is_busy());
  vr::life::stop(s.box, vr::stop_mode::kill);
  s.settle();
  CHECK(s.end_of("w")->how == vr::status::stopped);
  CHECK(s.failure<int>(std::move(pending)) == "inproc:1,root,w[2] was stopped before it answered");
  CHECK(s.failure<int>(std::move(behind)) == "inproc:1,root,w[2] was stopped and takes no more messages");
}

TEST_CASE(
    "A stop lets a suspended handler finish: its replies still arrive, what waits behind it comes back") {
  stage s;
  auto pending = s.ref.call<slow_sum>(s.client, 1);
  auto behind = s.ref.call<count>(s.client);
  s.settle();
  vr::life::stop(s.box, vr::stop_mode::stop);
  s.settle();
  CHECK(s.end_of("w") == nullptr);
  s.actor.gates.at(0).send(s.client, 5);
  CHECK(s.run<int>(std::move(pending)) == 6);
  CHECK(s.end_of("w")->how == vr::status::stopped);
  CHECK(by_hand::kind_of([&] { s.run<int>(std::move(behind)); }) == vr::errc::receiver_stopping);
}

TEST_CASE("A drain behind a suspended handler ends the actor after what had arrived before it") {
  stage s;
  auto pending = s.ref.call<slow_sum>(s.client, 1);
  auto before = s.ref.call<count>(s.client);
  vr::life::stop(s.box, vr::stop_mode::drain);
  s.settle();
  auto after = s.ref.call<count>(s.client);
  s.settle();
  s.actor.gates.at(0).send(s.client, 5);
  CHECK(s.run<int>(std::move(pending)) == 6);
  CHECK(s.run<int>(std::move(before)) == 2);
  CHECK(s.end_of("w")->how == vr::status::stopped);
  CHECK(s.failure<int>(std::move(after)) == "inproc:1,root,w[2] was stopped and takes no more messages");
}

TEST_CASE("A failure of the actor while a handler is suspended reaches that handler's caller as the cause") {
  stage s;
  auto pending = s.ref.call<slow_sum>(s.client, 1);
  s.settle();
  vr::life::fail(s.box, vr::errc::handler_failed, "the disk is full");
  CHECK(s.failure<int>(std::move(pending)) == "the disk is full");
}

TEST_CASE("A handler by const reference shares one payload of a cast, and the last one destroys it") {
  stage s;
  vr::shared_payload* const block = &vr::make_shared_payload<note>("shared");
  for (int i = 0; i < 3; ++i) {
    auto& n = s.queue.make<vr::shared_reference>(vr::shared_message_ops_of<note>, true, *block);
    n.flags |= vr::message_node::shared | vr::message_node::is_cast;
    n.from = s.client.id();
    vr::detail::post_node(s.client.box(), s.home, {s.box.id(), vr::type_id<note>(), nullptr, 0}, n);
  }
  CHECK(block->users == 4);
  s.settle();
  CHECK(s.actor.notes == std::vector<std::string>{"shared", "shared", "shared"});
  CHECK(block->users == 1);
  block->drop();
}

TEST_CASE("A handler by value gets a copy of a shared payload, which the others keep") {
  stage s;
  vr::shared_payload* const block = &vr::make_shared_payload<open_gate>(3);
  auto [port, inbox] = s.client.open_port<int>();
  s.actor.gates.assign(2, port.bind());
  for (int i = 0; i < 2; ++i) {
    auto& n = s.queue.make<vr::shared_reference>(vr::shared_message_ops_of<open_gate>, true, *block);
    n.flags |= vr::message_node::shared;
    n.from = s.client.id();
    vr::detail::post_node(s.client.box(), s.home, {s.box.id(), vr::type_id<open_gate>(), nullptr, 0}, n);
  }
  block->drop();
  s.settle();
  CHECK(inbox.try_recv() == 3);
  CHECK(inbox.try_recv() == 3);
}

namespace invoke_test {

// Ends itself, or another, from inside a handler.
struct end_self {
  int how;
};
struct end_other {
  vr::actor_id whom;
  int how;
};
struct touch {};

struct suicidal {
  using handles = vr::messages<end_self, end_other, touch>;
  std::string text = std::string(64, 'x');  // on the heap: a use after the end is seen
  int touched = 0;
  int handle(vr::context<suicidal>& cx, end_self m) {
    if (m.how == 0) cx.stop();
    if (m.how == 1) cx.drain();
    if (m.how == 2) vr::life::stop(cx.box(), vr::stop_mode::kill);
    if (m.how == 3) vr::life::fail(cx.box(), vr::errc::handler_failed, "on purpose");
    text += "still here";
    return static_cast<int>(text.size());
  }
  vr::task<int> handle(vr::context<suicidal>& cx, end_other m) {
    if (auto* const other = cx.box().home().find(m.whom.index()))
      vr::life::stop(*other, static_cast<vr::stop_mode>(m.how));
    text += "!";
    co_return static_cast<int>(text.size());
  }
  int handle(vr::context<suicidal>&, touch) { return ++touched; }
};

}  // namespace invoke_test

TEST_CASE("An actor that ends itself in a handler finishes that handler, and its answer arrives") {
  for (int how = 0; how < 4; ++how) {
    CAPTURE(how);
    by_hand::world w;
    vr::instance client(w.home, vr::label::parse("client"));
    auto& box = vr::detail::spawn_in<suicidal>(w.home, vr::label::parse("s"), nullptr, false);
    const vr::actor_ref<suicidal> ref(box.id());
    auto answer = ref.call<end_self>(client, how);
    auto behind = ref.call<touch>(client);
    CHECK(w.run<int>(std::move(answer)) == 74);
    REQUIRE(w.end_of("s"));
    CHECK(w.end_of("s")->how == (how == 3 ? vr::status::failed : vr::status::stopped));
    const auto rest = w.failure<int>(std::move(behind));
    CHECK(rest == (how == 1   ? std::string()
                   : how == 3 ? std::string("on purpose")
                              : "inproc:1,root,s[2] was stopped and takes no more messages"));
  }
}

TEST_CASE("Actors that end each other inside task handlers both finish what they were doing") {
  for (int how = 0; how < 3; ++how) {
    CAPTURE(how);
    by_hand::world w;
    vr::instance client(w.home, vr::label::parse("client"));
    auto& a = vr::detail::spawn_in<suicidal>(w.home, vr::label::parse("a"), nullptr, false);
    auto& b = vr::detail::spawn_in<suicidal>(w.home, vr::label::parse("b"), nullptr, false);
    const vr::actor_id a_id = a.id(), b_id = b.id();
    auto first = vr::actor_ref<suicidal>(a_id).call<end_other>(client, b_id, how);
    auto second = vr::actor_ref<suicidal>(b_id).call<end_other>(client, a_id, how);
    CHECK(w.run<int>(std::move(first)) == 65);
    // b's message had arrived before its end was asked for: a drain still handles it.
    const auto other = w.finish<int>(std::move(second));
    CHECK(other.ok() == (how == 0));
    w.settle();
    CHECK(w.end_of("b")->how == vr::status::stopped);
    CHECK((w.end_of("a") != nullptr) == (how == 0));
  }
}

TEST_CASE("What a container of movable things holds is moved into the handler, and into its answer") {
  stage s;
  std::vector<std::unique_ptr<int>> one;
  one.push_back(std::make_unique<int>(1));
  const auto both = s.ask<give_many>(std::move(one));
  auto [port, inbox] = s.client.open_port<std::vector<std::unique_ptr<int>>>();
  port.bind().send(s.client, std::vector<std::unique_ptr<int>>(3));
  s.settle();
  CHECK(inbox.try_recv()->size() == 3);
  CHECK(both.size() == 2);
  CHECK(*both.at(1) == 2);
}
