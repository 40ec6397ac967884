// What does not start: each error names rank, process, exit or signal and the last lines, and all else is
// cleaned up.
#include <doctest/doctest.h>

#include "system/app.hpp"
#include "system/processes.hpp"

using namespace system_test;
using vr::errc;

namespace {

const vr::bootstrap_command self = vr::bootstrap_command::self();

// The program itself, for a shell that execs it: /proc/self/exe would be the shell.
std::string own_path() {
  char path[4096] = {};
  static_cast<void>(!::readlink("/proc/self/exe", path, sizeof path - 1));
  return path;
}
vr::bootstrap_command shell(const std::string& script) {
  return vr::bootstrap_command("/bin/sh", {"-c", script, own_path()});
}

// Children of one rank only run under a prefix.
class one_rank_under {
 public:
  one_rank_under(const char* rank, const std::string& prefix) {
    ::setenv("VICEROY_CHILD_PREFIX_RANKS", rank, 1);
    ::setenv("VICEROY_CHILD_PREFIX", prefix.c_str(), 1);
  }
  one_rank_under(const one_rank_under&) = delete;
  one_rank_under& operator=(const one_rank_under&) = delete;
  ~one_rank_under() {
    ::unsetenv("VICEROY_CHILD_PREFIX_RANKS");
    ::unsetenv("VICEROY_CHILD_PREFIX");
  }
};

struct failed {
  std::string sentence;
  errc kind = errc::bad_input;
  std::chrono::milliseconds took{};
  std::size_t alive = 0;  // what still lives when all of it should be gone: after `within`
};

using limits_of = void (*)(vr::limits&);

// Allocates hosts with a command; says how that failed.
failed allocating(vr::extent hosts, const vr::bootstrap_command& command, limits_of set = nullptr,
                  vr::transport over = vr::transport::unix_domain) {
  failed out;
  vr::runtime<app> rt;
  if (set) set(rt.limits());
  const auto begin = std::chrono::steady_clock::now();
  vr::block_on(rt,
               [](vr::runtime<app>& r, vr::extent shape, vr::bootstrap_command what, vr::transport t,
                  failed& o) -> vr::task<void> {
                 auto client = client_of(r, t);
                 o.sentence = co_await sentence_of(hosts_of(client, shape, t, std::move(what)), &o.kind);
               }(rt, hosts, command, over, out));
  out.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  return out;
}

// Allocates one good host, and spawns procs on it with a command of their own.
failed spawning(vr::extent procs, const vr::bootstrap_command& command, limits_of set = nullptr) {
  failed out;
  vr::runtime<app> rt;
  if (set) set(rt.limits());
  vr::block_on(
      rt, [](vr::runtime<app>& r, vr::extent shape, vr::bootstrap_command what, failed& o) -> vr::task<void> {
        auto client = client_of(r);
        auto alloc = co_await vr::process_allocator(self).allocate(vr::alloc_spec(vr::dim("hosts", 1)));
        auto hosts =
            co_await vr::host_mesh<app>::allocate(client, std::move(alloc), "hosts", std::move(what));
        const auto begin = std::chrono::steady_clock::now();
        o.sentence = co_await sentence_of(hosts.spawn(client, "procs", shape), &o.kind);
        o.took =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
        // Whatever had started is ended in the background; the host itself is unharmed.
        for (const process_entry& each : living())
          if (each.parent != ::getpid()) co_await until_dead(r, each.pid);
        o.alive = living().size() - 1;
        co_await hosts.shutdown(client);
      }(rt, procs, command, out));
  return out;
}

void check_names(const failed& f, errc kind, std::initializer_list<const char*> parts) {
  INFO(f.sentence);
  CHECK(f.kind == kind);
  for (const char* part : parts) CHECK_MESSAGE(has(f.sentence, part), "it does not say: " << part);
  CHECK(f.alive == 0);
}

}  // namespace

