#include "viceroy/mesh/mesh_registry.hpp"

#include <doctest/doctest.h>

#include "actors.hpp"
#include "world.hpp"

using namespace mesh_test;
using world::machine;

namespace mesh_registry_test {

bool has(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != text.npos;
  if (!found) MESSAGE("'", text, "' has no '", part, "'");
  return found;
}

struct grow {
  std::uint32_t procs;
};
struct sum {};
struct heard {};
struct hurt {
  std::uint32_t rank;
};
struct regrow {};

// An actor that owns a mesh and deals with its failures.
struct gardener {
  using handles = vr::messages<grow, sum, heard, hurt, regrow>;

  vr::task<void> handle(vr::context<gardener>& cx, grow m) {
    auto made = co_await vr::this_host<app>(cx).spawn_procs(vr::dim("gpus", m.procs));
    procs.emplace(std::move(made));
    auto counters = co_await procs->spawn<counter>(cx, "plants", 1);
    plants.emplace(std::move(counters));
  }
  vr::task<long> handle(vr::context<gardener>& cx, sum) {
    auto values = co_await plants->call<get>(cx);
    long total = 0;
    for (const long v : values) total += v;
    co_return total;
  }
  void handle(vr::context<gardener>& cx, hurt m) { plants->slice("gpus", m.rank).cast<fails>(cx); }
  vr::task<void> handle(vr::context<gardener>& cx, regrow) {
    auto counters = co_await procs->spawn<counter>(cx, "plants", 5);
    plants.emplace(std::move(counters));
  }
  std::vector<std::string> handle(vr::context<gardener>&, heard) { return failures; }
  void handle(vr::context<gardener>&, const vr::mesh_failure& f) {
    failures.push_back(f.mesh + "/" + std::to_string(f.rank) + (f.actor.empty() ? ": " : " actor: ") +
                       f.sentence);
    const bool of_plants = f.id == plants->id() && f.id != procs->id();
    const bool of_procs = f.id == procs->id() && f.id != plants->id();
    CHECK((f.mesh == "plants" ? of_plants : of_procs));
  }

  std::optional<vr::proc_mesh<app>> procs;
  std::optional<vr::actor_mesh<counter>> plants;
  std::vector<std::string> failures;
};

vr::actor_ref<gardener> plant(machine& m) {
  return vr::actor_ref<gardener>(
      vr::detail::spawn_in<gardener>(*m.home, vr::label::parse("gardener"), nullptr, false).id());
}

vr::task<void> an_actor_fails(machine& m, vr::instance& cx) {
  const auto g = plant(m);
  co_await g.call<grow>(cx, 3u);
  long total = co_await g.call<sum>(cx);
  CHECK(total == 3);
  co_await g.call<hurt>(cx, 1u);
  std::string text;
  try {
    co_await g.call<sum>(cx);
  } catch (const vr::error& e) {
    text = e.sentence();
  }
  CHECK(has(text, "rank 1 of plants"));
  auto failures = co_await g.call<heard>(cx);
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].find("plants/1 actor: ") == 0);
  CHECK(has(failures[0], "it fails"));
  // Its owner has dealt with it: the proc makes actors again.
  co_await g.call<regrow>(cx);
  total = co_await g.call<sum>(cx);
  CHECK(total == 15);
}

vr::task<void> a_process_dies(machine& m, vr::instance& cx) {
  const auto g = plant(m);
  co_await g.call<grow>(cx, 2u);
  auto* const box = m.home->find(vr::label::parse("gardener"));
  auto& actor = static_cast<vr::actor_box<gardener>*>(box)->actor();
  auto waiting = actor.plants->slice("gpus", 1).call_one<sleeps>(cx);
  world::kill(m, actor.procs->values()[1]);
  try {
    co_await std::move(waiting);
  } catch (const vr::error&) {
  }
  auto failures = co_await g.call<heard>(cx);
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].find("procs/1: rank 1: process") == 0);
  CHECK(failures[1].find("plants/1: rank 1: process") == 0);
  CHECK(has(failures[1], "was killed by signal 9 (SIGKILL)"));
  auto rest = co_await actor.plants->slice("gpus", 0).call_one<get>(cx);
  CHECK(rest == 1);
}

