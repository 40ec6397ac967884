#include "viceroy/actor/supervision.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace supervision_test {

struct boom {};
struct leave {};
struct have_child {};
struct bury {};
struct misdirect {
  vr::actor_id to;
};

struct raise {};
struct last_word {};
struct careful;
struct leave_word {
  vr::actor_ref<careful> to;
};

struct leaf {
  using handles = vr::messages<boom, leave>;
  void handle(vr::context<leaf>&, boom) { throw std::runtime_error("bang"); }
  void handle(vr::context<leaf>& cx, leave) { cx.stop(); }
};

// Has a child and no handler for its failure.
struct careless {
  using handles = vr::messages<have_child, boom>;
  vr::actor_id handle(vr::context<careless>& cx, have_child) { return cx.spawn<leaf>().id(); }
  void handle(vr::context<careless>&, boom) { throw std::runtime_error("own fault"); }
};
// Has careless children.
struct grandparent {
  using handles = vr::messages<have_child>;
  vr::actor_id handle(vr::context<grandparent>& cx, have_child) { return cx.spawn<careless>().id(); }
};

struct regretful {
  using handles = vr::messages<leave>;
  void handle(vr::context<regretful>& cx, leave) {
    cx.stop();
    throw std::runtime_error("after all");
  }
};
// Says something to its parent and to itself, around its stop.
struct talker {
  using handles = vr::messages<leave_word, leave>;
  inline void handle(vr::context<talker>& cx, const leave_word& m);
  void handle(vr::context<talker>&, leave) {}
};

struct careful {
  using handles = vr::messages<have_child, misdirect, bury, raise, last_word>;
  std::vector<std::string> heard;
  vr::actor_id handle(vr::context<careful>& cx, have_child) { return cx.spawn<leaf>().id(); }
  void handle(vr::context<careful>& cx, misdirect m) { vr::actor_ref<leaf>(m.to).send<leave>(cx); }
  void handle(vr::context<careful>& cx, bury) {  // stops, and what comes back meanwhile finds it stopping
    cx.stop();
    for (int i = 0; i < 3; ++i)
      vr::actor_ref<leaf>(vr::actor_id(cx.box().home().id(), cx.id().name(), 77)).send<leave>(cx);
  }
  void handle(vr::context<careful>& cx, raise) { cx.spawn<talker>().send<leave_word>(cx, cx.self()); }
  void handle(vr::context<careful>&, last_word) { heard.push_back("a last word"); }
  void handle(vr::context<careful>&, const vr::child_failure& m) {
    heard.push_back(m.child.text() + ": " + m.sentence);
  }
  void handle(vr::context<careful>&, const vr::undeliverable& m) {
    heard.push_back(m.message + " to " + m.to.text() + ": " + m.sentence);
  }
};
inline void talker::handle(vr::context<talker>& cx, const leave_word& m) {
  m.to.send<last_word>(cx);
  cx.stop();
  cx.self().send<leave>(cx);
}

struct naive {
  using handles = vr::messages<misdirect>;
  void handle(vr::context<naive>& cx, misdirect m) { vr::actor_ref<leaf>(m.to).send<leave>(cx); }
};

struct stage : by_hand::world {
  vr::instance client{home, vr::label::parse("client")};
  template <class A>
  vr::actor_box<A>& root(const char* name) {
    return vr::detail::spawn_in<A>(home, vr::label::parse(name), nullptr, false);
  }
};

}  // namespace supervision_test

using namespace supervision_test;

TEST_CASE("What failed, and what came back, prints as one sentence") {
  const stage s;
  const vr::actor_id id = s.client.id();
  std::ostringstream out;
  out << vr::mesh_failure{"workers", 3, id, "it threw", {}} << '\n'
      << vr::mesh_failure{"procs", 1, {}, "killed by signal 9", {}} << '\n'
      << vr::child_failure{id, "it threw"} << '\n'
      << vr::undeliverable{id, "leave", 0, "nobody is there"};
  CHECK(out.str() == "rank 3 of workers (" + id.text() +
                         ") failed: it threw\n"
                         "rank 1 of procs failed: killed by signal 9\n" +
                         id.text() + " failed: it threw\nleave to " + id.text() +
                         " came back: nobody is there");
}