TEST_CASE("a child that exits at once is told with rank, process, status and last lines") {
  const nothing_left check;
  const auto f = allocating(vr::dim("hosts", 3), shell("echo first; echo the last line; exit 7"));
  check_names(f, errc::spawn_failed,
              {"rank", "process", "exited with status 7", "before it said hello", "first", "the last line"});
  CHECK(f.took < 10s);
}

TEST_CASE("a child whose main forgets to run as one makes no runtime, and so no children without end") {
  ::setenv("VICEROY_BOOTSTRAP_ADDR", "unix:@parent", 1);
  std::string says;
  try {
    vr::runtime<app> rt;
  } catch (const vr::error& e) {
    says = e.what();
  }
  ::unsetenv("VICEROY_BOOTSTRAP_ADDR");
  CHECK(has(says, "was started by a mesh as a child"));
  CHECK(has(says, "begin main with `if (auto rc = viceroy::run_child<app>()) return *rc;`"));
}

TEST_CASE("one child of four that exits at once takes the other three along") {
  const nothing_left check;
  const one_rank_under prefix("2", "/bin/sh -c 'echo not me >&2; exit 9'");
  const auto f = allocating(vr::dim("hosts", 4), self);
  check_names(f, errc::spawn_failed, {"rank 2", "process", "exited with status 9", "not me"});
}

TEST_CASE("a child that is killed by a signal is told with it") {
  const nothing_left check;
  const auto f = allocating(vr::dim("hosts", 1), shell("echo before the end; kill -SEGV $$"));
  check_names(f, errc::spawn_failed, {"rank 0", "process", "signal 11", "SIGSEGV", "before the end"});
}

TEST_CASE("a child that never says hello is given up after limits::hello, and killed with its group") {
  const nothing_left check;
  const auto f =
      allocating(vr::dim("hosts", 2), shell("trap '' TERM; echo waiting for nothing; sleep 1000 & wait"),
                 [](vr::limits& l) { l.hello = 700ms; });
  check_names(f, errc::spawn_failed,
              {"rank", "process", "did not say hello within 700 ms", "waiting for nothing"});
  CHECK(f.took >= 700ms);
  CHECK(f.took < 5s);
}

TEST_CASE("a child that is stopped by SIGSTOP before its hello is killed after the limit") {
  const nothing_left check;
  const auto f = allocating(vr::dim("hosts", 1), shell("kill -STOP $$; exec \"$0\""),
                            [](vr::limits& l) { l.hello = 500ms; });
  check_names(f, errc::spawn_failed,
              {"rank 0", "process", "did not say hello within 500 ms", "it wrote nothing"});
}

TEST_CASE("a bootstrap command that does not exist is told with its name and the kernel's reason") {
  const nothing_left check;
  const auto f = allocating(vr::dim("hosts", 2), vr::bootstrap_command("/no/such/program"));
  check_names(f, errc::spawn_failed, {"rank 0", "/no/such/program", "No such file or directory"});
  const auto g = allocating(vr::dim("hosts", 1), vr::bootstrap_command("/etc/passwd"));
  check_names(g, errc::spawn_failed, {"rank 0", "/etc/passwd", "Permission denied"});
  const auto h = spawning(vr::dim("gpus", 2), vr::bootstrap_command("viceroy-no-such-program"));
  check_names(h, errc::spawn_failed, {"rank 0", "viceroy-no-such-program", "No such file or directory"});
}

TEST_CASE("a process that dies between hello and started_proc is told with rank, process and exit") {
  const nothing_left check;
  const auto f = allocating(vr::dim("hosts", 2), self.env("VICEROY_TEST_AFTER_HELLO", "kill"), nullptr,
                            vr::transport::tcp);
  check_names(f, errc::spawn_failed,
              {"rank", "process", "signal 9", "SIGKILL", "before its proc was started", "stuck after hello"});
  const auto g = allocating(vr::dim("hosts", 2), self.env("VICEROY_TEST_AFTER_HELLO", "exit"), nullptr,
                            vr::transport::tcp);
  check_names(
      g, errc::spawn_failed,
      {"rank", "process", "exited with status 3", "before its proc was started", "stuck after hello"});
}

