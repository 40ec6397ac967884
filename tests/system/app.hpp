// app: the application of the system tests: actors that answer, and actors that do everything wrong.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>
#include <viceroy/bootstrap/asio.hpp>
#include <viceroy/viceroy.hpp>

namespace system_test {

namespace vr = viceroy;

// Who an actor is, where it stands, and in which process.
struct place {
  std::uint32_t rank = 0;
  std::vector<std::uint64_t> indices;
  std::string point;
  vr::actor_id id;
  std::int64_t pid = 0;
  std::int64_t parent = 0;
};
struct where {};
struct where_to {
  vr::port_ref<place> to;
};
struct count {};  // how often it was told where_to
struct throw_up {
  std::string why;
};
struct die {  // of a signal (n > 0), or with status -n
  int how;
};
struct hang {  // suspends for ever, and says so
  vr::once_port_ref<int> begun;
};
struct spin {};       // holds its loop for ever, once it has said so on stdout
struct hold {};       // the same until the watchdog has said so; answers how often that was
struct copy_self {};  // forks a copy that stays; answers its pid
struct say {
  std::string out;
  std::string err;
};
struct variable {
  std::string name;
};

inline void write_line(int fd, const std::string& text) {
  const std::string line = text + "\n";
  static_cast<void>(!::write(fd, line.data(), line.size()));
}

struct probe {
  using handles =
      vr::messages<where, where_to, count, throw_up, die, hang, spin, hold, copy_self, say, variable>;

  place here(vr::context<probe>& cx) const {
    place p;
    p.rank = cx.rank();
    for (const std::size_t i : cx.point().indices()) p.indices.push_back(i);
    p.point = cx.point().text();
    p.id = cx.id();
    p.pid = ::getpid();
    p.parent = ::getppid();
    return p;
  }
  place handle(vr::context<probe>& cx, where) { return here(cx); }
  void handle(vr::context<probe>& cx, const where_to& m) {
    ++told;
    m.to.send(cx, here(cx));
  }
  int handle(vr::context<probe>&, count) { return told; }
  void handle(vr::context<probe>&, throw_up m) { throw std::runtime_error(m.why); }
  void handle(vr::context<probe>&, die m) {
    write_line(2, "these are my last words");
    if (m.how > 0) ::kill(::getpid(), m.how);
    ::_exit(-m.how);
  }
  vr::task<void> handle(vr::context<probe>& cx, hang m) {
    auto [port, inbox] = cx.open_port<int>();
    m.begun.send(cx, static_cast<int>(::getpid()));
    co_await inbox.recv();
  }
  void handle(vr::context<probe>&, spin) {
    write_line(1, "spinning " + std::to_string(::getpid()));
    for (volatile bool on = true; on;) {
    }
  }
  std::uint64_t handle(vr::context<probe>& cx, hold) {
    const vr::holder& loop = cx.box().queue().holder();
    for (const std::uint64_t before = loop.times_held(); loop.times_held() == before;) ::sched_yield();
    return loop.times_held();
  }
  int handle(vr::context<probe>&, copy_self) {
    const pid_t copy = ::fork();
    if (copy == 0) {
      for (;;) ::pause();
    }
    return copy;
  }
  void handle(vr::context<probe>&, say m) {
    if (!m.out.empty()) write_line(1, m.out);
    if (!m.err.empty()) write_line(2, m.err);
  }
  std::string handle(vr::context<probe>&, variable m) {
    const char* const value = std::getenv(m.name.c_str());
    return value ? value : "";
  }
  int told = 0;
};

struct block {  // for ever, once it has said so
  vr::once_port_ref<int> begun;
};

// Blocks on a thread of its own, in its proc's process.
struct blocker {
  using execution = vr::own_thread;
  using handles = vr::messages<where, where_to, block, die>;
  place here(vr::context<blocker>& cx) const {
    place p;
    p.rank = cx.rank();
    p.id = cx.id();
    p.pid = ::getpid();
    return p;
  }
  place handle(vr::context<blocker>& cx, where) { return here(cx); }
  void handle(vr::context<blocker>& cx, const where_to& m) { m.to.send(cx, here(cx)); }
  void handle(vr::context<blocker>& cx, block m) {
    m.begun.send(cx, static_cast<int>(::getpid()));
    for (;;) ::pause();
  }
  void handle(vr::context<blocker>&, die m) {
    if (m.how > 0) ::kill(::getpid(), m.how);
    ::_exit(-m.how);
  }
};

// Cannot be made where VICEROY_TEST_PICKY is set; there it throws that, or dies of that signal.
struct picky {
  using handles = vr::messages<where>;
  picky() {
    const char* const why = std::getenv("VICEROY_TEST_PICKY");
    if (why && *why == 'K') {
      write_line(2, "killed by my constructor");
      ::kill(::getpid(), SIGKILL);
    }
    if (why) throw std::runtime_error(why);
  }
  int handle(vr::context<picky>&, where) { return ::getpid(); }
};

// Owns meshes of its own: its procs, actors on them, and what it heard of their failures.
struct start_below {
  std::uint32_t procs;
};
struct where_below {};
struct kill_below {
  std::uint32_t rank;
};
struct heard {};
struct next_failure {  // the first there is, or will be
  vr::once_port_ref<std::string> to;
};
struct actors_below {};
struct leave_below {  // as a leaver does
  int signal;
};
struct own_host {};
struct start_manager {};  // below this one, in a process of its own; answers where that is
struct manager {
  using handles = vr::messages<start_below, where_below, actors_below, kill_below, heard, next_failure,
                               own_host, start_manager, leave_below, vr::mesh_failure>;

