// Whoever dies, at whatever moment, nothing of the run lives 2 s later; signals end a mesh in order.
#include <doctest/doctest.h>
#include <sched.h>

#include <csignal>
#include <fstream>
#include <string>

#include "system/app.hpp"
#include "system/program.hpp"

using namespace system_test;

namespace {

// Says what is there: its own words are told from children's by their beginning.
template <class... What>
void tell(const What&... what) {
  (std::cout << ... << what) << std::endl;
}
vr::task<void> for_ever(vr::instance& client) {
  auto [port, inbox] = client.open_port<int>();
  tell("waiting");
  co_await inbox.recv();
}
vr::bootstrap_command stuck(const std::string& where) {
  if (where == "shell")
    return vr::bootstrap_command("/bin/sh", {"-c", "echo stuck before hello; exec sleep 1000"});
  if (where == "shells")
    return vr::bootstrap_command("/bin/sh",
                                 {"-c", "trap '' HUP; sleep 1000 & echo stuck before hello; wait"});
  const std::string how = where.substr(where.find('-') + 1);
  return vr::bootstrap_command::self().env(
      where[0] == 'b' ? "VICEROY_TEST_BEFORE_HELLO" : "VICEROY_TEST_AFTER_HELLO", how);
}

// ARGUMENT: how each host is stuck.
vr::task<void> stuck_hosts(vr::runtime<app>& rt) {
  auto client = client_of(rt);
  co_await hosts_of(client, vr::dim("hosts", 2), vr::transport::unix_domain, stuck(rt.arguments().at(1)));
}
// ARGUMENT: how each proc is stuck.
vr::task<void> stuck_procs(vr::runtime<app>& rt) {
  rt.limits().drain = 300ms;
  rt.limits().terminate = 300ms;
  auto client = client_of(rt);
  auto alloc = co_await vr::process_allocator(vr::bootstrap_command::self())
                   .allocate(vr::alloc_spec(vr::dim("hosts", 2)));
  auto hosts =
      co_await vr::host_mesh<app>::allocate(client, std::move(alloc), "hosts", stuck(rt.arguments().at(1)));
  for (const auto& each : living()) tell("host ", each.pid);
  co_await hosts.spawn(client, "procs", vr::dim("gpus", 2));
}
vr::task<void> tell_processes(vr::instance& client, const whole& mesh) {
  auto all = co_await mesh.actors.call<where>(client);
  tell("host ", all[0].parent);
  tell("proc ", all[0].pid);
}
// ARGUMENT: what goes on when it is killed.
vr::task<void> busy_mesh(vr::runtime<app>& rt) {
  const std::string what = rt.arguments().at(1);
  rt.limits().watchdog = 0ms;  // some hold their loop on purpose
  if (rt.arguments().size() > 2) {
    rt.limits().drain = 300ms;
    rt.limits().terminate = 300ms;
  }
  auto client = client_of(rt);
  auto mesh = co_await whole_mesh(client, vr::dim("hosts", 2), vr::dim("gpus", 2));
  co_await tell_processes(client, mesh);
  auto [port, inbox] = client.open_port<place>();
  if (what == "idle") co_await for_ever(client);
  if (what == "casting") {
    tell("waiting");
    for (;;) {
      mesh.actors.cast<where_to>(client, port.bind());
      for (int i = 0; i != 4; ++i) co_await inbox.recv();
    }
  }
  if (what == "spinning" || what == "shutdown") {
    mesh.actors.slice("hosts", 0).slice("gpus", 0).cast<spin>(client);
    if (what == "spinning") co_await for_ever(client);
    mesh.actors.slice("hosts", 1).cast<spin>(client);
    co_await mesh.actors.slice("hosts", 0).slice("gpus", 1).call_one<count>(client);
    tell("waiting");
    co_await mesh.hosts.shutdown(client);
  }
  if (what == "copies") {
    auto copies = co_await mesh.actors.call<copy_self>(client);
    for (const int each : copies) tell("copy ", each);
    co_await for_ever(client);
  }
  if (what == "held up") {
    tell("waiting");
    for (;;) ::pause();  // its loop hears of nothing
  }
  if (what == "held up for a while") {
    rt.limits().shutdown = 1s;
    tell("waiting");
    for (const auto until = std::chrono::steady_clock::now() + 1500ms;
         std::chrono::steady_clock::now() < until;) {
    }
    co_await for_ever(client);
  }
  if (what == "done") {
    co_await mesh.hosts.shutdown(client);
    co_await for_ever(client);
  }
}

template <auto F>
int run(int argc, char** argv) {
  return vr::main<app>(argc, argv, [](vr::runtime<app>& rt) { return F(rt); });
}
const scenario a("stuck_hosts", run<stuck_hosts>);
const scenario b("stuck_procs", run<stuck_procs>);
const scenario c("busy_mesh", run<busy_mesh>);

// Waits until so many processes are stopped: each tells that it will be before it is.
void are_stopped(std::ptrdiff_t count) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  const auto stopped = [] {
    const auto all = living();
    return std::count_if(all.begin(), all.end(), [](const process_entry& each) { return each.state == 'T'; });
  };
  while (stopped() < count && std::chrono::steady_clock::now() < end) ::sched_yield();
}

