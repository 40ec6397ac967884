#include "viceroy/host/launcher_control.hpp"

#include <csignal>
#include <string>
#include <vector>

#include "host/fake_processes.hpp"

using namespace fake;
using vr::launch_event;

namespace {

// A launcher over pretended processes; the children's bootstrap actors are instances of this very process.
struct launcher_world : world {
  launcher_world() { run(); }

  struct said {
    std::uint32_t rank;
    launch_event event;
  };

  std::uint32_t start(std::uint32_t rank) {
    vr::launch_request what{rank,
                            vr::label::parse("p" + std::to_string(rank)),
                            vr::transport::unix_domain,
                            vr::bootstrap_mode::proc,
                            vr::bootstrap_command("child"),
                            {}};
    const auto index =
        launcher.start(std::move(what), [this, rank](const launch_event& e) { events.push_back({rank, e}); });
    run();
    return index;
  }
  process_record& process(std::size_t which = 0) { return *table.all.at(which); }

  // The child with `index` says hello from actor `from`.
  void hello(std::uint32_t index, vr::instance& from, std::uint64_t token) {
    vr::actor_ref<vr::launcher_actor>(launcher.id())
        .send<vr::hello>(from, index, token, std::int64_t{1}, from.id());
    run();
  }
  void hello(std::uint32_t index, vr::instance& from) {
    hello(index, from, process(index - 1).configuration().token);
  }
  void started(std::uint32_t index, vr::instance& from, const vr::actor_id& agent,
               std::string sentence = {}) {
    vr::actor_ref<vr::launcher_actor>(launcher.id())
        .send<vr::started_proc>(from, index, agent, std::move(sentence));
    run();
  }
  vr::actor_id agent(const std::string& proc) {
    return vr::actor_id(vr::proc_id(vr::address::parse("unix:@child"), vr::label::parse(proc)),
                        vr::label::parse("proc_agent"), 0);
  }
  launch_event only_event() {
    REQUIRE(events.size() == 1);
    launch_event e = events.front().event;
    events.clear();
    return e;
  }
  bool says(const std::string& sentence, const std::string& part) {
    CAPTURE(sentence);
    CHECK(sentence.find(part) != std::string::npos);
    return sentence.find(part) != std::string::npos;
  }

  process_table table;
  std::vector<std::string> notices;
  std::vector<said> events;
  vr::launcher_control launcher{
      core, vr::make_owned<fake_starter>(table),
      vr::launcher_setup{vr::mesh_key{}, "trace", [this](const std::string& s) { notices.push_back(s); }}};
  vr::directory& elsewhere = core.make_proc(vr::address::random_unix(), vr::label::parse("child"));
  vr::instance child{elsewhere, vr::label::parse("bootstrap")};
};

}  // namespace

TEST_CASE("a child gets its environment, and key, limits and token over the lifeline") {
  launcher_world w;
  w.bounds.call = 1234ms;
  const auto index = w.start(3);
  const process_record& p = w.process();
  CHECK(p.variable("VICEROY_BOOTSTRAP_ADDR") == w.launcher.address().text());
  CHECK(p.variable("VICEROY_BOOTSTRAP_INDEX") == std::to_string(index));
  CHECK(p.variable("VICEROY_BOOTSTRAP_MODE") == "proc");
  CHECK(p.variable("VICEROY_TRACE_ID") == "trace");
  CHECK(p.variable("VICEROY_PROCESS_NAME") == "p3");
  CHECK(p.configuration().key == vr::mesh_key{});
  CHECK(p.configuration().bounds.call == 1234ms);
  const auto e = w.only_event();
  CHECK(e.what == launch_event::kind::created);
  CHECK(e.pid == 1000);
}

TEST_CASE("hello, start_proc, started_proc: the child runs") {
  launcher_world w;
  const auto index = w.start(0);
  w.events.clear();
  w.hello(index, w.child);
  CHECK(w.events.empty());
  w.started(index, w.child, w.agent("p0"));
  const auto e = w.only_event();
  CHECK(e.what == launch_event::kind::running);
  CHECK(e.agent == w.agent("p0"));
  CHECK(w.clock.timers.empty());
  CHECK(w.notices.empty());
}