  vr::task<std::vector<place>> handle(vr::context<manager>& cx, start_below m);
  vr::task<std::vector<place>> handle(vr::context<manager>& cx, where_below);
  void handle(vr::context<manager>& cx, kill_below m);
  std::vector<std::string> handle(vr::context<manager>&, heard) { return sentences; }
  vr::actor_mesh_ref<probe> handle(vr::context<manager>& cx, actors_below);
  void handle(vr::context<manager>& cx, next_failure m) {
    waiting = m.to;
    tell_first(cx);
  }
  vr::actor_id handle(vr::context<manager>& cx, own_host);
  vr::task<place> handle(vr::context<manager>& cx, start_manager);
  vr::task<void> handle(vr::context<manager>& cx, leave_below m);
  void handle(vr::context<manager>& cx, const vr::mesh_failure& m) {
    sentences.push_back(m.mesh + "/" + std::to_string(m.rank) + ": " + m.sentence);
    tell_first(cx);
  }
  void tell_first(vr::context<manager>& cx) {
    if (!sentences.empty() && !waiting.empty()) std::exchange(waiting, {}).send(cx, sentences.front());
  }

  vr::once_port_ref<std::string> waiting;
  std::vector<std::string> sentences;
  struct meshes;
  std::shared_ptr<meshes> below;
  struct middle;
  std::shared_ptr<middle> between;
  struct leavers;
  std::shared_ptr<leavers> leaving;
};

// Has something to do when it stops, which goes wrong: it throws (0), or dies of a signal.
struct leaver {
  using handles = vr::messages<where>;
  using params = int;
  explicit leaver(int s) : signal(s) {}
  int handle(vr::context<leaver>&, where) { return ::getpid(); }
  vr::task<void> stop(vr::context<leaver>& cx) {
    auto [port, inbox] = cx.open_once_port<int>();
    try {
      co_await vr::within(std::chrono::milliseconds(20), inbox.recv());
    } catch (const vr::error&) {
    }
    if (signal != 0) ::raise(signal);
    throw std::runtime_error("cannot say goodbye");
  }
  int signal;
};

// Stops in its stop hook what it owns, asks it first, and waits for room to do so.
struct tidier {
  using handles = vr::messages<start_below, vr::mesh_failure>;
  vr::task<void> handle(vr::context<tidier>& cx, start_below m);
  void handle(vr::context<tidier>&, const vr::mesh_failure&) {}
  vr::task<void> stop(vr::context<tidier>& cx);
  struct meshes;
  std::shared_ptr<meshes> below;
};

using app =
    vr::application<"viceroy_system_tests", vr::actors<probe, picky, blocker, manager, leaver, tidier>>;

struct manager::meshes {
  meshes(vr::proc_mesh<app> p, vr::actor_mesh<probe> a) : procs(std::move(p)), actors(std::move(a)) {}
  vr::proc_mesh<app> procs;
  vr::actor_mesh<probe> actors;
};
inline vr::task<std::vector<place>> manager::handle(vr::context<manager>& cx, start_below m) {
  auto procs = co_await vr::this_host<app>(cx).spawn(cx, "below", vr::dim("below", m.procs));
  auto actors = co_await procs.spawn<probe>(cx, "below");
  auto all = co_await actors.call<where>(cx);
  below = std::make_shared<meshes>(std::move(procs), std::move(actors));
  co_return all.values();
}
struct tidier::meshes : manager::meshes {
  using manager::meshes::meshes;
};
inline vr::task<void> tidier::handle(vr::context<tidier>& cx, start_below m) {
  auto procs = co_await vr::this_host<app>(cx).spawn(cx, "below", vr::dim("below", m.procs));
  auto actors = co_await procs.spawn<probe>(cx, "below");
  below = std::make_shared<meshes>(std::move(procs), std::move(actors));
}
inline vr::task<void> tidier::stop(vr::context<tidier>& cx) {
  co_await cx.ready(below->actors);
  const auto all = co_await below->actors.call<where>(cx);
  co_await below->procs.stop(cx);
  write_line(1, "tidied " + std::to_string(all.size()));
}
struct manager::leavers {
  leavers(vr::proc_mesh<app> p, vr::actor_mesh<leaver> a) : procs(std::move(p)), actors(std::move(a)) {}
  vr::proc_mesh<app> procs;
  vr::actor_mesh<leaver> actors;
};
inline vr::task<void> manager::handle(vr::context<manager>& cx, leave_below m) {
  auto procs = co_await vr::this_host<app>(cx).spawn(cx, "below", vr::extent::unity());
  auto actors = co_await procs.spawn<leaver>(cx, "leaver", m.signal);
  leaving = std::make_shared<leavers>(std::move(procs), std::move(actors));
}
struct manager::middle {
  middle(vr::proc_mesh<app> p, vr::actor_mesh<manager> m) : procs(std::move(p)), managers(std::move(m)) {}
  vr::proc_mesh<app> procs;
  vr::actor_mesh<manager> managers;
};
inline vr::task<place> manager::handle(vr::context<manager>& cx, start_manager) {
  auto procs = co_await vr::this_host<app>(cx).spawn(cx, "middle", vr::extent::unity());
  auto managers = co_await procs.spawn<manager>(cx, "middle");
  auto probes = co_await procs.spawn<probe>(cx, "probe");
  place where_it_is = co_await probes.call_one<where>(cx);
  where_it_is.id = managers.values().front().id();
  between = std::make_shared<middle>(std::move(procs), std::move(managers));
  co_return where_it_is;
}
inline vr::task<std::vector<place>> manager::handle(vr::context<manager>& cx, where_below) {
  auto all = co_await below->actors.call<where>(cx);
  co_return all.values();
}
inline void manager::handle(vr::context<manager>& cx, kill_below m) {
  below->actors.slice("below", m.rank).cast<die>(cx, SIGKILL);
}
inline vr::actor_mesh_ref<probe> manager::handle(vr::context<manager>&, actors_below) {
  return below->actors.ref();
}
inline vr::actor_id manager::handle(vr::context<manager>& cx, own_host) {
  return vr::this_host<app>(cx).values().front();
}

// Processes allocated as hosts, procs on them, a probe on each.
struct whole {
  whole(vr::host_mesh<app> h, vr::proc_mesh<app> p, vr::actor_mesh<probe> a)
      : hosts(std::move(h)), procs(std::move(p)), actors(std::move(a)) {}
  vr::host_mesh<app> hosts;
  vr::proc_mesh<app> procs;
  vr::actor_mesh<probe> actors;
};
inline vr::task<vr::host_mesh<app>> hosts_of(vr::instance& client, vr::extent shape,
                                             vr::transport over = vr::transport::unix_domain,
                                             vr::bootstrap_command command = vr::bootstrap_command::self()) {
  const vr::process_allocator allocator(std::move(command));
  auto alloc = co_await allocator.allocate(vr::alloc_spec(shape, over));
  co_return co_await vr::host_mesh<app>::allocate(client, std::move(alloc), "hosts");
}
inline vr::task<whole> whole_mesh(vr::instance& client, vr::extent hosts, vr::extent procs,
                                  vr::transport over = vr::transport::unix_domain) {
  auto h = co_await hosts_of(client, hosts, over);
  auto p = co_await h.spawn(client, "procs", procs);
  auto a = co_await p.spawn<probe>(client, "probe");
  co_return whole(std::move(h), std::move(p), std::move(a));
}
inline vr::instance client_of(vr::runtime<app>& rt, vr::transport over = vr::transport::unix_domain) {
  return vr::proc<app>::direct(rt, over, "root").instance("client");
}

// Runs a test's task on a runtime of its own, which ends with everything it owns before this returns.
template <class F>
void on_a_runtime(F f) {
  vr::runtime<app> rt;
  vr::block_on(rt, f(rt));
}

// The sentence of what an awaited task throws, and its kind; "nothing was thrown".
template <class T>
vr::task<std::string> sentence_of(vr::task<T> work, vr::errc* kind = nullptr) {
  try {
    co_await std::move(work);
  } catch (const vr::error& e) {
    if (kind) *kind = e.kind();
    co_return e.sentence();
  }
  co_return "nothing was thrown";
}
// Waits, without holding the loop up, until a process is dead.
inline vr::task<void> until_dead(vr::runtime<app>& rt, int pid) {
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (fd < 0) co_return;
  boost::asio::posix::stream_descriptor watch(vr::io_context_of(rt), fd);
  co_await vr::use(rt, [&](auto token) { return watch.async_wait(watch.wait_read, token); });
}
inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace system_test