void nothing_lives(const program& of) {
  const auto left = left_after(2s);
  CHECK_MESSAGE(left.empty(), "left after 2 s:" << text_of(left) << "\nof\n" << of.output());
  kill_all(left);
}

}  // namespace

TEST_CASE("the client is killed while its hosts are starting") {
  for (const char* how : {"before-wait", "before-stop", "after-wait", "after-stop", "shell", "shells"}) {
    CAPTURE(how);
    const nothing_left check;
    program client("stuck_hosts", {how});
    for (int i = 0; i != 2; ++i) client.expect("stuck ");
    if (std::string_view(how).ends_with("stop")) are_stopped(2);
    CHECK(living().size() >= 3);
    client.signal(SIGKILL);
    CHECK(client.wait() == 1000 + SIGKILL);
    nothing_lives(client);
  }
}

TEST_CASE("the client is killed while procs are starting") {
  for (const char* how : {"before-wait", "after-wait", "after-stop", "shell"}) {
    CAPTURE(how);
    const nothing_left check;
    program client("stuck_procs", {how});
    for (int i = 0; i != 4; ++i) client.expect("stuck ");
    if (std::string_view(how).ends_with("stop")) are_stopped(4);
    CHECK(living().size() >= 7);
    client.signal(SIGKILL);
    client.wait();
    nothing_lives(client);
  }
}

TEST_CASE(
    "a host is killed while its procs are starting: the client ends with the cause, and all else with it") {
  for (const char* how : {"before-wait", "after-stop", "shell"}) {
    CAPTURE(how);
    const nothing_left check;
    program client("stuck_procs", {how});
    const int host = client.expect_number("host ");
    for (int i = 0; i != 4; ++i) client.expect("stuck ");
    if (std::string_view(how).ends_with("stop")) are_stopped(4);
    ::kill(host, SIGKILL);
    CHECK(client.wait() == 1);
    INFO(client.output());
    CHECK(has(client.output(), "process " + std::to_string(host)));
    CHECK(client.count("SIGKILL") == 1);
    nothing_lives(client);
  }
}

TEST_CASE("the client is killed while its mesh is busy") {
  for (const char* what : {"idle", "casting", "shutdown", "spinning", "copies", "done"}) {
    CAPTURE(what);
    const nothing_left check;
    program client("busy_mesh", {what});
    client.expect("waiting");
    if (what == std::string("spinning")) client.expect("spinning");
    if (what == std::string("done")) {
      CHECK(living().size() == 1);
    } else {
      CHECK(living().size() >= 6);  // a proc may have obeyed a shutdown already
    }
    client.signal(SIGKILL);
    client.wait();
    nothing_lives(client);
  }
}

TEST_CASE("a host is killed while its mesh is busy: the client says so once and ends with status 1") {
  for (const char* what : {"idle", "casting", "spinning", "copies"}) {
    CAPTURE(what);
    const nothing_left check;
    program client("busy_mesh", {what, "impatient"});
    const int host = client.expect_number("host ");
    client.expect("waiting");
    if (what == std::string("spinning")) client.expect("spinning");
    ::kill(host, SIGKILL);
    CHECK(client.wait() == 1);
    INFO(client.output());
    CHECK(has(client.output(), "process " + std::to_string(host)));
    CHECK(client.count("viceroy: ") == 1);
    CHECK(client.count("SIGKILL") == 1);
    nothing_lives(client);
  }
}

TEST_CASE("a proc is killed while its mesh is busy: the client says so once and ends with status 1") {
  for (const char* what : {"idle", "casting", "copies"}) {
    CAPTURE(what);
    const nothing_left check;
    program client("busy_mesh", {what});
    const int proc = client.expect_number("proc ");
    client.expect("waiting");
    ::kill(proc, SIGABRT);  // one that no sanitizer takes for its own
    CHECK(client.wait() == 1);
    INFO(client.output());
    CHECK(has(client.output(), "process " + std::to_string(proc)));
    CHECK(client.count("viceroy: ") == 1);
    CHECK(client.count("SIGABRT") == 1);
    nothing_lives(client);
  }
}

