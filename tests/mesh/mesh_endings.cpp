#include "viceroy/mesh/mesh_endings.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <utility>

#include "actors.hpp"
#include "viceroy/base/when.hpp"
#include "world.hpp"

using namespace mesh_test;
using world::fate;
using world::machine;

namespace {

using namespace std::chrono_literals;

bool has(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != text.npos;
  if (!found) MESSAGE("'", text, "' has no '", part, "'");
  return found;
}

vr::task<void> twice(machine& m, vr::instance& cx) {
  auto hosts = co_await vr::host_mesh<app>::allocate(cx, m.allocate(vr::dim("hosts", 2)), "test");
  auto procs = co_await hosts.spawn(cx, "p", vr::dim("gpus", 2));
  auto counters = co_await procs.spawn<counter>(cx, "c", 1);
  auto waiting = counters.call<sleeps>(cx);
  co_await vr::when_all(hosts.shutdown(cx), hosts.shutdown(cx));
  CHECK(m.living() == 1);
  co_await hosts.shutdown(cx);
  try {
    co_await std::move(waiting);
    FAIL_CHECK("what was shut down does not answer");
  } catch (const vr::error& e) {
    CHECK(has(e.sentence(), "of c has no answer to mesh_test::sleeps: "));
  }
  CHECK_THROWS_WITH_AS(counters.cast<add>(cx, 1), doctest::Contains("was shut down, and actor mesh c-"),
                       vr::error);
  CHECK_THROWS_AS(static_cast<void>(counters.call<get>(cx)), vr::error);
  co_await counters.stop(cx);
  co_await procs.stop(cx);
  try {
    co_await procs.spawn<counter>(cx, "d", 1);
    FAIL_CHECK("a proc that is gone makes no actors");
  } catch (const vr::error& e) {
    CHECK(e.kind() == vr::errc::inert);
  }
}

vr::task<void> unyielding(machine& m, vr::instance& cx) {
  auto hosts = co_await vr::host_mesh<app>::allocate(cx, m.allocate(vr::extent()), "test");
  auto procs = co_await hosts.spawn(cx, "p", vr::dim("gpus", 3));
  co_await hosts.shutdown(cx);
}

// An allocation one of whose processes ends badly when all else is over.
class grudging final : public vr::allocation {
 public:
  explicit grudging(std::unique_ptr<vr::allocation> inner) : inner_(std::move(inner)) {}
  const vr::extent& extent() const override { return inner_->extent(); }
  vr::transport transport() const override { return inner_->transport(); }
  vr::task<vr::alloc_event> next() override { return inner_->next(); }
  vr::task<void> stop() override {
    co_await inner_->stop();
    throw vr::error(vr::errc::system, "rank 0 was killed by signal 15 (SIGTERM)");
  }

 private:
  std::unique_ptr<vr::allocation> inner_;
};

vr::task<void> moved(machine& m, vr::instance& cx) {
  auto hosts = co_await vr::host_mesh<app>::allocate(cx, m.allocate(vr::extent()), "test");
  auto procs = co_await hosts.spawn(cx, "p", vr::dim("gpus", 2));
  {
    auto counters = co_await procs.spawn<counter>(cx, "c", 1);
    auto values = counters.call<get>(cx);
    auto elsewhere = std::move(counters);
    CHECK(counters.empty());
    co_await std::move(values);
    auto late = elsewhere.stop(cx);
    const auto nobody = std::move(elsewhere);
    co_await std::move(late);
  }
  {
    auto again = co_await procs.spawn<counter>(cx, "c", 2);  // the same name is another mesh
    auto values = co_await again.call<get>(cx);
    CHECK(values[1] == 2);
    again = co_await procs.spawn<counter>(cx, "c", 3);
    values = co_await again.call<get>(cx);
    CHECK(values[1] == 3);
  }
  auto first = co_await hosts.spawn(cx, "q", vr::dim("gpus", 1));
  CHECK(m.living() == 5);
  first = co_await hosts.spawn(cx, "r", vr::dim("gpus", 1));
}

vr::task<void> left_alone(machine& m, vr::instance& cx, std::size_t& alive) {
  auto hosts = co_await vr::host_mesh<app>::allocate(cx, m.allocate(vr::extent()), "test");
  auto procs = co_await hosts.spawn(cx, "p", vr::dim("gpus", 2));
  auto counters = co_await procs.spawn<counter>(cx, "c", 1);
  alive = m.living();
}

}  // namespace

