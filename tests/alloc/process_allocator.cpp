#include "viceroy/alloc/process_allocator.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/fake_processes.hpp"
#include "viceroy/alloc/process_allocation.hpp"
#include "viceroy/base/running.hpp"

using namespace fake;
using kind = vr::alloc_event::kind;

namespace {

// A world whose launchers a test plays, and a task that is being run in it.
struct alloc_world : world {
  alloc_world() { offer(*this, launches); }
  // What was let go of lives until its processes have ended.
  ~alloc_world() {
    reading.reset();
    for (const auto& each : launches.all)
      if (!each->over) each->ended("the test ends", true);
    run();
    CHECK(core.holds.empty());
    CHECK(launches.launchers == 0);
  }

  // Runs a task to its end, which it must have without anything else happening.
  template <class T>
  T now(vr::task<T> work) {
    std::optional<vr::outcome<T>> result;
    auto run_it =
        vr::running::start<T>(std::move(work), [&](vr::outcome<T> o) { result.emplace(std::move(o)); });
    run();
    REQUIRE(result);
    return result->get();
  }
  vr::alloc allocate(const vr::alloc_spec& spec) {
    return now(vr::process_allocator(vr::bootstrap_command("child")).allocate(spec));
  }
  std::string refusal(const vr::alloc_spec& spec) {
    try {
      allocate(spec);
    } catch (const vr::error& e) {
      return e.what();
    }
    return {};
  }
  // Begins to read; the event arrives later.
  void read(vr::alloc& from) {
    reading = vr::running::start<vr::alloc_event>(
        from.next(), [this](vr::outcome<vr::alloc_event> o) { got.emplace(std::move(o)); });
  }
  vr::actor_id agent(const launch_record& l) {
    return vr::actor_id(vr::proc_id(vr::address::parse("unix:@child"), l.request.proc),
                        vr::label::parse("proc_agent"), 0);
  }
  launch_record& launch(std::size_t which) { return *launches.all.at(which); }

  launch_table launches;
  vr::running reading;
  std::optional<vr::outcome<vr::alloc_event>> got;
};

const vr::alloc_spec two(vr::dim("replicas", 2));

}  // namespace

static_assert(vr::allocator<vr::process_allocator>);
static_assert(vr::allocation_type<vr::alloc>);
static_assert(!vr::allocator<int>);

TEST_CASE("allocating starts nothing, and the first next() starts every rank at once") {
  alloc_world w;
  auto a = w.allocate(two.proc_name("worker"));
  CHECK(w.launches.launchers == 1);  // the control address
  CHECK(w.launches.all.empty());
  auto waiting = a.next();
  CHECK(w.launches.all.empty());  // a task does nothing until it is awaited
  w.read(a);
  REQUIRE(w.launches.all.size() == 2);
  const auto& request = w.launch(1).request;
  CHECK(request.rank == 1);
  CHECK(request.mode == vr::bootstrap_mode::allocated);
  CHECK(request.host_agent.empty());
  CHECK(request.command == vr::bootstrap_command("child"));
  CHECK(std::string(request.proc.text()).find("worker-") == 0);
  CHECK(std::string(request.proc.text()).ends_with("_1"));
}

TEST_CASE("every rank is created, runs and ends, each told once and in order") {
  alloc_world w;
  auto a = w.allocate(two);
  w.read(a);
  CHECK_FALSE(w.got);
  w.launch(1).created(7);
  REQUIRE(w.got);
  auto e = w.got->get();
  CHECK(e.what == kind::created);
  CHECK(e.rank == 1);
  CHECK(e.pid == 7);
  w.launch(0).created(8);
  w.launch(1).running(w.agent(w.launch(1)));
  w.launch(0).ended("rank 0 exited with status 3", false);
  CHECK(w.now(a.next()).what == kind::created);
  e = w.now(a.next());
  CHECK(e.what == kind::running);
  CHECK(e.agent == w.agent(w.launch(1)));
  e = w.now(a.next());
  CHECK(e.what == kind::failed);
  CHECK(e.rank == 0);
  CHECK(e.sentence == "rank 0 exited with status 3");
  w.got.reset();
  w.read(a);
  CHECK_FALSE(w.got);
  w.launch(1).ended("rank 1 exited with status 0", true);
  REQUIRE(w.got);
  CHECK(w.got->get().what == kind::stopped);
  CHECK(w.now(a.next()).what == kind::end);
  CHECK(w.now(a.next()).what == kind::end);
}

TEST_CASE("stop asks all, returns when all are gone, and may be awaited by several") {
  alloc_world w;
  auto a = w.allocate(two);
  w.read(a);
  w.launch(0).created(1);
  w.launch(1).created(2);
  int stopped = 0;
  const auto count = [&](vr::outcome<void> o) {
    o.get();
    ++stopped;
  };
  auto first = vr::running::start<void>(a.stop(), count);
  auto second = vr::running::start<void>(a.stop(), count);
  auto third = vr::running::start<void>(a.stop(), count);
  CHECK(w.launch(0).stopped);
  CHECK(w.launch(1).stopped);
  third.reset();  // its wait ends, the stop goes on
  w.launch(0).ended("exited with status 0", true);
  CHECK(stopped == 0);
  w.launch(1).ended("exited with status 0", true);
  CHECK(stopped == 2);
  CHECK(w.now(a.next()).what == kind::created);
  CHECK(w.now(a.next()).what == kind::stopped);
  CHECK(w.now(a.next()).what == kind::stopped);
  CHECK(w.now(a.next()).what == kind::end);
}