TEST_CASE("a signal ends the mesh in order, and the client with 128 + n") {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(number);
    const nothing_left check;
    const auto before = ::signal(SIGHUP, SIG_DFL);  // ignored under nohup
    program client("busy_mesh", {"idle"});
    ::signal(SIGHUP, before);
    client.expect("waiting");
    const auto begin = std::chrono::steady_clock::now();
    client.signal(number);
    CHECK(client.wait() == 128 + number);
    CHECK(std::chrono::steady_clock::now() - begin < 4s);
    CHECK(living().empty());  // already: it waited for them
    INFO(client.output());
    CHECK(client.count("viceroy: ") == 0);
  }
}

namespace {

bool ignores(int pid, int number) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("SigIgn:")) return std::stoull(line.substr(7), nullptr, 16) >> (number - 1) & 1;
  return false;
}

}  // namespace

TEST_CASE("a mesh that was started under nohup goes on when the terminal hangs up") {
  const nothing_left check;
  const auto before = ::signal(SIGHUP, SIG_IGN);  // which its child inherits
  program client("busy_mesh", {"idle"});
  ::signal(SIGHUP, before);
  const int host = client.expect_number("host ");
  const int proc = client.expect_number("proc ");
  client.expect("waiting");
  for (const int each : {client.pid(), host, proc}) {
    CHECK(ignores(each, SIGHUP));
    ::kill(each, SIGHUP);
  }
  client.signal(SIGINT);
  CHECK(client.wait() == 130);  // in order: the first signal that it heard
  INFO(client.output());
  CHECK(client.count("viceroy: ") == 0);
  CHECK(living().empty());
}

TEST_CASE("Ctrl-C ends a mesh at every step with status 130") {
  for (const char* what : {"casting", "copies", "done", "spinning", "shutdown"}) {
    CAPTURE(what);
    const nothing_left check;
    program client("busy_mesh", {what, "impatient"});
    client.expect("waiting");
    if (what == std::string("spinning")) client.expect("spinning");
    client.signal(SIGINT);
    CHECK(client.wait() == 130);
    INFO(client.output());
    nothing_lives(client);
  }
  for (const char* how : {"before-wait", "after-stop", "shell"}) {
    CAPTURE(how);
    const nothing_left check;
    program client("stuck_procs", {how});
    for (int i = 0; i != 4; ++i) client.expect("stuck ");
    if (std::string_view(how).ends_with("stop")) are_stopped(4);
    client.signal(SIGINT);
    client.signal(SIGINT);
    CHECK(client.wait() == 130);
    nothing_lives(client);
  }
}

TEST_CASE("a second signal exits at once, and the kernel cleans up") {
  const nothing_left check;
  program client("busy_mesh", {"spinning"});  // its shutdown would take limits::drain
  client.expect("waiting");
  client.expect("spinning");
  const auto begin = std::chrono::steady_clock::now();
  client.signal(SIGTERM);
  client.signal(SIGINT);
  const int status = client.wait();
  CHECK((status == 130 || status == 143));  // the kernel may hand the lower number over first
  CHECK(std::chrono::steady_clock::now() - begin < 3s);
  nothing_lives(client);
}

TEST_CASE("a second signal needs no loop: a root task that never yields cannot hold it up") {
  const nothing_left check;
  program client("busy_mesh", {"held up"});
  client.expect("waiting");
  client.signal(SIGINT);
  while (!dies(client.pid(), 10ms)) client.signal(SIGINT);  // two that are pending are one
  CHECK(client.wait() == 130);
  nothing_lives(client);
}

TEST_CASE("a limit begins when its step does, however long the turn of the loop was before") {
  const nothing_left check;
  program client("busy_mesh", {"held up for a while"});
  client.expect("waiting");
  client.signal(SIGINT);
  CHECK(client.wait() == 130);
  INFO(client.output());
  CHECK(client.count("viceroy: ") == client.count("has held the loop"));  // which the watchdog may say, too
}

TEST_CASE("a stranger's SIGTERM drains a proc, and its owner hears what ended it") {
  const nothing_left check;
  program client("busy_mesh", {"idle"});
  const int proc = client.expect_number("proc ");
  client.expect("waiting");
  ::kill(proc, SIGTERM);
  CHECK(dies(proc, 5s));
  CHECK(client.wait() == 1);
  INFO(client.output());
  CHECK(client.count("ended because of a SIGTERM that nobody of the mesh sent") == 1);
  nothing_lives(client);
}
