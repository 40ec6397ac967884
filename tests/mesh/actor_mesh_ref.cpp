#include "viceroy/mesh/actor_mesh_ref.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "actors.hpp"
#include "world.hpp"

using namespace mesh_test;
using world::machine;

namespace {

// A mesh of counters over hosts {rows=2} and procs {gpus=3}, and what a test does with it.
template <class F>
vr::task<void> with_counters(machine& m, F f) {
  vr::instance& cx = *m.client;
  auto hosts = co_await vr::host_mesh<app>::allocate(cx, m.allocate(vr::extent(vr::dim("rows", 2))), "hosts");
  auto procs = co_await hosts.spawn(cx, "procs", vr::dim("gpus", 3));
  auto counters = co_await procs.template spawn<counter>(cx, "counter", 1);
  co_await f(cx, counters);
  co_await hosts.shutdown(cx);
}

template <class F>
void in_both_worlds(F f) {
  for (const bool encoded : {false, true}) {
    CAPTURE(encoded);
    machine m(vr::remote<app>::table, encoded);
    auto body = [&](vr::instance& cx, vr::actor_mesh<counter>& c) { return f(m, cx, c); };
    CHECK(m.fails(with_counters(m, body)) == "");
    m.settle();
    CHECK(m.living() == 1);
    for (const std::string& each : m.root->failures) FAIL_CHECK(each);
  }
}

vr::task<void> everyday(machine&, vr::instance& cx, vr::actor_mesh<counter>& c) {
  CHECK(c.extent().text() == "{rows=2, gpus=3}");
  CHECK(c.name() == "counter");
  CHECK(c.values().size() == 6);
  c.cast<add>(cx, 5);
  auto values = co_await c.call<get>(cx);
  CHECK(values.extent() == c.extent());
  CHECK(c.size() == values.size());
  for (const long v : values) CHECK(v == 6);
  const add more{4};
  c.slice("rows", 1).cast(cx, more);
  long one = co_await c.slice("rows", 1).slice("gpus", 2).call_one<get>(cx);
  CHECK(one == 10);
  one = co_await c.slice("rows", 0).slice("gpus", 2).call_one<get>(cx);
  CHECK(one == 6);
  co_await c.call<add>(cx, 1);
  auto sum = co_await c.slice("gpus", vr::range(0, 3, 2)).call<get>(cx);
  CHECK(sum.values() == std::vector<long>{7, 7, 11, 11});
}

vr::task<void> points(machine&, vr::instance& cx, vr::actor_mesh<counter>& c) {
  auto all = co_await c.call<where>(cx);
  for (std::size_t r = 0; r != 6; ++r)
    CHECK(all[r] == c.extent().point_of(r).text() + "#" + std::to_string(r));
  auto part = co_await c.slice("gpus", 2).call<where>(cx);
  CHECK(part.values() == std::vector<std::string>{"{rows=0/2}#0", "{rows=1/2}#1"});
  std::string one = co_await c.slice("gpus", 2).slice("rows", 1).call_one<where>(cx);
  CHECK(one == "{}#0");
}

vr::task<void> payloads(machine& m, vr::instance& cx, vr::actor_mesh<counter>& c) {
  const std::string long_text(1000, 'x');
  m.encodings.clear();
  m.posted = 0;
  c.cast<text>(cx, long_text);
  CHECK(m.encodings.size() == (m.encoded() ? 1 : 0));
  CHECK(m.posted == (m.encoded() ? 6 : 0));
  auto read = co_await c.call<reads>(cx);
  for (const std::string& each : read) CHECK(each == long_text);
  // What all receivers here read is one object; who takes it by value has a copy of its own.
  std::set<const text*> seen;
  if (!m.encoded()) {
    for (const auto& r : c.values()) {
      auto* const home = static_cast<vr::directory*>(r.id().proc().home());
      seen.insert(static_cast<vr::actor_box<counter>*>(home->find(r.id().index()))->actor().last);
    }
    CHECK(seen.size() == 1);
  }
  c.cast<takes>(cx, "taken");
  auto taken = co_await c.call<reads>(cx);
  for (const std::string& each : taken) CHECK(each == "taken");
}

vr::task<void> turns(machine&, vr::instance& cx, vr::actor_mesh<counter>& c) {
  for (int i = 0; i != 12; ++i) co_await c.choose<add>(cx, 1);
  auto values = co_await c.call<get>(cx);
  for (const long v : values) CHECK(v == 3);
}

vr::task<void> wrong_sizes(machine&, vr::instance& cx, vr::actor_mesh<counter>& c) {
  CHECK_THROWS_WITH_AS(
      static_cast<void>(c.call_one<get>(cx)),
      "call_one is for a mesh of one rank, and counter{rows=2, gpus=3} has 6; take a slice of one, or "
      "use call or choose",
      vr::error);
  CHECK_THROWS_WITH_AS(static_cast<void>(c.slice("gpus", 3)),
                       "index 3 is outside dimension 'gpus', which has size 3", vr::error);
  CHECK_THROWS_AS(static_cast<void>(c.slice("disks", 0)), vr::error);
  const vr::actor_mesh_ref<counter> none;
  CHECK_THROWS_WITH_AS(none.cast<add>(cx, 1), "an empty mesh was used (it was moved from, or never spawned)",
                       vr::error);
  CHECK(none.values().empty());
  co_return;
}

vr::task<void> local_messages(machine& m, vr::instance& cx, vr::actor_mesh<counter>& c) {
  if (m.encoded()) {
    CHECK_THROWS_AS(c.cast<secret>(cx, 1), vr::error);
    co_return;
  }
  c.cast<secret>(cx, 1);
  auto values = co_await c.call<get>(cx);
  for (const long v : values) CHECK(v == 2);
}

struct letter {
  vr::actor_mesh_ref<counter> to;
};

vr::task<void> letters(machine&, vr::instance& cx, vr::actor_mesh<counter>& c) {
  // A slice of a slice that went over the wire twice is still where it was.
  const vr::actor_mesh_ref<counter> part = c.slice("gpus", vr::range(1, 3));
  auto first = vr::decode_message<letter>(vr::encode_message(letter{part}));
  REQUIRE(first);
  CHECK(first->to == part);
  CHECK(first->to.name() == "counter");
  CHECK(first->to.id() == c.id());
  auto second = vr::decode_message<letter>(vr::encode_message(letter{first->to.slice("gpus", 1)}));
  REQUIRE(second);
  CHECK(second->to == c.slice("gpus", 2));
  second->to.cast<add>(cx, 10);
  auto values = co_await c.call<get>(cx);
  CHECK(values.values() == std::vector<long>{1, 1, 11, 1, 1, 11});
  auto rank = co_await second->to.call<where>(cx);
  CHECK(rank[1] == "{rows=1/2}#1");
  auto silent = vr::within(std::chrono::milliseconds(5), second->to.call<sleeps>(cx));
  try {
    co_await std::move(silent);
    FAIL_CHECK("nobody answers sleeps");
  } catch (const vr::error& e) {
    CHECK(e.sentence() == "ranks 2, 5 of counter did not answer mesh_test::sleeps within 5 ms");
  }
}

}  // namespace