TEST_CASE("stop throws what could not be ended") {
  alloc_world w;
  auto a = w.allocate(two);
  w.read(a);
  std::string said;
  auto run =
      vr::running::start<void>(a.stop(), [&](vr::outcome<void> o) { said = vr::sentence_of(o.failure()); });
  w.launch(0).ended("rank 0 could not be killed", true, false);
  w.launch(1).ended("exited with status 0", true);
  CHECK(said == "rank 0 could not be killed");
}

TEST_CASE("stop throws what was asked to end and did otherwise, and not what never started") {
  for (const bool badly : {false, true}) {
    alloc_world w;
    auto a = w.allocate(two);
    w.read(a);
    w.launch(0).ended("rank 0: cannot start /no/such/program", false);
    std::string said;
    auto run = vr::running::start<void>(
        a.stop(), [&](vr::outcome<void> o) { said = o.ok() ? "nothing" : vr::sentence_of(o.failure()); });
    badly ? w.launch(1).ended_badly("rank 1 exited with status 1")
          : w.launch(1).ended("rank 1: cannot start /no/such/program", false);
    CHECK(said == (badly ? "rank 1 exited with status 1" : "nothing"));
  }
}

TEST_CASE("one that was never driven stops at once and starts nothing afterwards") {
  alloc_world w;
  auto a = w.allocate(two);
  w.now(a.stop());
  CHECK(w.now(a.next()).what == kind::end);
  CHECK(w.launches.all.empty());
}

TEST_CASE("dropping it stops what it started in the background, which the runtime waits for") {
  alloc_world w;
  {
    auto a = w.allocate(two);
    w.read(a);
    w.reading.reset();
    auto moved = std::move(a);
    CHECK_THROWS_AS(static_cast<void>(a.next()), vr::error);
    CHECK_FALSE(w.launch(0).stopped);
  }
  CHECK(w.launch(0).stopped);
  REQUIRE(w.core.holds.size() == 1);
  CHECK(w.core.holds.front().find("the processes of allocation proc-") == 0);
  w.launch(0).ended("exited with status 0", true);
  w.run();
  CHECK(w.core.holds.size() == 1);
  w.launch(1).ended("exited with status 0", true);
  w.run();
  CHECK(w.core.holds.empty());
  CHECK(w.launches.launchers == 0);
}

TEST_CASE("dropping one that has ended, or never began, holds nothing") {
  alloc_world w;
  {
    auto a = w.allocate(two);
  }
  CHECK(w.core.holds.empty());
  CHECK(w.launches.launchers == 0);
  {
    auto a = w.allocate(two);
    w.read(a);
    w.launch(0).ended("x", false);
    w.launch(1).ended("x", false);
  }
  CHECK(w.core.holds.empty());
}

TEST_CASE("an event may end its reader and with it the allocation") {
  alloc_world w;
  std::optional<vr::alloc> a(w.allocate(vr::alloc_spec(vr::extent::unity())));
  w.reading =
      vr::running::start<vr::alloc_event>(a->next(), [&](vr::outcome<vr::alloc_event>) { a.reset(); });
  w.launch(0).ended("exited with status 1", false);
  CHECK_FALSE(a);
  w.run();
  CHECK(w.launches.launchers == 0);
  CHECK(w.core.holds.empty());
}

TEST_CASE("two readers at once are an error of the second") {
  alloc_world w;
  auto a = w.allocate(two);
  w.read(a);
  std::string said;
  auto second = vr::running::start<vr::alloc_event>(
      a.next(), [&](vr::outcome<vr::alloc_event> o) { said = vr::sentence_of(o.failure()); });
  CHECK(said.find("two readers") == 0);
  w.launch(0).created(1);
  CHECK(w.got);
}

TEST_CASE("what this allocator cannot do is refused with a sentence") {
  alloc_world w;
  CHECK(w.refusal(two.constraint("rack", "7")) ==
        "process_allocator starts processes on this machine and knows no constraint 'rack'");
  CHECK(w.refusal(vr::alloc_spec(vr::extent::unity(), vr::transport::in_process))
            .find("a process cannot be reached over in_process") == 0);
  CHECK(w.refusal(vr::alloc_spec(vr::dim("replicas", 1ull << 33))) ==
        "{replicas=8589934592} has 8589934592 ranks, and a mesh or an allocation has at most 1048576");
  vr::runtime_core::exchange_current(nullptr);
  CHECK(w.refusal(two).find("awaited on a thread that runs no loop") != std::string::npos);
}