TEST_CASE("a shutdown ends everything, a second one joins it, and handles say that they are inert") {
  for (const bool encoded : {false, true}) {
    machine m(vr::remote<app>::table, encoded);
    CHECK(m.fails(twice(m, *m.client)) == "");
    m.run_dry();
    CHECK(m.root->holds.empty());
    for (const auto& each : m.root->failures) FAIL_CHECK(each);
  }
}

TEST_CASE("a shutdown says what could not be stopped") {
  machine m(vr::remote<app>::table, false);
  m.plan = [](const vr::launch_request& r) {
    return r.mode == vr::bootstrap_mode::proc && r.rank == 1 ? fate::cannot_be_killed : fate::runs;
  };
  const std::string text = m.fails(unyielding(m, *m.client));
  CHECK(text.find("shutting host mesh test-") == 0);
  CHECK(has(text, "has not ended 10 s after SIGKILL"));
  CHECK(m.root->holds.empty());
}

TEST_CASE("a shutdown whose allocation fails at the end names the mesh that it shuts down, too") {
  machine m(vr::remote<app>::table, false);
  const auto work = [](machine& where, vr::instance& cx) -> vr::task<void> {
    auto hosts = co_await vr::host_mesh<app>::allocate(cx, grudging(where.allocate(vr::extent())), "test");
    co_await hosts.shutdown(cx);
  };
  const std::string text = m.fails(work(m, *m.client));
  CHECK_MESSAGE(text.find("shutting host mesh test-") == 0, text);
  CHECK(has(text, "down: rank 0 was killed by signal 15 (SIGTERM)"));
}

TEST_CASE("verbs outlive the handle's move, and a handle that is overwritten lets go") {
  for (const bool encoded : {false, true}) {
    machine m(vr::remote<app>::table, encoded);
    CHECK(m.fails(moved(m, *m.client)) == "");
    m.run_dry();
    CHECK(m.living() == 1);
    CHECK(m.root->holds.empty());
    for (const auto& each : m.root->failures) FAIL_CHECK(each);
  }
}

TEST_CASE("handles that go stop what they own in the background, which holds the runtime's end up") {
  machine m(vr::remote<app>::table, true);
  std::size_t alive = 0;
  CHECK(m.fails(left_alone(m, *m.client, alive)) == "");
  CHECK(alive == 4);
  CHECK(m.root->holds.size() >= 1);
  m.settle();
  CHECK(m.living() == 1);
  CHECK(m.root->holds.empty());
}

TEST_CASE("an ending whose waiter is dropped goes on") {
  for (int steps = 0; steps < 60; steps += 4) {
    CAPTURE(steps);
    machine m(vr::remote<app>::table, steps % 8 == 0);
    std::optional<vr::host_mesh<app>> hosts;
    auto up = [](machine& w, std::optional<vr::host_mesh<app>>& to) -> vr::task<void> {
      auto made = co_await vr::host_mesh<app>::allocate(*w.client, w.allocate(vr::dim("hosts", 2)), "test");
      to.emplace(std::move(made));
    };
    REQUIRE(m.fails(up(m, hosts)) == "");
    {
      auto run = vr::running::start<void>(hosts->shutdown(*m.client), [](vr::outcome<void>) {});
      for (int i = 0; i != steps; ++i) m.clock.turn_now(m.queue);
    }
    m.settle();
    CHECK(m.living() == 1);
    CHECK(m.root->holds.empty());
  }
}

TEST_CASE("a handle that outlives its runtime does nothing") {
  std::optional<vr::host_mesh<app>> hosts;
  {
    machine m(vr::remote<app>::table, false);
    auto up = [](machine& w, std::optional<vr::host_mesh<app>>& to) -> vr::task<void> {
      auto made = co_await vr::host_mesh<app>::allocate(*w.client, w.allocate(vr::extent()), "test");
      to.emplace(std::move(made));
    };
    REQUIRE(m.fails(up(m, hosts)) == "");
  }
  hosts.reset();
}