TEST_CASE("casts reach every rank in order, calls gather one value per rank") { in_both_worlds(everyday); }
TEST_CASE("every receiver knows its rank and point in the slice that was cast to") { in_both_worlds(points); }
TEST_CASE("a cast's payload is shared here and encoded once for elsewhere") { in_both_worlds(payloads); }
TEST_CASE("choose takes one rank after the other") { in_both_worlds(turns); }
TEST_CASE("what a mesh has not, it says with sizes") { in_both_worlds(wrong_sizes); }
TEST_CASE("a local message reaches a mesh of this process, and no other") { in_both_worlds(local_messages); }
TEST_CASE("a slice that is sent stays the part that it was") { in_both_worlds(letters); }

TEST_CASE("an empty ref and hostile bytes") {
  auto none = vr::decode_message<letter>(vr::encode_message(letter{}));
  REQUIRE(none);
  CHECK(none->to.empty());
  std::ostringstream out;
  out << none->to;
  CHECK(out.str().empty());

  // More ranks than bytes: refused before anything is allocated for them.
  std::vector<std::byte> body;
  {
    vr::writer w(body);
    vr::codec<vr::label>::encode(w, vr::label::parse("big"));
    vr::detail::put_text(w, "big");
    vr::codec<vr::region>::encode(w, vr::region(vr::extent(vr::dim("gpus", 1'000'000'000'000))));
  }
  vr::reader in{std::span<const std::byte>(body)};
  vr::actor_mesh_ref<counter> big;
  CHECK_FALSE(vr::decode(in, big));
  CHECK(big.empty());
}

TEST_CASE("a call that cannot leave names the message and whom it was for") {
  machine m(vr::remote<app>::table, true);
  const auto nowhere = vr::actor_id::parse("unix:@nowhere,elsewhere,counter[1]");
  const auto asks = [&]() -> vr::task<long> {
    co_return co_await vr::actor_ref<counter>(nowhere).call<get>(*m.client);
  };
  CHECK(m.fails(asks()) ==
        "no answer to mesh_test::get from unix:@nowhere,elsewhere,counter[1]: unix:@nowhere,elsewhere cannot "
        "be reached");
}