TEST_CASE("A child's failure is told to a parent that handles it, and stops there") {
  stage s;
  auto& box = s.root<careful>("p");
  const auto child = s.run<vr::actor_id>(vr::actor_ref<careful>(box.id()).call<have_child>(s.client));
  vr::actor_ref<leaf>(child).send<boom>(s.client);
  s.settle();
  CHECK(box.actor().heard == std::vector<std::string>{child.text() + ": " + child.text() +
                                                      " failed handling supervision_test::boom: bang"});
  CHECK(s.ends().empty());
}

TEST_CASE(
    "A child's failure fails parents that do not handle it, up to the root, with the first cause as it was") {
  stage s;
  const vr::actor_ref<grandparent> top(s.root<grandparent>("top").id());
  const auto middle = s.run<vr::actor_id>(top.call<have_child>(s.client));
  const auto low = s.run<vr::actor_id>(vr::actor_ref<careless>(middle).call<have_child>(s.client));
  const auto sibling = s.run<vr::actor_id>(vr::actor_ref<careless>(middle).call<have_child>(s.client));
  vr::actor_ref<leaf>(low).send<boom>(s.client);
  s.settle();
  REQUIRE(s.end_of("top"));
  CHECK(s.end_of("top")->how == vr::status::failed);
  CHECK(s.end_of("top")->cause == low.text() + " failed handling supervision_test::boom: bang");
  CHECK(s.home.find(sibling.index()) == nullptr);
  CHECK(s.home.living() == 1);
}

TEST_CASE("A child's failure fails an instance that owns it, with the cause") {
  stage s;
  const auto child = s.client.spawn<leaf>();
  child.send<boom>(s.client);
  s.settle();
  CHECK(s.end_of("client")->how == vr::status::failed);
  CHECK(s.end_of("client")->cause == child.id().text() + " failed handling supervision_test::boom: bang");
  CHECK(by_hand::kind_of([&] { child.send<leave>(s.client); }) == vr::errc::inert);
}

TEST_CASE("A clean stop of a child is no failure") {
  stage s;
  auto& box = s.root<careful>("p");
  const auto child = s.run<vr::actor_id>(vr::actor_ref<careful>(box.id()).call<have_child>(s.client));
  vr::actor_ref<leaf>(child).send<leave>(s.client);
  s.settle();
  CHECK(box.actor().heard.empty());
  CHECK(s.home.find(child.index()) == nullptr);
}

TEST_CASE("A parent that fails takes its children with it") {
  stage s;
  const vr::actor_ref<careless> ref(s.root<careless>("p").id());
  const auto child = s.run<vr::actor_id>(ref.call<have_child>(s.client));
  ref.send<boom>(s.client);
  s.settle();
  CHECK(s.end_of("p")->how == vr::status::failed);
  CHECK(s.home.find(child.index()) == nullptr);
}

TEST_CASE(
    "A message to no such actor fails its sender with a sentence, unless the sender handles what comes "
    "back") {
  stage s;
  const auto nobody = vr::actor_id(s.home.id(), vr::label::parse("nobody"), 77);
  auto& told = s.root<careful>("told");
  auto& failed = s.root<naive>("failed");
  const std::string failed_text = failed.id().text();
  vr::actor_ref<careful>(told.id()).send<misdirect>(s.client, nobody);
  vr::actor_ref<naive>(failed.id()).send<misdirect>(s.client, nobody);
  s.settle();
  CHECK(told.actor().heard ==
        std::vector<std::string>{"supervision_test::leave to inproc:1,root,nobody[77]: there is no actor "
                                 "inproc:1,root,nobody[77] (any more) for message supervision_test::leave"});
  REQUIRE(s.end_of("failed"));
  CHECK(s.end_of("failed")->cause ==
        failed_text +
            " sent supervision_test::leave, and there is no actor inproc:1,root,nobody[77] "
            "(any more) for message supervision_test::leave");
}

