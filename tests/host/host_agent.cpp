#include "viceroy/host/host_agent.hpp"

#include <string>
#include <utility>
#include <vector>

#include "host/fake_processes.hpp"
#include "viceroy/proc/proc_agent.hpp"

using namespace fake;
using vr::status;

namespace {

struct host_world : world {
  host_world() {
    offer(*this, launches);
    agent = vr::actor_ref<vr::host_agent>(vr::make_host(core, vr::transport::unix_domain));
    run();
  }

  void create(const std::string& id, std::uint32_t rank, vr::proc_spec spec = {}) {
    agent.send<vr::create_or_update<vr::proc_spec>>(owner.cx, vr::label::parse(id), rank, std::move(spec),
                                                    owner.bind());
    agent.send<vr::get_rank_status>(asker.cx, vr::label::parse(id), asker.bind());
    run();
  }
  void stop(const std::string& id) {
    agent.send<vr::stop>(asker.cx, vr::label::parse(id), asker.bind());
    run();
  }
  void shutdown(std::uint32_t timeout_ms = 0) {
    agent.send<vr::shutdown_host>(asker.cx, timeout_ms, asker.bind());
    run();
  }
  vr::rank_status only_answer() {
    auto got = asker.heard();
    REQUIRE(got.size() == 1);
    return got.front();
  }
  vr::actor_id proc_agent_of(const std::string& id) {
    return vr::actor_id(vr::proc_id(vr::address::parse("unix:@child"), vr::label::parse(id)),
                        vr::label::parse("proc_agent"), 0);
  }
  vr::mailbox& box() {
    return *static_cast<vr::directory*>(agent.id().proc().home())->find(agent.id().index());
  }
  launch_record& launch(std::size_t which) { return *launches.all.at(which); }

  launch_table launches;
  client owner{*this, "owner"};
  client asker{*this, "asker"};
  vr::actor_ref<vr::host_agent> agent;
};

}  // namespace

TEST_CASE("the agent's id is implied by the process's address, and it is the host of the process's procs") {
  host_world w;
  CHECK(w.agent.id() == vr::host_agent_id(w.core.serve(vr::transport::unix_domain)));
  CHECK(w.core.host_agent() == w.agent.id());
}

TEST_CASE("procs of one host start side by side, each told when it runs") {
  host_world w;
  for (std::uint32_t rank = 0; rank != 4; ++rank) w.create("p_" + std::to_string(rank), rank);
  REQUIRE(w.launches.all.size() == 4);  // before any has answered
  CHECK(w.asker.heard().empty());
  const auto& request = w.launch(2).request;
  CHECK(request.rank == 2);
  CHECK(request.proc == vr::label::parse("p_2"));
  CHECK(request.mode == vr::bootstrap_mode::proc);
  CHECK(request.host_agent == w.agent.id());
  CHECK(request.command.is_self());
  w.launch(2).created(77);
  w.launch(2).running(w.proc_agent_of("p_2"));
  w.run();
  const auto now = w.only_answer();
  CHECK(now.rank == 2);
  CHECK(now.status == status::running);
  CHECK(now.actor == w.proc_agent_of("p_2"));
}

TEST_CASE("a proc's command comes from its spec, else from the host's") {
  launch_table launches;
  world w;
  offer(w, launches);
  const vr::actor_ref<vr::host_agent> agent(
      vr::make_host(w.core, vr::transport::tcp,
                    vr::make_owned<vr::bootstrap_command>("hosts-own", std::vector<std::string>{"-x"})));
  client c(w, "c");
  vr::proc_spec spec;
  spec.environment = {{"A", "1"}};
  agent.send<vr::create_or_update<vr::proc_spec>>(c.cx, vr::label::parse("a"), 0u, spec, c.bind());
  spec.program = "specs-own";
  spec.arguments = {"-y"};
  agent.send<vr::create_or_update<vr::proc_spec>>(c.cx, vr::label::parse("b"), 1u, spec, c.bind());
  w.run();
  REQUIRE(launches.all.size() == 2);
  CHECK(launches.all[0]->request.command == vr::bootstrap_command("hosts-own", {"-x"}, {{"A", "1"}}));
  CHECK(launches.all[1]->request.command == vr::bootstrap_command("specs-own", {"-y"}, {{"A", "1"}}));
}

TEST_CASE("a command that is none fails its rank only") {
  host_world w;
  vr::proc_spec spec;
  spec.program = "x";
  spec.environment = {{"=", "1"}};
  w.create("p", 6, spec);
  const auto now = w.only_answer();
  CHECK(now.status == status::failed);
  CHECK(now.sentence.find("rank 6: ") == 0);
  CHECK(w.launches.all.empty());
}

