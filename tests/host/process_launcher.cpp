#include "viceroy/host/process_launcher.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "host/children.hpp"
#include "viceroy/viceroy.hpp"

namespace vr = viceroy;
using namespace std::chrono_literals;
using kind = vr::alloc_event::kind;

namespace launching {

struct nothing_actor {
  using handles = vr::messages<>;
};

// A child that says hello as it should, and dies when it is told what to be.
struct dying_actor {
  using handles = vr::messages<vr::start_proc>;
  void handle(vr::context<dying_actor>&, const vr::start_proc&) {
    std::fputs("out of luck\n", stderr);
    std::_Exit(5);
  }
};

}  // namespace launching

namespace {

using app = vr::application<"launching", vr::actors<launching::nothing_actor>>;

vr::bootstrap_command shell(const std::string& script) {
  return vr::bootstrap_command("/bin/sh", {"-c", script});
}
vr::bootstrap_command role(const std::string& name) {
  const auto options = children::role(name);
  return options.command;
}

// A named pipe by which a script says how far it is.
struct signpost {
  signpost() { REQUIRE(::mkfifo(path.c_str(), 0600) == 0); }
  ~signpost() { std::filesystem::remove(path); }
  void wait() const {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
  }

  std::string path =
      (std::filesystem::temp_directory_path() / ("viceroy-signpost-" + vr::base58(vr::random_u64())))
          .string();
};

vr::task<std::vector<vr::alloc_event>> until_all_said(vr::bootstrap_command command, std::size_t ranks,
                                                      std::size_t events, bool stop,
                                                      const signpost* before_stop = nullptr) {
  const vr::process_allocator allocator(std::move(command));
  vr::alloc alloc = co_await allocator.allocate(vr::alloc_spec(vr::dim("n", ranks)));
  std::vector<vr::alloc_event> all;
  while (all.size() != events) all.push_back(co_await alloc.next());
  if (before_stop) before_stop->wait();
  if (stop) {
    co_await alloc.stop();
    for (vr::alloc_event e = co_await alloc.next(); e.what != kind::end; e = co_await alloc.next())
      all.push_back(e);
  }
  co_return std::move(all);
}

// Allocates processes of a command and returns the first events, or, with `stop`, also those of its stop.
std::vector<vr::alloc_event> drive(vr::runtime<app>& rt, vr::bootstrap_command command, std::size_t events,
                                   std::size_t ranks = 1, bool stop = false) {
  return vr::block_on(rt, until_all_said(std::move(command), ranks, events, stop));
}

bool gone(std::int64_t pid) { return ::kill(static_cast<pid_t>(pid), 0) != 0; }

// Whether a process of the group lives; a dead one that nobody has reaped yet does not.
bool group_lives(std::int64_t group) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string stat;
    if (!std::getline(file, stat) || stat.rfind(')') == std::string::npos) continue;
    std::istringstream fields(stat.substr(stat.rfind(')') + 1));
    std::string state;
    std::int64_t parent = 0;
    std::int64_t member_of = 0;
    if (fields >> state >> parent >> member_of && member_of == group && state != "Z" && state != "X")
      return true;
  }
  return false;
}

// The kernel was told to kill it, and may take a moment.
bool group_dies(std::int64_t group) {
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (group_lives(group))
    if (std::chrono::steady_clock::now() > end) return false;
  return true;
}