TEST_CASE("a command that cannot be started fails its own rank, and no call says so") {
  launcher_world w;
  w.table.refusal.emplace(vr::errc::spawn_failed, "cannot start \"child\": no such file");
  vr::launch_request what{4, vr::label::parse("p4"), {}, {}, vr::bootstrap_command("child"), {}};
  w.launcher.start(std::move(what), [&](const launch_event& e) { w.events.push_back({4, e}); });
  CHECK(w.events.empty());
  w.run();
  const auto e = w.only_event();
  CHECK(e.what == launch_event::kind::ended);
  CHECK(e.sentence == "rank 4 (proc p4): cannot start \"child\": no such file");
  CHECK_FALSE(e.asked);
  CHECK(e.gone);
}

TEST_CASE("a child that never says hello is killed after limits::hello and named with its last lines") {
  launcher_world w;
  w.start(3);
  w.events.clear();
  w.process().lines = {"loading", "still loading"};
  w.pass(w.bounds.hello);
  CHECK(w.process().killed == 1);
  CHECK(w.events.empty());  // it is told when it is gone
  w.process().exit(vr::process_exit::killed(SIGKILL, false));
  const auto e = w.only_event();
  CHECK(e.sentence ==
        "rank 3 (proc p3, process 1000) did not say hello within 30 s; last lines:\n  loading\n  still "
        "loading");
  CHECK_FALSE(e.asked);
}

TEST_CASE("a child that never starts its proc is named with that step") {
  launcher_world w;
  const auto index = w.start(0);
  w.events.clear();
  w.hello(index, w.child);
  w.pass(w.bounds.start_proc);
  w.process().exit(vr::process_exit::killed(SIGKILL, false));
  const auto e = w.only_event();
  w.says(e.sentence, "rank 0 (proc p0, process 1000) did not start its proc within 30 s of its hello (");
  w.says(e.sentence, "does not handle viceroy::start_proc)");  // and why, as far as that is known
}

TEST_CASE("a child that says why it cannot start its proc, or starts another, fails with that") {
  launcher_world w;
  auto index = w.start(0);
  w.hello(index, w.child);
  w.started(index, w.child, {}, "no key, no tcp");
  CHECK(w.process(0).killed == 1);
  w.events.clear();
  w.process(0).exit(vr::process_exit::killed(SIGKILL, false));
  w.says(w.only_event().sentence, "could not start its proc: no key, no tcp");

  index = w.start(1);
  w.hello(index, w.child);
  w.started(index, w.child, w.agent("other"));
  w.events.clear();
  w.process(1).exit(vr::process_exit::killed(SIGKILL, false));
  w.says(w.only_event().sentence, "which is not the proc it was told to start");
}

TEST_CASE("an early exit names the step, the exit and the last lines") {
  launcher_world w;
  w.start(0);
  w.events.clear();
  w.process(0).lines = {"bad flag"};
  w.process(0).exit(vr::process_exit::exited(3));
  CHECK(w.only_event().sentence ==
        "rank 0 (proc p0, process 1000) exited with status 3 before it said hello; last lines: bad flag");

  w.start(2);
  w.events.clear();
  w.process(1).exit(vr::process_exit::exited(0));
  CHECK(w.only_event().sentence ==
        "rank 2 (proc p2, process 1001) exited with status 0 before it said hello (a child's main runs "
        "VICEROY_MAIN or run_child); it wrote nothing");

  const auto index = w.start(1);
  w.hello(index, w.child);
  w.events.clear();
  w.process(2).exit(vr::process_exit::killed(SIGSEGV, true));
  CHECK(w.only_event().sentence ==
        "rank 1 (proc p1, process 1002) was killed by signal 11 (SIGSEGV, core dumped) before its proc was "
        "started; "
        "it wrote nothing");
}

TEST_CASE("a SIGTERM that comes before the proc was started is told with that step") {
  launcher_world w;
  const auto index = w.start(0);
  w.hello(index, w.child);
  w.events.clear();
  w.process(0).exit(vr::process_exit::exited(143));
  CHECK(w.only_event().sentence ==
        "rank 0 (proc p0, process 1000) ended because of a SIGTERM that nobody of the mesh sent, before its "
        "proc "
        "was started; it wrote nothing");
}