TEST_CASE("a process that ends before it runs fails the spawn; after that its owner hears") {
  host_world w;
  w.create("p", 3);
  w.launch(0).ended("rank 3 exited with status 1 before it said hello", false);
  w.run();
  CHECK(w.only_answer().status == status::failed);
  CHECK(w.owner.heard().empty());

  w.create("q", 4);
  w.launch(1).running(w.proc_agent_of("q"));
  w.run();
  w.asker.heard();
  w.launch(1).ended("rank 4 was killed by signal 9", false);
  w.run();
  const auto told = w.owner.heard();
  REQUIRE(told.size() == 1);
  CHECK(told.front().status == status::failed);
  CHECK(told.front().rank == 4);
  CHECK(told.front().actor == w.proc_agent_of("q"));
  CHECK(told.front().sentence == "rank 4 was killed by signal 9");
}

TEST_CASE("the same id twice is one process") {
  host_world w;
  w.create("p", 0);
  w.create("p", 0);
  CHECK(w.launches.all.size() == 1);
}

TEST_CASE("stop tells when the process is gone") {
  host_world w;
  w.create("p", 0);
  w.launch(0).running(w.proc_agent_of("p"));
  w.run();
  w.asker.heard();
  w.stop("p");
  CHECK(w.launch(0).stopped);
  CHECK(w.asker.heard().empty());
  w.launch(0).ended("exited with status 0", true);
  w.run();
  CHECK(w.only_answer().status == status::stopped);
}

TEST_CASE("a process that ends badly is told to who awaits it; the host says it where nobody does any more") {
  host_world w;
  w.create("p", 0);
  w.create("q", 1);
  w.create("r", 2);
  w.asker.heard();
  w.stop("p");
  w.launch(0).ended_badly("rank 0 exited with status 1");
  w.run();
  CHECK(w.asker.heard().back().sentence == "rank 0 exited with status 1");
  CHECK(w.core.root_failures.empty());
  w.stop("q");
  const vr::error gone(vr::errc::process_died, "it is gone");
  w.core.lost().tell(w.owner.cx.id().proc().address(), gone);
  w.core.lost().tell(w.asker.cx.id().proc().address(), gone);
  CHECK(w.launch(2).stopped);
  w.launch(1).ended_badly("rank 1 exited with status 1");
  w.launch(2).ended_badly("rank 2 exited with status 1");
  w.run();
  REQUIRE(w.core.root_failures.size() == 2);
  CHECK(w.core.root_failures.front().find("rank 1 exited with status 1") != std::string::npos);
  CHECK(w.core.root_failures.back().find("rank 2 exited with status 1") != std::string::npos);
}

TEST_CASE("an end that was told to a process which is ended by force is said by the host") {
  for (const bool forced : {true, false}) {
    for (const bool before : {true, false}) {
      CAPTURE(forced);
      CAPTURE(before);
      host_world w;
      w.create("p", 0);
      w.create("q", 1);
      const vr::proc_id asks(w.asker.cx.id().proc().address(), vr::label::parse("p"));
      w.launch(0).running(vr::actor_id(asks, vr::label::parse("proc_agent"), 0));
      w.run();
      w.stop("q");
      w.stop("p");
      const auto p_ends = [&] {
        forced ? w.launch(0).forced("rank 0 was killed") : w.launch(0).ended("exited with status 0", true);
      };
      if (before) p_ends();
      w.launch(1).ended_badly("rank 1 exited with status 1");
      if (!before) p_ends();
      w.run();
      CHECK(w.core.root_failures.size() == (forced || before ? 1u : 0u));
    }
  }
}

TEST_CASE("what a running process was told of an end is its own affair, however it ends later") {
  host_world w;
  w.create("p", 0);
  const vr::proc_id asks(w.asker.cx.id().proc().address(), vr::label::parse("p"));
  w.launch(0).running(vr::actor_id(asks, vr::label::parse("proc_agent"), 0));
  w.run();
  w.create("q", 1);
  w.stop("q");
  w.launch(1).ended_badly("rank 1 exited with status 1");
  w.run();
  CHECK(w.asker.heard().back().sentence == "rank 1 exited with status 1");
  w.stop("p");
  w.launch(0).forced("rank 0 was killed");
  w.run();
  CHECK(w.core.root_failures.empty());
}