TEST_CASE("A message that was on its way when its receiver ended is told, and fails nobody") {
  stage s;
  auto& sender = s.root<naive>("sender");
  auto& told = s.root<careful>("told");
  auto& dying = s.root<leaf>("dying");
  const auto id = dying.id();
  vr::actor_ref<naive>(sender.id()).send<misdirect>(s.client, id);
  vr::actor_ref<careful>(told.id()).send<misdirect>(s.client, id);
  vr::actor_ref<leaf>(id).send<leave>(s.client);
  s.settle();
  CHECK(s.end_of("sender") == nullptr);
  CHECK(told.actor().heard ==
        std::vector<std::string>{"supervision_test::leave to inproc:1,root,dying[4]: "
                                 "inproc:1,root,dying[4] was stopped and takes no more messages"});
}

TEST_CASE("A message to an actor of a proc that ends is told, with what ends it, and fails nobody") {
  stage s;
  const auto nobody = vr::actor_id(s.home.id(), vr::label::parse("nobody"), 77);
  auto& naive_one = s.root<naive>("naive");
  auto& told = s.root<careful>("told");
  s.queue.end_because("its process was sent a SIGTERM");
  s.home.begin_end();
  vr::actor_ref<naive>(naive_one.id()).send<misdirect>(s.client, nobody);
  vr::actor_ref<careful>(told.id()).send<misdirect>(s.client, nobody);
  s.settle();
  CHECK(s.end_of("naive") == nullptr);
  CHECK(told.actor().heard ==
        std::vector<std::string>{
            "supervision_test::leave to inproc:1,root,nobody[77]: there is no actor "
            "inproc:1,root,nobody[77] (any more) for message supervision_test::leave: its process was sent "
            "a SIGTERM"});
}

TEST_CASE(
    "An actor that has stopped itself is gone when its handler has returned, whoever sends to it then") {
  stage s;
  auto& sender = s.root<naive>("sender");
  auto& told = s.root<careful>("told");
  auto& dying = s.root<leaf>("dying");
  const auto id = dying.id();
  vr::actor_ref<leaf>(id).send<leave>(s.client);
  vr::actor_ref<naive>(sender.id()).send<misdirect>(s.client, id);
  vr::actor_ref<careful>(told.id()).send<misdirect>(s.client, id);
  s.queue.run(1);
  CHECK(s.end_of("dying")->how == vr::status::stopped);
  s.settle();
  CHECK(s.end_of("sender")->how == vr::status::failed);
  CHECK(told.actor().heard ==
        std::vector<std::string>{"supervision_test::leave to inproc:1,root,dying[4]: there is no actor "
                                 "inproc:1,root,dying[4] (any more) for message supervision_test::leave"});
}

TEST_CASE("An actor that stops itself and then throws has failed, by that") {
  stage s;
  auto& box = s.root<regretful>("regretful");
  const std::string who = box.id().text();
  vr::actor_ref<regretful>(box.id()).send<leave>(s.client);
  s.settle();
  REQUIRE(s.end_of("regretful"));
  CHECK(s.end_of("regretful")->how == vr::status::failed);
  CHECK(s.end_of("regretful")->cause == who + " failed handling supervision_test::leave: after all");
}

TEST_CASE(
    "What an actor sends itself after its own stop comes back, and what it sent others before arrives") {
  stage s;
  auto& parent = s.root<careful>("parent");
  vr::actor_ref<careful>(parent.id()).send<raise>(s.client);
  s.settle();
  CHECK(s.queue.counters().dropped == 1);
  CHECK(parent.actor().heard == std::vector<std::string>{"a last word"});
  CHECK(s.end_of("parent") == nullptr);
  CHECK(s.home.living() == 2);  // the client and the parent
}

TEST_CASE("What comes back to an actor that is stopping is dropped and counted, and goes in no circle") {
  stage s;
  auto& box = s.root<careful>("p");
  vr::actor_ref<careful>(box.id()).send<bury>(s.client);
  std::size_t handled = 0;
  for (int i = 0; i < 20; ++i) handled += s.queue.run(100);
  CHECK(handled < 10);
  CHECK_FALSE(s.queue.has_work());
  CHECK(s.queue.counters().dropped == 3);
  CHECK(s.end_of("p")->how == vr::status::stopped);
}