TEST_CASE("created is told before the end, however early that is") {
  launcher_world w;
  vr::launch_request what{0, vr::label::parse("p0"), {}, {}, vr::bootstrap_command("child"), {}};
  w.launcher.start(std::move(what), [&](const launch_event& e) { w.events.push_back({0, e}); });
  w.process().exit(vr::process_exit::exited(0));
  w.run();
  REQUIRE(w.events.size() == 2);
  CHECK(w.events[0].event.what == launch_event::kind::created);
  CHECK(w.events[1].event.what == launch_event::kind::ended);
}

TEST_CASE("a death while running is told with signal and last lines") {
  launcher_world w;
  const auto index = w.start(2);
  w.hello(index, w.child);
  w.started(index, w.child, w.agent("p2"));
  w.events.clear();
  w.process().lines = {"terminate called"};
  w.process().exit(vr::process_exit::killed(SIGKILL, false));
  const auto e = w.only_event();
  CHECK(e.sentence ==
        "rank 2 (proc p2, process 1000) was killed by signal 9 (SIGKILL); last lines: terminate called");
  CHECK_FALSE(e.asked);
}

TEST_CASE("strangers are ignored, said, and hurt nobody") {
  launcher_world w;
  const auto index = w.start(0);
  w.events.clear();
  vr::instance stranger(w.elsewhere, vr::label::parse("stranger"));
  w.hello(77, stranger, 1);
  w.hello(index, stranger, 1);
  w.started(index, stranger, w.agent("p0"));
  CHECK(w.notices.size() == 3);
  CHECK(w.events.empty());
  w.hello(index, w.child);
  w.hello(index, w.child);  // twice
  CHECK(w.notices.size() == 4);
  w.says(w.notices.back(), "rank 0 (proc p0, process 1000) said hello again");
  w.started(index, stranger, w.agent("p0"));
  CHECK(w.notices.size() == 5);
  w.started(index, w.child, w.agent("p0"));
  CHECK(w.only_event().what == launch_event::kind::running);
  CHECK(w.process().killed == 0);
}

TEST_CASE(
    "stop asks, then sends SIGTERM, then SIGKILL, each after its limit, and gives up after limits::reap") {
  launcher_world w;
  const auto index = w.start(0);
  w.hello(index, w.child);
  w.started(index, w.child, w.agent("p0"));
  w.events.clear();
  // The instance has no handler for stop_and_exit, and its refusal would look like a broken link.
  w.child.stop();
  w.launcher.stop(index);
  w.run();
  CHECK(w.process().terminated == 1);  // it cannot be asked
  w.launcher.stop(index);
  CHECK(w.process().terminated == 1);
  w.pass(w.bounds.terminate);
  CHECK(w.process().killed == 1);
  w.pass(w.bounds.reap);
  const auto e = w.only_event();
  CHECK_FALSE(e.gone);
  CHECK(e.asked);
  w.says(e.sentence,
         "rank 0 (proc p0, process 1000) could not be killed: the kernel has not reported its end within "
         "10 s of SIGKILL");
  CHECK_FALSE(w.process().held);
}

namespace {

struct quiet_child {
  static constexpr auto name = "test::quiet_child";
  using handles = vr::messages<vr::start_proc, vr::stop_and_exit>;
  explicit quiet_child(std::vector<std::string>* h) : heard(h) {}
  void handle(vr::context<quiet_child>&, const vr::start_proc& m) {
    heard->push_back("start " + std::string(m.proc.text()) + " rank " + std::to_string(m.rank));
  }
  void handle(vr::context<quiet_child>&, const vr::stop_and_exit& m) {
    heard->push_back("stop within " + std::to_string(m.drain_ms));
  }
  std::vector<std::string>* heard;
};

// A child with a real mailbox, which does nothing by itself.
struct attentive_world : launcher_world {
  std::vector<std::string> heard;
  vr::context<quiet_child>& there =
      vr::detail::spawn_in<quiet_child>(elsewhere, vr::label::parse("quiet"), nullptr, false, &heard).cx();

  void hello_from_there(std::uint32_t index) {
    vr::actor_ref<vr::launcher_actor>(launcher.id())
        .send<vr::hello>(there, index, process(index - 1).configuration().token, std::int64_t{1}, there.id());
    run();
  }
};

}  // namespace

TEST_CASE("a child that is asked and exits has stopped, and that is no failure") {
  attentive_world w;
  const auto index = w.start(5);
  w.hello_from_there(index);
  w.launcher.stop(index);
  w.run();
  CHECK(w.heard == std::vector<std::string>{"start p5 rank 5", "stop within 4000"});
  CHECK(w.process().terminated == 0);
  w.events.clear();
  w.process().exit(vr::process_exit::exited(0));
  const auto e = w.only_event();
  CHECK(e.asked);
  CHECK(e.gone);
  CHECK(e.sentence == "rank 5 (proc p5, process 1000) exited with status 0");
}