TEST_CASE("shutdown stops all at once, answers when they are gone, and then drops the host") {
  host_world w;
  for (std::uint32_t rank = 0; rank != 3; ++rank) w.create("p_" + std::to_string(rank), rank);
  w.launch(0).running(w.proc_agent_of("p_0"));
  w.run();
  w.asker.heard();
  w.shutdown();
  for (std::size_t i = 0; i != 3; ++i) CHECK(w.launch(i).stopped);
  w.create("late", 9);
  const auto refused = w.only_answer();
  CHECK(refused.status == status::failed);
  CHECK(refused.sentence.find("is shutting its host down") != std::string::npos);
  for (std::size_t i = 0; i != 3; ++i) {
    CHECK(w.asker.heard().size() == (i == 2 ? 1 : 0));  // the waiters of 1 and 2, below
    w.launch(i).ended("exited with status 0", true);
    w.run();
  }
  const auto rest = w.asker.heard();
  REQUIRE(!rest.empty());
  CHECK(rest.back().actor == w.agent.id());
  CHECK(rest.back().status == status::stopped);
  CHECK(rest.back().sentence.empty());
  CHECK(w.launches.launchers == 0);  // dropped
  CHECK(w.agent.id().proc().home() == nullptr);
  CHECK(w.core.host_agent().empty());
  CHECK(w.clock.timers.empty());
}

TEST_CASE("shutdown names what could not be killed, and what did not end in time") {
  host_world w;
  w.create("p", 0);
  w.shutdown();
  w.launch(0).ended("rank 0 could not be killed", true, false);
  w.run();
  auto answers = w.asker.heard();
  CHECK(answers.back().actor == w.agent.id());
  CHECK(answers.back().status == status::failed);
  CHECK(answers.back().sentence == "rank 0 could not be killed");

  host_world v;
  v.create("p", 7);
  v.shutdown(500);
  v.pass(500ms);
  answers = v.asker.heard();
  REQUIRE(answers.size() == 1);
  CHECK(answers.back().status == status::failed);
  CHECK(answers.back().sentence == "proc p (rank 7) has not ended within 500 ms");
  v.run();
  CHECK(v.launches.launchers == 0);
}

TEST_CASE("a host without procs shuts down at once") {
  host_world w;
  w.shutdown();
  CHECK(w.only_answer().status == status::stopped);
  CHECK(w.launches.launchers == 0);
}

TEST_CASE("an agent that is stopped ends its procs first, and kills them when its limit is over") {
  host_world w;
  w.create("p", 0);
  vr::life::stop(w.box(), vr::stop_mode::drain);
  w.run();
  CHECK(w.launch(0).stopped);
  CHECK(w.launches.launchers == 1);
  w.launch(0).ended("exited with status 0", true);
  w.run();
  CHECK(w.launches.launchers == 0);

  host_world v;
  v.create("p", 0);
  vr::life::stop(v.box(), vr::stop_mode::stop);
  v.run();
  CHECK(v.launches.launchers == 1);
  v.pass(v.bounds.actor_stop);
  CHECK(v.launches.launchers == 0);
}

TEST_CASE("a proc in the host's own process runs, is stopped, and may take a name once only") {
  host_world w;
  vr::proc_spec spec;
  spec.in_process = true;
  w.create("local", 1, spec);
  const auto now = w.only_answer();
  CHECK(now.status == status::running);
  CHECK(now.actor ==
        vr::actor_id(vr::proc_id(w.core.serve(vr::transport::unix_domain), vr::label::parse("local")),
                     vr::label::parse("proc_agent"), 0));
  CHECK(w.launches.all.empty());
  w.stop("local");
  CHECK(w.only_answer().status == status::stopped);
  CHECK(now.actor.proc().home() == nullptr);

  w.core.make_proc(w.core.serve(vr::transport::unix_domain), vr::label::parse("taken"));
  w.create("taken", 2, spec);
  const auto refused = w.only_answer();
  CHECK(refused.status == status::failed);
  CHECK(refused.sentence.find("could not be made in its host's process") != std::string::npos);
}

TEST_CASE("a state and a list tell of every proc") {
  host_world w;
  w.create("p", 5);
  std::optional<vr::resource_state> state;
  std::optional<std::vector<vr::rank_status>> list;
  w.agent.call<vr::get_state<vr::proc_spec>>(w.asker.cx, vr::label::parse("p"))
      .then([&](vr::resource_state s) { state.emplace(std::move(s)); });
  w.agent.call<vr::list>(w.asker.cx).then([&](std::vector<vr::rank_status> l) {
    list.emplace(std::move(l));
  });
  w.run();
  REQUIRE(state);
  CHECK(state->what.rank == 5);
  CHECK(state->what.status == status::initializing);
  CHECK(state->generation == 1);
  REQUIRE(list);
  CHECK(list->size() == 1);
}
