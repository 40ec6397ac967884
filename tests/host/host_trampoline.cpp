#include "viceroy/host/host_trampoline.hpp"

#include <string>

#include "host/fake_processes.hpp"
#include "viceroy/proc/proc_agent.hpp"

using namespace fake;
using vr::status;

namespace {

struct allocated_world : world {
  allocated_world() {
    offer(*this, launches);
    core.built_ins().push_back(vr::trampoline_entry());
    run();
  }
  vr::rank_status spring(const vr::trampoline_spec& spec) {
    agent.send<vr::create_or_update<vr::actor_spec>>(c.cx, vr::label::parse("trampoline"), spec.rank,
                                                     vr::trampoline_actor(spec),
                                                     vr::port_ref<vr::rank_status>());
    run();
    const auto got = c.heard();
    REQUIRE(got.size() == 1);
    return got.front();
  }

  launch_table launches;
  vr::directory& home = core.make_proc(core.serve(vr::transport::unix_domain), vr::label::parse("p"));
  vr::actor_ref<vr::proc_agent> agent{vr::make_proc_agent(core, home)};
  client c{*this};
};

}  // namespace

TEST_CASE(
    "the trampoline stands a host up and reports its agent, which the allocated proc's address implies") {
  allocated_world w;
  vr::trampoline_spec spec;
  spec.rank = 2;
  spec.reply = w.c.bind();
  spec.program = "procs-own";
  const auto answer = w.spring(spec);
  CHECK(answer.status == status::running);
  CHECK(answer.rank == 2);
  CHECK(answer.actor == vr::host_agent_id(w.agent.id().proc().address()));
  CHECK(w.core.host_agent() == answer.actor);
}

TEST_CASE("a host that cannot stand up is reported with rank and cause") {
  allocated_world w;
  w.core.refused_transport = vr::transport::tcp;
  vr::trampoline_spec spec;
  spec.rank = 1;
  spec.transport = vr::transport::tcp;
  spec.reply = w.c.bind();
  const auto answer = w.spring(spec);
  CHECK(answer.status == status::failed);
  CHECK(answer.sentence == "rank 1: no host: no key, no tcp");
}