TEST_CASE("a child that has to be forced says how far it had to go") {
  attentive_world w;
  const auto index = w.start(0);
  w.hello_from_there(index);
  w.launcher.stop(index);
  w.pass(w.bounds.drain);
  CHECK(w.process().terminated == 1);
  w.pass(w.bounds.terminate);
  CHECK(w.process().killed == 1);
  w.events.clear();
  w.process().exit(vr::process_exit::killed(SIGKILL, false));
  const auto e = w.only_event();
  CHECK(e.asked);
  w.says(e.sentence,
         "was killed by signal 9 (SIGKILL), after it had not ended within 5 s of being asked to and had "
         "not obeyed SIGTERM within 3 s");
}

TEST_CASE("a child that ends in another way than it was asked to has ended badly") {
  struct expected {
    int steps;  // that it was waited for
    vr::process_exit how;
    bool badly;
  };
  const expected all[] = {
      {0, vr::process_exit::exited(1), true},
      {0, vr::process_exit::killed(SIGTERM, false), true},
      {0, vr::process_exit::exited(128 + SIGTERM), false},  // every process of the mesh got one
      {1, vr::process_exit::exited(0), false},
      {1, vr::process_exit::exited(128 + SIGTERM), false},
      {1, vr::process_exit::killed(SIGTERM, false), false},
      {1, vr::process_exit::exited(1), true},
      {1, vr::process_exit::killed(SIGSEGV, false), true},
      {2, vr::process_exit::killed(SIGKILL, false), false},
      {2, vr::process_exit::killed(SIGABRT, false), true},
  };
  for (const expected& each : all) {
    attentive_world w;
    const auto index = w.start(0);
    w.hello_from_there(index);
    w.launcher.stop(index);
    w.run();
    if (each.steps > 0) w.pass(w.bounds.drain);
    if (each.steps > 1) w.pass(w.bounds.terminate);
    w.events.clear();
    w.process().exit(each.how);
    const auto e = w.only_event();
    CAPTURE(e.sentence);
    CHECK(e.ended_badly == each.badly);
    CHECK(e.asked == !each.badly);
  }
}

TEST_CASE(
    "a child that is stopped before its hello is terminated, and told so when it says hello after all") {
  attentive_world w;
  const auto index = w.start(0);
  w.launcher.stop(index);
  CHECK(w.process().terminated == 1);
  w.hello_from_there(index);
  CHECK(w.heard == std::vector<std::string>{"stop within 4000"});
  w.events.clear();
  w.process().exit(vr::process_exit::killed(SIGTERM, false));
  CHECK(w.only_event().asked);
}

TEST_CASE("what happens to one child does not touch another") {
  launcher_world w;
  w.start(0);
  const auto second = w.start(1);
  w.events.clear();
  w.process(0).exit(vr::process_exit::exited(1));
  CHECK(w.only_event().what == launch_event::kind::ended);
  w.hello(second, w.child);
  w.started(second, w.child, w.agent("p1"));
  CHECK(w.only_event().what == launch_event::kind::running);
}

TEST_CASE("an end may destroy the launcher, and its destruction lets go of every child") {
  world w;
  process_table table;
  auto launcher = std::make_unique<vr::launcher_control>(w.core, vr::make_owned<fake_starter>(table),
                                                         vr::launcher_setup{});
  const auto control = launcher->id().proc();
  vr::launch_request what{0, vr::label::parse("p0"), {}, {}, vr::bootstrap_command("child"), {}};
  launcher->start(what, [&](const launch_event& e) {
    if (e.what == launch_event::kind::ended) launcher.reset();
  });
  launcher->start(std::move(what), [](const launch_event&) {});
  w.run();
  CHECK(w.core.private_addresses == 1);
  table.all[0]->exit(vr::process_exit::exited(0));
  CHECK(launcher == nullptr);
  CHECK_FALSE(table.all[1]->held);
  CHECK(w.core.private_addresses == 0);
  CHECK(w.clock.timers.empty());
  w.run();
  CHECK(control.home() == nullptr);
}
