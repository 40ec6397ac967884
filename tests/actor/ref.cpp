#include "viceroy/actor/ref.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace ref_test {

struct asker;
struct keeper;

// Messages that hold refs to actors which are incomplete here.
struct introduce {
  vr::actor_ref<asker> who;
  std::vector<vr::actor_ref<keeper>> others;
};
struct put {
  std::string key;
  long value;
};
struct get {
  std::string key;
};
struct point_at {
  double x, y;
};
// A message that contains itself.
struct tree {
  int value;
  std::vector<tree> children;
};
struct sum {
  tree root;
};
struct move_only {
  using local = std::true_type;
  std::unique_ptr<int> n;
};
struct unknown {
  int n;
};

struct keeper {
  using handles = vr::messages<introduce, put, get, sum, move_only, point_at>;
  std::map<std::string, long> values;
  std::vector<std::string> order;
  vr::actor_ref<asker> friend_of;

  void handle(vr::context<keeper>& cx, introduce m);
  void handle(vr::context<keeper>&, const put& m) {
    values[m.key] = m.value;
    order.push_back(m.key);
  }
  long handle(vr::context<keeper>&, const get& m) { return values[m.key]; }
  int handle(vr::context<keeper>&, const sum& m) { return total(m.root); }
  int handle(vr::context<keeper>&, move_only m) { return *m.n; }
  double handle(vr::context<keeper>&, point_at m) { return m.x + m.y; }

  static int total(const tree& t) {
    int n = t.value;
    for (const auto& each : t.children) n += total(each);
    return n;
  }
};

struct hello {
  vr::actor_ref<keeper> from;
};
struct asker {
  using handles = vr::messages<hello>;
  std::vector<vr::actor_id> met;
  vr::actor_id handle(vr::context<asker>& cx, hello m) {
    met.push_back(m.from.id());
    return cx.self().id();
  }
};

void keeper::handle(vr::context<keeper>& cx, introduce m) {
  friend_of = m.who;
  m.who.send<hello>(cx, cx.self());
}

struct stage : by_hand::world {
  vr::instance client{home, vr::label::parse("client")};
  vr::actor_box<keeper>& box = vr::detail::spawn_in<keeper>(home, vr::label::parse("k"), nullptr, false);
  vr::actor_ref<keeper> ref{box.id()};
};

// Whether a verb is there for these arguments: its rejection is visible to SFINAE.
template <class A, class M, class... F>
concept can_send = requires(const vr::actor_ref<A>& r, vr::instance& cx, F&&... f) {
  r.template send<M>(cx, std::forward<F>(f)...);
};
template <class A, class M>
concept can_send_whole =
    requires(const vr::actor_ref<A>& r, vr::instance& cx, M&& m) { r.send(cx, std::forward<M>(m)); };
template <class A, class M, class... F>
concept can_call = requires(const vr::actor_ref<A>& r, vr::instance& cx, F&&... f) {
  { r.template call<M>(cx, std::forward<F>(f)...) } -> std::same_as<vr::answer<vr::handler_result<A, M>>>;
};
template <class A, class M>
concept can_call_whole = requires(const vr::actor_ref<A>& r, vr::instance& cx, M&& m) {
  r.call(cx, std::forward<M>(m)).then([](auto&&) {});
};

static_assert(can_send<keeper, put, const char*, int>);
static_assert(can_send<keeper, put, std::string>);  // what is left out is value-initialised
static_assert(!can_send<keeper, put, int, const char*>);
static_assert(!can_send<keeper, put, const char*, int, int>);
static_assert(!can_send<keeper, unknown, int>);
static_assert(!can_send<asker, put, const char*, int>);
static_assert(can_send<keeper, move_only, std::unique_ptr<int>>);
static_assert(!can_send<keeper, move_only, const std::unique_ptr<int>&>);
static_assert(can_send_whole<keeper, put>);
static_assert(can_send_whole<keeper, const put&>);
static_assert(can_send_whole<keeper, put&>);
static_assert(!can_send_whole<keeper, unknown>);
static_assert(can_call<keeper, get, const char*>);
static_assert(!can_call<keeper, get, int*>);
static_assert(!can_call<keeper, get, const char*, int>);
static_assert(!can_call<keeper, hello, vr::actor_ref<keeper>>);
static_assert(can_call_whole<keeper, const get&>);
static_assert(can_call_whole<keeper, get&>);
static_assert(can_call_whole<keeper, point_at>);  // trivially destructible: destroyed as often as you like
#if defined(__clang__) || __GNUC__ >= 13
static_assert(can_call_whole<keeper, get>);
#else
static_assert(!can_call_whole<keeper, get>);
static_assert(!can_call_whole<keeper, move_only>);
#endif

}  // namespace ref_test

using namespace ref_test;

