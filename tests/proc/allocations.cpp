// What a warm loop takes from the heap: nothing, whatever its actors send, ask and put off.
#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "support/allocations.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"
#include "viceroy/proc/loop.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;

namespace allocations_test {

constexpr int warm = 1'000, measured = 10'000;

struct ball {
  int left;
};
struct question {
  std::array<std::uint64_t, 20> padding;
};
struct volley {};    // many questions at once
struct chain {};     // one after the other, by then()
struct awaiting {};  // the same, awaited
struct ticking {};
struct tick {};
struct beat {};
struct rally {};

struct answerer {
  using handles = vr::messages<question>;
  std::array<std::uint64_t, 30> handle(vr::context<answerer>&, const question&) { return {}; }
};

// Does one thing again and again; counts what that takes once it is warm.
struct worker {
  using handles = vr::messages<rally, ball, chain, volley, awaiting, ticking, tick, beat>;
  vr::actor_ref<answerer> other;
  int left = 0;
  std::size_t before = 0;
  std::optional<std::size_t> taken;
  vr::delayed period;

  void begin() {
    left = warm + measured;
    taken.reset();
  }
  // Returns: whether to go on.
  bool once_more() {
    if (left == measured) before = allocations::count;
    if (--left > 0) return true;
    taken = allocations::count - before;
    vr::executor::current()->post([] { static_cast<vr::loop*>(vr::executor::current())->stop(); });
    return false;
  }
  void handle(vr::context<worker>& cx, rally) {
    begin();
    cx.self().send<ball>(cx, 1);
  }
  void handle(vr::context<worker>& cx, const ball& b) {
    if (once_more()) cx.self().send<ball>(cx, b.left + 1);
  }
  void handle(vr::context<worker>& cx, chain) {
    begin();
    ask(cx);
  }
  void ask(vr::context<worker>& cx) {
    // As much as stands in the answer itself does, and more than that.
    const std::array<std::uint64_t, 9> much{};
    other.call<question>(cx).then([this, &cx, much](const auto&) {
      other.call<question>(cx).then([this, &cx](const auto&) {
        if (once_more()) ask(cx);
      });
      (void)much;
    });
  }
  void handle(vr::context<worker>& cx, volley) {
    begin();
    fire(cx);
  }
  void fire(vr::context<worker>& cx) {
    for (int i = 0; i != 100; ++i)
      other.call<question>(cx).then([this, &cx](const auto&) {
        if (!taken && once_more() && left % 100 == 0) fire(cx);
      });
    // An answer that is dropped, and one with a limit of its own.
    {
      auto dropped = other.call<question>(cx);
    }
    vr::within(10s, other.call<question>(cx)).then([](const auto&) {});
  }
  vr::task<void> handle(vr::context<worker>& cx, awaiting) {
    begin();
    do co_await other.call<question>(cx);
    while (once_more());
  }
  void handle(vr::context<worker>& cx, ticking) {
    begin();
    for (int i = 0; i != 50; ++i) cx.after<tick>(std::chrono::microseconds(i));
    period = cx.every<beat>(1ms);
  }
  void handle(vr::context<worker>&, beat) {}
  void handle(vr::context<worker>& cx, tick) {
    if (taken || !once_more()) return;
    cx.after<tick>(std::chrono::microseconds(left % 7));
    cx.cancel(cx.after<tick>(1h));
    if (left % 100 != 0) return;
    cx.cancel(period);
    period = cx.every<beat>(1ms);
  }
};

struct stage {
  vr::limits bounds;
  vr::loop loop{vr::identity(), bounds};
  std::optional<vr::loop::attached> here{loop};
  vr::directory home{vr::proc_id(vr::address::parse("inproc:1"), vr::label::parse("root")), loop.queue()};
  std::optional<vr::instance> client;
  vr::actor_box<worker>* box = nullptr;

  stage() {
    home.publish();
    client.emplace(home, vr::label::parse("client"));
    box = &vr::detail::spawn_in<worker>(home, vr::label::parse("w"), nullptr, false);
    box->actor().other = vr::actor_ref<answerer>(
        vr::detail::spawn_in<answerer>(home, vr::label::parse("a"), nullptr, false).id());
  }
  ~stage() {
    client.reset();
    home.withdraw();
  }
  // Returns: what the work took from the heap once it was warm.
  template <class M>
  std::size_t taken_by() {
    vr::actor_ref<worker>(box->id()).send<M>(*client);
    loop.run();
    REQUIRE(box->actor().taken);
    return *box->actor().taken;
  }
};

}  // namespace allocations_test

using namespace allocations_test;

TEST_CASE("A warm loop allocates nothing for messages" * doctest::skip(!allocations::are_counted)) {
  CHECK(stage().taken_by<rally>() == 0);
}

TEST_CASE("A warm loop allocates nothing for calls that then() continues, whatever that captures" *
          doctest::skip(!allocations::are_counted)) {
  CHECK(stage().taken_by<chain>() == 0);
}

TEST_CASE("A warm loop allocates nothing for many answers at once, dropped ones and those with a limit" *
          doctest::skip(!allocations::are_counted)) {
  CHECK(stage().taken_by<volley>() == 0);
}

TEST_CASE("A warm loop allocates nothing for calls that are awaited" *
          doctest::skip(!allocations::are_counted)) {
  CHECK(stage().taken_by<awaiting>() == 0);
}

TEST_CASE("A warm loop allocates nothing for delayed and periodic messages, nor to cancel them" *
          doctest::skip(!allocations::are_counted)) {
  CHECK(stage().taken_by<ticking>() == 0);
}