TEST_CASE("a process that says hello and then nothing is given up after limits::start_proc") {
  const nothing_left check;
  const auto f = allocating(
      vr::dim("hosts", 1), self.env("VICEROY_TEST_AFTER_HELLO", "stop"),
      [](vr::limits& l) { l.start_proc = 700ms; }, vr::transport::tcp);
  check_names(f, errc::spawn_failed,
              {"rank 0", "process", "did not start its proc within 700 ms", "stuck after hello"});
}

TEST_CASE("procs fail as hosts do: exit, signal, silence, and death after hello; the host goes on") {
  const nothing_left check;
  check_names(spawning(vr::dim("gpus", 4), shell("echo proc says no; exit 5")), errc::spawn_failed,
              {"rank 0", "process", "exited with status 5", "proc says no"});
  check_names(spawning(vr::dim("gpus", 2), shell("kill -KILL $$")), errc::spawn_failed,
              {"rank", "process", "SIGKILL"});
  check_names(spawning(vr::dim("gpus", 2), shell("exec sleep 1000"), [](vr::limits& l) { l.hello = 500ms; }),
              errc::spawn_failed, {"rank", "process", "did not say hello within 500 ms"});
  check_names(spawning(vr::dim("gpus", 2), self.env("VICEROY_TEST_AFTER_HELLO", "kill")), errc::spawn_failed,
              {"rank", "process", "SIGKILL", "before its proc was started", "stuck after hello"});
}

TEST_CASE("one proc of eight that dies takes the other seven along, and the host goes on") {
  const nothing_left check;
  const one_rank_under prefix("5", "/bin/sh -c 'echo rank five gives up; exit 4'");
  check_names(spawning(vr::dim("gpus", 8), self), errc::spawn_failed,
              {"rank 5", "process", "exited with status 4", "rank five gives up"});
}

TEST_CASE("an actor whose constructor throws fails the spawn with rank and text, and the procs go on") {
  const nothing_left check;
  const one_rank_under prefix("1", "env VICEROY_TEST_PICKY='I am not for this place'");
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 3));
    errc kind{};
    const std::string why = co_await sentence_of(procs.spawn<picky>(client, "picky"), &kind);
    INFO(why);
    CHECK(kind == errc::spawn_failed);
    for (const char* part : {"rank 1", "I am not for this place", "picky"}) CHECK(has(why, part));
    CHECK_FALSE(has(why, "rank 0"));
    auto others = co_await procs.spawn<probe>(client, "probe");
    auto answers = co_await others.call<where>(client);
    CHECK(answers.size() == 3);
    co_await procs.stop(client);
  });
}

TEST_CASE(
    "an actor whose constructor kills its process fails the spawn, and the procs, with signal and last "
    "lines") {
  const nothing_left check;
  const one_rank_under prefix("1", "env VICEROY_TEST_PICKY=K");
  std::string spawn;
  std::string all;
  const auto begin = std::chrono::steady_clock::now();
  try {
    on_a_runtime([&](vr::runtime<app>& rt) -> vr::task<void> {
      auto client = client_of(rt);
      auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2));
      spawn = co_await sentence_of(procs.spawn<picky>(client, "picky"));
      auto [port, inbox] = client.open_port<int>();
      co_await inbox.recv();  // nobody handles the procs' failure: it ends this
    });
  } catch (const vr::error& e) {
    all = e.sentence();
  }
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  for (const char* part : {"rank 1", "process", "SIGKILL", "killed by my constructor"}) {
    CHECK_MESSAGE(has(all, part), all);
    CHECK_MESSAGE((spawn.empty() || has(spawn, part)), spawn);  // the end may come first
  }
}

