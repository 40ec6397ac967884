// Families across loops, in every world: parents, children and strangers with a thread of their own. On a
// deterministic loop they run with all others.
#include "life/subject.hpp"

using namespace life_test;

namespace life_test {

// As any careless one, on its own thread.
struct loner : behaviour<loner> {
  using execution = vr::own_thread;
  using behaviour<loner>::behaviour;
};
struct grow_loner {
  plan with;
};
// Has such children, and hears of their failures, or not.
template <bool Hears>
struct parent {
  static constexpr auto name = Hears ? "life_test::hearing_parent" : "life_test::deaf_parent";
  using handles = vr::messages<grow_loner, end_child, ask>;
  breath life;
  void init(vr::context<parent>& cx) {
    life.id = cx.id();
    journal::note(life.id, "init");
    journal::note(life.id, "ready");
  }
  void stop(vr::context<parent>&) { journal::note(life.id, "stop"); }
  void cleanup(vr::context<parent>&) { journal::note(life.id, "cleanup"); }
  vr::actor_id handle(vr::context<parent>& cx, grow_loner m) { return cx.template spawn<loner>(m.with).id(); }
  void handle(vr::context<parent>& cx, end_child m) { cx.stop(vr::actor_ref<loner>(m.child), m.how); }
  int handle(vr::context<parent>&, ask m) { return m.n; }
  void handle(vr::context<parent>& cx, const vr::child_failure& m)
    requires Hears
  {
    journal::note(cx.id(), "child failed: " + m.sentence, 0, m.child);
  }
};

}  // namespace life_test

TEST_CASE(
    "A child on its own thread is drained and stopped before its parent ends, and a kill waits for none") {
  worlds::effort e;
  e.seeds = 2'000;
  in_every_world(
      [](stage& s) -> vr::task<void> {
        const auto how = static_cast<stop_mode>(s.seed() % 3);
        const auto a = co_await s.spawn<parent<false>>("a");
        const auto child = co_await a.call<grow_loner>(s.me(), plan{none, s.seed() % 2 ? in_init : none});
        const vr::actor_ref<loner> ref(child);
        const auto grandchild = co_await ref.call<grow>(s.me(), false, plan{});
        for (int i = 0; i < 3; ++i) vr::actor_ref<careless>(grandchild).send<tell>(s.me(), i);
        const int answer = co_await ref.call<hold>(s.me(), 5);
        REQUIRE(answer == 5);
        co_await s.stop(a.id(), how);
        const auto gone = co_await s.end_of(a.id());
        REQUIRE(gone.how == vr::status::stopped);
        if (how != stop_mode::kill) {
          REQUIRE(journal::first(grandchild, "gone") < journal::first(child, "gone"));
          REQUIRE(journal::first(child, "gone") < journal::first(a.id(), "gone"));
          REQUIRE(journal::count(child, "stopped") == 1);
        }
        const auto late = co_await end(ref.call<ask>(s.me(), 1));
        REQUIRE_FALSE(late.ok);
      },
      e);
}

TEST_CASE(
    "A failure on a thread of its own reaches the parent with its cause, whichever hook or handler it was "
    "in") {
  worlds::effort e;
  e.seeds = 2'000;
  in_every_world(
      [](stage& s) -> vr::task<void> {
        const auto good = co_await s.spawn<parent<true>>("good");
        const auto bad = co_await s.spawn<parent<false>>("bad");
        const bool early = s.seed() % 2;
        const plan with{early ? in_init : none, none};
        const auto child = co_await good.call<grow_loner>(s.me(), with);
        if (!early) vr::actor_ref<loner>(child).send<boom>(s.me());
        const std::string cause = child.text() + (early ? " failed in its init hook: no init"
                                                        : " failed handling life_test::boom: bang");
        while (journal::count(good.id(), "child failed: " + cause) == 0) co_await good.call<ask>(s.me(), 1);
        const auto failing = co_await bad.call<grow_loner>(s.me(), plan{in_stop, none});
        co_await s.stop(bad.id(), s.seed() % 4 < 2 ? stop_mode::stop : stop_mode::drain);
        const auto gone = co_await s.end_of(bad.id());
        REQUIRE(gone.how == vr::status::failed);
        REQUIRE(gone.cause == failing.text() + " failed in its stop hook: no stop");
      },
      e);
}

TEST_CASE("A parent ends a child on its own thread as it likes, suspended or not; its caller hears once") {
  worlds::effort e;
  e.seeds = 2'000;
  in_every_world(
      [](stage& s) -> vr::task<void> {
        const auto how = static_cast<stop_mode>(s.seed() % 3);
        const auto a = co_await s.spawn<parent<true>>("a");
        const auto child = co_await a.call<grow_loner>(s.me(), plan{});
        const vr::actor_ref<loner> ref(child);
        auto work = co_await suspended<wait_open, loner>::begin(s, ref);
        co_await a.call<end_child>(s.me(), child, how);
        co_await a.call<end_child>(s.me(), child, how);
        if (how != stop_mode::kill) work.open(s, 3);
        const auto answer = co_await end(work.answer());
        REQUIRE(answer.ok == (how != stop_mode::kill));
        if (answer.ok) REQUIRE(answer.value == 3);
        while (journal::count(child, "gone") == 0) co_await a.call<ask>(s.me(), 1);
        const int still = co_await a.call<ask>(s.me(), 2);
        REQUIRE(still == 2);
      },
      e);
}
