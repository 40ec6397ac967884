#include "viceroy/mesh/gather.hpp"

#include <doctest/doctest.h>

#include "actors.hpp"
#include "world.hpp"

using namespace mesh_test;
using world::machine;

namespace {

using namespace std::chrono_literals;

// A mesh of counters {gpus=4} and what a test does with it. The hosts are shut down, whatever it throws.
template <class F>
vr::task<void> with_counters(machine& m, F f) {
  vr::instance& cx = *m.client;
  auto hosts = co_await vr::host_mesh<app>::allocate(cx, m.allocate(vr::extent()), "hosts");
  auto procs = co_await hosts.spawn(cx, "procs", vr::dim("gpus", 4));
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
  }
}

template <class T>
vr::task<std::string> failure_of(vr::answer<T> a) {
  try {
    co_await std::move(a);
  } catch (const vr::error& e) {
    co_return e.sentence();
  }
  co_return "";
}

bool has(const std::string& text, const char* part) {
  const bool found = text.find(part) != text.npos;
  if (!found) MESSAGE("'", text, "' has no '", part, "'");
  return found;
}

vr::task<void> throws(machine&, vr::instance& cx, vr::actor_mesh<counter>& c) {
  std::string text = co_await failure_of(c.call<boom>(cx, 2u));
  CHECK(text.find("rank 2 of counter has no answer to mesh_test::boom: ") == 0);
  CHECK(has(text, "boom"));
  CHECK(has(text, std::string(c.values()[2].id().text()).c_str()));
  text = co_await failure_of(c.slice("gpus", 3).call_one<boom>(cx, 0u));
  CHECK(has(text, "boom"));
  auto fine = co_await c.call<boom>(cx, 9u);
  CHECK(fine.values() == std::vector<std::uint32_t>{0, 1, 2, 3});
}

vr::task<void> silence(machine& m, vr::instance& cx, vr::actor_mesh<counter>& c) {
  std::string text = co_await failure_of(vr::within(20ms, c.call<sleeps>(cx)));
  CHECK(text == "ranks 0-3 of counter did not answer mesh_test::sleeps within 20 ms");
  m.limits.call = 3s;
  text = co_await failure_of(c.slice("gpus", vr::range(1, 4, 2)).call<get>(cx));
  CHECK(text == "ranks 1, 3 of counter did not answer mesh_test::get within 3 s");
}

vr::task<void> death(machine& m, vr::instance& cx, vr::actor_mesh<counter>& c) {
  auto before = m.clock.now();
  auto waiting = c.call<sleeps>(cx);
  auto one = c.slice("gpus", 2).call_one<sleeps>(cx);
  auto other = c.slice("gpus", 1).call_one<sleeps>(cx);
  world::kill(m, c.values()[2].id().proc());
  std::string text = co_await failure_of(std::move(waiting));
  CHECK(text.find("rank 2 of counter has no answer to mesh_test::sleeps: rank 2: process ") == 0);
  CHECK(has(text, "was killed by signal 9 (SIGKILL)"));
  text = co_await failure_of(std::move(one));
  CHECK(has(text, "was killed by signal 9 (SIGKILL)"));
  CHECK(m.clock.now() == before);  // at once, and not after a limit
  text = co_await failure_of(vr::within(5ms, std::move(other)));
  CHECK(has(text, "within 5 ms"));

  // From now on it is refused, and the rest goes on.
  CHECK_THROWS_WITH_AS(
      c.cast<add>(cx, 1),
      doctest::Contains("mesh_test::add was not sent to counter: rank 2 is gone: rank 2: process"),
      vr::error);
  text = co_await failure_of(c.call<get>(cx));
  CHECK(text.find("mesh_test::get was not sent to counter: rank 2 is gone") == 0);
  text = co_await failure_of(c.slice("gpus", 2).call_one<get>(cx));
  CHECK(has(text, "was killed by signal 9"));
  auto rest = c.slice("gpus", vr::range(0, 4, 3));
  rest.cast<add>(cx, 1);
  auto waits = co_await failure_of(vr::within(5ms, rest.call<get>(cx)));
  CHECK(waits == "ranks 0, 3 of counter did not answer mesh_test::get within 5 ms");  // they sleep
  REQUIRE(m.root->failures.size() >= 1);
  CHECK(m.root->failures[0].find("rank 2 of procs failed: rank 2: process") == 0);
}

vr::task<void> chosen(machine& m, vr::instance& cx, vr::actor_mesh<counter>& c) {
  auto waiting = c.slice("gpus", 1).call_one<sleeps>(cx);
  world::kill(m, c.values()[1].id().proc());
  static_cast<void>(co_await failure_of(std::move(waiting)));
  for (int i = 0; i != 8; ++i) co_await c.choose<add>(cx, 1);
  auto left = co_await c.slice("gpus", vr::range(2, 4)).call<get>(cx);
  CHECK(left[0] + left[1] > 2);
}

vr::task<void> dropped(machine& m, vr::instance& cx, vr::actor_mesh<counter>& c) {
  co_await c.call<get>(cx);
  const auto before = m.queue.counters().dropped;
  {
    auto forgotten = c.call<get>(cx);
    static_cast<void>(forgotten);
  }
  co_await c.call<get>(cx);
  CHECK(m.queue.counters().dropped == before + 4);
  long sum = 0;
  c.call<get>(cx).then([&](const vr::value_mesh<long>& all) {
    for (const long v : all) sum += v;
  });
  co_await c.call<get>(cx);
  CHECK(sum == 4);
}

}  // namespace

TEST_CASE("the first rank that throws ends a call with its name, its actor and its text") {
  in_both_worlds(throws);
}
TEST_CASE("a call that waits too long names the ranks that did not answer") { in_both_worlds(silence); }
TEST_CASE("a process that dies ends the calls that wait for it at once, and refuses later ones") {
  in_both_worlds(death);
}
TEST_CASE("choose passes by who is known to be gone") { in_both_worlds(chosen); }
TEST_CASE("a dropped answer closes its port; then() takes the values") { in_both_worlds(dropped); }