TEST_CASE("who waits for an actor whose process was sent a SIGTERM hears of that, whatever tells it first") {
  const nothing_left check;
  std::string call;
  std::string after;
  std::string all;
  try {
    on_a_runtime([&](vr::runtime<app>& rt) -> vr::task<void> {
      rt.limits().drain = 300ms;
      auto client = client_of(rt);
      auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2));
      auto actors = co_await procs.spawn<probe>(client, "probe");
      auto at = co_await actors.slice("gpus", 1).call_one<where>(client);
      auto [begun, hears] = client.open_once_port<int>();
      auto pending = actors.slice("gpus", 1).call_one<hang>(client, begun.bind());
      co_await hears.recv();
      ::kill(static_cast<int>(at.pid), SIGTERM);
      call = co_await sentence_of(vr::as_task(std::move(pending)));
      after = co_await sentence_of(vr::as_task(actors.slice("gpus", 1).call_one<where>(client)));
      auto [port, inbox] = client.open_port<int>();
      co_await inbox.recv();  // nobody handles the procs' failure: it ends this
    });
  } catch (const vr::error& e) {
    all = e.sentence();
  }
  CHECK_MESSAGE((call.empty() || has(call, "was stopped before it answered: its process was sent a SIGTERM")),
                call);
  CHECK_MESSAGE((after.empty() || has(after, "SIGTERM")), after);
  CHECK_MESSAGE(has(all, "SIGTERM"), all);
}

TEST_CASE(
    "a call whose message was still being written when the receiver's process was killed names the signal") {
  const nothing_left check;
  std::string call;
  std::string all;
  try {
    on_a_runtime([&](vr::runtime<app>& rt) -> vr::task<void> {
      auto client = client_of(rt);
      auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 1));
      auto actors = co_await procs.spawn<probe>(client, "probe");
      auto at = co_await actors.call_one<where>(client);
      ::kill(static_cast<int>(at.pid), SIGSTOP);
      auto pending = actors.call_one<variable>(client, std::string(8u << 20, 'x'));
      ::kill(static_cast<int>(at.pid), SIGKILL);
      call = co_await sentence_of(vr::as_task(std::move(pending)));
      auto [port, inbox] = client.open_port<int>();
      co_await inbox.recv();  // nobody handles the procs' failure: it ends this
    });
  } catch (const vr::error& e) {
    all = e.sentence();
  }
  CHECK_MESSAGE((call.empty() || has(call, "SIGKILL")), call);
  CHECK_MESSAGE(has(all, "SIGKILL"), all);
}

TEST_CASE("a spawn that is given up halfway leaves nothing, wherever it was") {
  for (const auto limit : {1ms, 5ms, 10ms, 20ms, 30ms, 40ms}) {
    const nothing_left check;
    on_a_runtime([limit](vr::runtime<app>& rt) -> vr::task<void> {
      auto client = client_of(rt);
      try {
        auto mesh = co_await vr::within(limit, whole_mesh(client, vr::dim("hosts", 2), vr::dim("gpus", 4)));
      } catch (const vr::error& e) {
        CHECK(e.kind() == errc::timeout);
      }
    });
  }
}

TEST_CASE("a runtime ends while its children are stuck between hello and started_proc") {
  const nothing_left check;
  const auto begin = std::chrono::steady_clock::now();
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    rt.limits().drain = 300ms;
    rt.limits().terminate = 300ms;
    auto client = client_of(rt);
    errc kind{};
    const std::string why =
        co_await sentence_of(vr::within(300ms, hosts_of(client, vr::dim("hosts", 2), vr::transport::tcp,
                                                        self.env("VICEROY_TEST_AFTER_HELLO", "stop"))),
                             &kind);
    CHECK(kind == errc::timeout);
    CHECK(has(why, "300 ms"));
  });
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}