TEST_CASE("Messages from one sender arrive in the order sent, whichever verb sent them") {
  stage s;
  std::vector<std::string> sent;
  for (int i = 0; i < 500; ++i) {
    sent.push_back(std::to_string(i));
    if (i % 3 == 0) {
      s.ref.send<put>(s.client, sent.back(), i);
    } else if (i % 3 == 1) {
      const put m{sent.back(), i};
      s.ref.send(s.client, m);
    } else {
      s.ref.call<put>(s.client, sent.back(), i).then([] {});
    }
    if (i % 50 == 0) s.queue.run(7);
  }
  s.settle();
  CHECK(s.box.actor().order == sent);
}

TEST_CASE("A message that exists already is copied or moved, and read as it was sent") {
  stage s;
  put m{"key", 5};
  s.ref.send(s.client, m);
  CHECK(m.key == "key");
  m.value = 6;
  s.ref.send(s.client, std::move(m));
  CHECK(s.run<long>(s.ref.call<get>(s.client, "key")) == 6);
  const get question{"key"};
  CHECK(s.run<long>(s.ref.call(s.client, question)) == 6);
}

TEST_CASE("A message that can only be moved reaches its handler") {
  stage s;
  CHECK(s.run<int>(s.ref.call<move_only>(s.client, std::make_unique<int>(8))) == 8);
}

TEST_CASE("Messages hold refs to actors that are incomplete where the message is defined") {
  stage s;
  auto& asked = vr::detail::spawn_in<asker>(s.home, vr::label::parse("a"), nullptr, false);
  s.ref.send<introduce>(s.client, vr::actor_ref<asker>(asked.id()), std::vector{s.ref});
  s.settle();
  REQUIRE(asked.actor().met.size() == 1);
  CHECK(asked.actor().met.front() == s.ref.id());
}

TEST_CASE("A message may contain itself") {
  stage s;
  const tree t{1, {{2, {}}, {3, {{4, {}}, {5, {}}}}}};
  CHECK(s.run<int>(s.ref.call<sum>(s.client, t)) == 15);
}

TEST_CASE("Fields are converted as a call converts them") {
  stage s;
  CHECK(s.run<double>(s.ref.call<point_at>(s.client, 1, 2.5f)) == doctest::Approx(3.5));
}

TEST_CASE("A ref is a value: compared, hashed, printed") {
  stage s;
  const vr::actor_ref<keeper> none, same(s.ref.id());
  CHECK(none.empty());
  CHECK(none != s.ref);
  CHECK(same == s.ref);
  CHECK(none < s.ref);
  std::ostringstream out;
  out << s.ref;
  CHECK(out.str() == "inproc:1,root,k[2]");
  CHECK(std::unordered_set<vr::actor_ref<keeper>>{same, s.ref, none}.size() == 2);
}

TEST_CASE("An empty ref says what to do when something is sent to it") {
  stage s;
  const vr::actor_ref<keeper> none;
  CHECK(by_hand::kind_of([&] { none.send<get>(s.client, "x"); }) == vr::errc::inert);
  CHECK(by_hand::kind_of([&] { auto a = none.call<get>(s.client, "x"); }) == vr::errc::inert);
  CHECK(s.client.box().waiting_bytes() == 0);
}

TEST_CASE("A ref of the wrong actor type is refused, not obeyed") {
  stage s;
  const vr::actor_ref<asker> wrong(s.ref.id());
  CHECK(s.failure<vr::actor_id>(wrong.call<hello>(s.client, s.ref)) ==
        "inproc:1,root,k[2] (a ref_test::keeper) does not handle ref_test::hello");
  const vr::actor_ref<keeper> instance(s.client.id());
  CHECK(s.failure<long>(instance.call<get>(s.client, "x")) ==
        "inproc:1,root,client[1] (an instance) does not handle ref_test::get");
}

TEST_CASE("The port of a handler takes its message from those who do not know the actor") {
  stage s;
  const vr::port_ref<put> port = s.ref.port<put>();
  port.send(s.client, "by port", 9);
  CHECK(s.run<long>(s.ref.call<get>(s.client, "by port")) == 9);
}

TEST_CASE("What is for another process goes to the router, with all that the wire needs") {
  stage s;
  const auto far = vr::actor_id::parse("inproc:2,there,k[3.1]");
  vr::actor_ref<keeper>(far).send<put>(s.client, "k", 1);
  auto answer = vr::actor_ref<keeper>(far).call<get>(s.client, "k");
  REQUIRE(s.roads.letters.size() == 2);
  const auto& e = s.roads.letters[1].header;
  CHECK(e.to == far);
  CHECK(e.from == s.client.id());
  CHECK(e.port == vr::type_id<get>());
  CHECK(e.type == vr::type_id<get>());
  CHECK(e.reply != 0);
  CHECK(s.roads.letters[0].header.reply == 0);
  CHECK(s.roads.letters[0].name == "ref_test::put");
  CHECK(by_hand::kind_of([&] {
          vr::actor_ref<keeper>(far).send<move_only>(s.client, std::make_unique<int>(1));
        }) == vr::errc::no_such_handler);
}
