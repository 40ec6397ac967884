#include "viceroy/bootstrap/child.hpp"

#include <string>
#include <vector>

#include "host/fake_processes.hpp"
#include "viceroy/host/launcher_control.hpp"

using namespace fake;
using vr::launch_event;

namespace {

// Parent and child in one process: the launcher's process is pretended, the child's side is real.
struct family : world {
  family() { offer(*this, launches); }

  // Starts a child and lets it say hello.
  void begin(vr::bootstrap_mode mode, vr::transport over = vr::transport::unix_domain,
             vr::actor_id host = {}) {
    vr::launch_request what{4, vr::label::parse("p4"), over, mode, vr::bootstrap_command("child"), host};
    index = launcher.start(std::move(what), [this](const launch_event& e) { events.push_back(e); });
    run();
    vr::child_settings settings;
    settings.parent = launcher.address();
    settings.index = index;
    settings.mode = mode;
    child.emplace(core, settings, table.all.back()->configuration().token);
    run();
  }

  process_table table;
  launch_table launches;
  std::vector<launch_event> events;
  vr::launcher_control launcher{core, vr::make_owned<fake_starter>(table), vr::launcher_setup{}};
  std::optional<vr::bootstrap_child> child;
  std::uint32_t index = 0;
};

}  // namespace

TEST_CASE("an allocated child starts its proc with an agent in slot 0, and can become a host") {
  family f;
  f.begin(vr::bootstrap_mode::allocated);
  REQUIRE(f.events.size() == 2);
  CHECK(f.events.back().what == launch_event::kind::running);
  const vr::proc_id proc(f.core.serve(vr::transport::unix_domain), vr::label::parse("p4"));
  CHECK(f.events.back().agent == vr::actor_id(proc, vr::label::parse("proc_agent"), 0));
  CHECK(proc.home() != nullptr);
  CHECK(f.core.built_ins().size() == 1);
  CHECK(f.core.host_agent().empty());
}

TEST_CASE("a proc's child belongs to the host that started it and cannot become one") {
  family f;
  const auto host = vr::host_agent_id(vr::address::parse("unix:@host"));
  f.begin(vr::bootstrap_mode::proc, vr::transport::unix_domain, host);
  CHECK(f.events.back().what == launch_event::kind::running);
  CHECK(f.core.host_agent() == host);
  CHECK(f.core.built_ins().empty());
}

TEST_CASE("a transport that cannot be served is reported to the parent") {
  family f;
  f.core.refused_transport = vr::transport::tcp;
  f.begin(vr::bootstrap_mode::proc, vr::transport::tcp);
  f.table.all.back()->exit(vr::process_exit::killed(9, false));
  CHECK(f.events.back().sentence.find("could not start its proc: no key, no tcp") != std::string::npos);
}

TEST_CASE("stop_and_exit drains the proc, then the process ends with status 0") {
  family f;
  f.begin(vr::bootstrap_mode::proc);
  f.launcher.stop(f.index);
  f.run();
  CHECK(f.core.ends == std::vector<std::pair<std::string, vr::stop_mode>>{{"p4", vr::stop_mode::drain}});
  CHECK(f.core.codes == std::vector<int>{0});
  f.child->terminate();  // SIGTERM after that: at once
  CHECK(f.core.codes.back() == 128 + 15);
}

TEST_CASE("SIGTERM drains too, and shows in the status; a host ends before the proc it stands in") {
  family f;
  f.begin(vr::bootstrap_mode::allocated);
  vr::make_host(f.core, vr::transport::unix_domain);
  f.run();
  f.child->terminate();
  f.run();
  CHECK(f.core.ends == std::vector<std::pair<std::string, vr::stop_mode>>{{"system", vr::stop_mode::drain},
                                                                          {"p4", vr::stop_mode::drain}});
  CHECK(f.launches.launchers == 0);
  CHECK(f.core.codes == std::vector<int>{128 + 15});
}

TEST_CASE("a SIGTERM before the parent asks is no idea of its own") {
  family f;
  f.begin(vr::bootstrap_mode::allocated);
  vr::make_host(f.core, vr::transport::unix_domain);
  f.run();
  f.child->terminate();
  f.launcher.stop(f.index);
  f.run();
  CHECK(f.core.codes == std::vector<int>{0});
}

TEST_CASE("what does not drain in time is killed") {
  family f;
  f.begin(vr::bootstrap_mode::allocated);
  const vr::actor_ref<vr::host_agent> agent(vr::make_host(f.core, vr::transport::unix_domain));
  client c(f);
  agent.send<vr::create_or_update<vr::proc_spec>>(c.cx, vr::label::parse("q"), 0u, vr::proc_spec{}, c.bind());
  f.run();
  f.bounds.actor_stop = 60s;
  f.child->terminate();
  f.run();
  CHECK(f.core.codes.empty());  // its host waits for a process that does not end
  f.pass(f.bounds.drain);
  CHECK(f.launches.launchers == 0);
  CHECK(f.core.codes == std::vector<int>{128 + 15});
}

TEST_CASE("a child whose parent cannot be reached ends with status 1") {
  world w;
  vr::child_settings settings;
  settings.parent = vr::address::parse("unix:@nobody");
  settings.index = 1;
  vr::bootstrap_child child(w.core, settings, 5);
  w.run();
  REQUIRE(w.road.sent.size() == 1);
  const vr::envelope& hello = w.road.sent.front();
  CHECK(hello.to.text() == "unix:@nobody,control,launcher[0]");
  CHECK(hello.type == vr::type_id<vr::hello>());
  vr::return_to_sender(w.queue,
                       {hello.from,
                        0,
                        0,
                        {hello.to, "viceroy::hello", static_cast<std::int32_t>(vr::errc::transport_lost),
                         "connect failed: Connection refused"}});
  w.run();
  CHECK(w.core.codes == std::vector<int>{1});
}