void has(const std::string& text, const std::string& part) {
  CAPTURE(text);
  CHECK(text.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a child that exits at once fails with its status and what it wrote") {
  vr::runtime<app> rt;
  const auto all = drive(rt, shell("echo no configuration; exit 7"), 2);
  CHECK(all[0].what == kind::created);
  CHECK(all[1].what == kind::failed);
  has(all[1].sentence, "rank 0 (proc proc-");
  has(all[1].sentence, "process " + std::to_string(all[0].pid) +
                           ") exited with status 7 before it said hello; last lines: no configuration");
  CHECK(gone(all[0].pid));
}

TEST_CASE("a child that kills itself fails with the signal") {
  vr::runtime<app> rt;
  const auto all = drive(rt, shell("kill -ABRT $$"), 2);
  has(all[1].sentence, "was killed by signal 6 (SIGABRT");
  has(all[1].sentence, "before it said hello; it wrote nothing");
}

TEST_CASE("a child that never says hello is killed, with its group, when the limit is over") {
  vr::runtime<app> rt;
  rt.limits().hello = 300ms;
  const auto all = drive(rt, shell("echo waiting; sleep 1000 & wait"), 2);
  has(all[1].sentence, "did not say hello within 300 ms; last lines: waiting");
  CHECK(gone(all[0].pid));
  CHECK(group_dies(all[0].pid));
}

TEST_CASE("a command that does not exist fails every rank by name, and nothing was created") {
  vr::runtime<app> rt;
  const auto all = drive(rt, vr::bootstrap_command("/nowhere/child"), 2, 2);
  for (const auto& e : all) {
    CHECK(e.what == kind::failed);
    has(e.sentence, "rank " + std::to_string(e.rank) + " (proc proc-");
    has(e.sentence, "cannot start \"/nowhere/child\": ");
  }
}

TEST_CASE("a child that ignores SIGTERM is killed") {
  vr::runtime<app> rt;
  rt.limits().terminate = 200ms;
  const signpost ready;
  const auto child = shell("trap '' TERM; echo > " + ready.path + "; while :; do sleep 0.1; done");
  const auto all = vr::block_on(rt, until_all_said(child, 1, 1, true, &ready));
  REQUIRE(all.size() == 2);
  CHECK(all[1].what == kind::stopped);
  has(all[1].sentence, "was killed by signal 9 (SIGKILL) and had not obeyed SIGTERM within 200 ms");
  CHECK(gone(all[0].pid));
}

TEST_CASE("a child that dies between hello and started is told with that step") {
  vr::runtime<app> rt;
  const auto all = drive(rt, role("dies after its hello"), 2);
  has(all[1].sentence, "exited with status 5 before its proc was started; ");
  has(all[1].sentence, "out of luck");
}

TEST_CASE("real children run, each under its own name, and stop when they are asked") {
  vr::runtime<app> rt;
  const auto all = drive(rt, role("a child"), 16, 8, true);
  REQUIRE(all.size() == 24);
  std::vector<int> created(8), running(8), stopped(8);
  for (const auto& e : all) {
    auto& count = e.what == kind::created ? created : e.what == kind::running ? running : stopped;
    ++count.at(e.rank);
    if (e.what == kind::running) CHECK(e.agent.proc().name().text().ends_with("_" + std::to_string(e.rank)));
    if (&count != &stopped) continue;
    CHECK(e.what == kind::stopped);
    has(e.sentence, "exited with status 0");
    CHECK(gone(e.pid));
  }
  CHECK(created == std::vector<int>(8, 1));
  CHECK(running == created);
  CHECK(stopped == created);
}

TEST_CASE("processes of an allocation that was dropped are gone when the runtime has ended") {
  std::vector<vr::alloc_event> all;
  {
    vr::runtime<app> rt;
    all = drive(rt, role("a child"), 8, 4);
  }
  for (const auto& e : all) CHECK(gone(e.pid));
}

TEST_CASE("role: a child" * doctest::skip()) {
  if (const auto status = vr::run_child<app>()) std::_Exit(*status);
}

TEST_CASE("role: dies after its hello" * doctest::skip()) {
  const auto told = vr::process_environment::take();
  const vr::lifeline_child line(told.lifeline_descriptor(), told.parent_pid(), 200ms);
  const auto given = vr::decode_configuration(line.secret());
  const auto settings = vr::child_settings::from(told);
  const auto core = vr::detail::make_core(vr::remote<app>::table, {}, given.bounds, *given.key);
  core->run_child(
      [&] {
        auto& control =
            core->make_proc(core->serve_private(vr::transport::unix_domain), vr::label::parse("control"));
        auto& box = vr::detail::spawn_in<launching::dying_actor>(control, vr::label::parse("bootstrap"),
                                                                 nullptr, true);
        const vr::actor_ref<vr::launcher_actor> launcher(vr::actor_id(
            vr::proc_id(settings.parent, vr::label::parse("control")), vr::label::parse("launcher"), 0));
        launcher.send<vr::hello>(box.cx(), settings.index, given.token, std::int64_t{::getpid()}, box.id());
      },
      [] {});
}