vr::task<void> a_host_dies(machine& m, vr::instance& cx, std::vector<std::string>& sentences) {
  auto hosts = co_await vr::host_mesh<app>::allocate(cx, m.allocate(vr::dim("hosts", 2)), "test");
  auto procs = co_await hosts.spawn(cx, "p", vr::dim("gpus", 2));
  auto counters = co_await procs.spawn<counter>(cx, "c", 1);
  auto waiting = counters.call<sleeps>(cx);
  world::kill(m, hosts.values()[1].proc());
  try {
    co_await std::move(waiting);
  } catch (const vr::error& e) {
    sentences.push_back(e.sentence());
  }
}

vr::task<void> it_stops_itself(machine& m, vr::instance& cx) {
  auto procs = co_await vr::this_host<app>(cx).spawn_procs(vr::dim("gpus", 2));
  auto counters = co_await procs.spawn<counter>(cx, "c", 1);
  co_await counters.slice("gpus", 1).call_one<stops>(cx);
  co_await counters.slice("gpus", 0).call_one<get>(cx);
  co_await counters.slice("gpus", 0).call_one<get>(cx);
  CHECK_THROWS_WITH_AS(counters.cast<add>(cx, 1),
                       "mesh_test::add was not sent to c: rank 1 is gone: it has stopped", vr::error);
  CHECK(m.root->failures.empty());
}

vr::task<void> nobody_deals_with_it(machine&, vr::instance& cx) {
  auto procs = co_await vr::this_host<app>(cx).spawn_procs(vr::dim("gpus", 2));
  auto counters = co_await procs.spawn<counter>(cx, "c", 1);
  counters.slice("gpus", 1).cast<fails>(cx);
  auto [port, inbox] = cx.open_port<int>();
  try {
    co_await vr::within(std::chrono::milliseconds(50), inbox.recv());
  } catch (const vr::error&) {
  }
}

void in_both_worlds(vr::task<void> (*f)(machine&, vr::instance&)) {
  for (const bool encoded : {false, true}) {
    CAPTURE(encoded);
    machine m(vr::remote<app>::table, encoded);
    CHECK(m.fails(f(m, *m.client)) == "");
    m.settle();
    for (const auto& each : m.root->failures) FAIL_CHECK(each);
  }
}

}  // namespace mesh_registry_test

using namespace mesh_registry_test;

TEST_CASE("an owner that handles mesh_failure hears which actor failed, and goes on") {
  in_both_worlds(an_actor_fails);
}
TEST_CASE("a process that dies fails its proc and its actor, to their owner, with one cause") {
  in_both_worlds(a_process_dies);
}
TEST_CASE("an actor that stops itself is no failure, and is not cast to any more") {
  in_both_worlds(it_stops_itself);
}

TEST_CASE("a host that dies takes what stood on it, and the root hears of it first") {
  machine m(vr::remote<app>::table, false);
  std::vector<std::string> sentences;
  CHECK(m.fails(a_host_dies(m, *m.client, sentences)) == "");
  m.settle();
  REQUIRE(sentences.size() == 1);
  CHECK(sentences[0].find("rank 2 of c has no answer to mesh_test::sleeps: rank 1: process 1002") == 0);
  REQUIRE(m.root->failures.size() == 5);
  CHECK(m.root->failures[0].find("rank 1 of test failed: rank 1: process 1002 (proc alloc1) was killed") ==
        0);
  CHECK(m.root->failures[1].find("rank 2 of p failed: rank 1: process 1002") == 0);
  CHECK(m.root->failures[4].find("rank 3 of c failed: rank 1: process 1002") == 0);
  CHECK(m.living() == 1);
}

TEST_CASE("a failure that nobody deals with reaches the root") {
  machine m(vr::remote<app>::table, true);
  CHECK(m.fails(nobody_deals_with_it(m, *m.client)) == "");
  REQUIRE(m.root->failures.size() == 1);
  CHECK(m.root->failures[0].find("rank 1 of c failed: ") == 0);
  CHECK(has(m.root->failures[0], "it fails"));
}
