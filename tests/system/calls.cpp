// What callers and owners are told: of processes that are gone, of actors that fail, of handles that are
// inert.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <tuple>

#include "system/app.hpp"
#include "system/program.hpp"

using namespace system_test;
using vr::errc;

namespace {

// An owner that is told of failures and goes on: beside the client, in its process.
vr::actor_ref<manager> manager_in(vr::runtime<app>& rt) {
  return vr::proc<app>::direct(rt, vr::transport::unix_domain, "managers").spawn<manager>("manager");
}
vr::task<void> for_nothing() { co_return; }
std::string process(std::int64_t pid) { return "process " + std::to_string(pid); }

template <class F>
std::string thrown_by(F f, errc* kind = nullptr) {
  try {
    f();
  } catch (const vr::error& e) {
    if (kind) *kind = e.kind();
    return e.sentence();
  }
  return "nothing was thrown";
}

}  // namespace

TEST_CASE(
    "a call whose process is killed in the handler ends at once with rank, process, signal and last lines") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto owner = manager_in(rt);
    auto all = co_await owner.call<start_below>(client, 3u);
    auto actors = co_await owner.call<actors_below>(client);
    for (const auto& [rank, how, words] :
         {std::tuple(1, SIGKILL, "SIGKILL"), std::tuple(2, -5, "exited with status 5")}) {
      const auto begin = std::chrono::steady_clock::now();
      errc kind{};
      auto call = actors.slice("below", rank).call_one<die>(client, how);
      const std::string why = co_await sentence_of(vr::as_task(std::move(call)), &kind);
      INFO(why);
      CHECK(std::chrono::steady_clock::now() - begin < 2s);
      CHECK(kind == errc::process_died);
      CHECK(has(why, "rank " + std::to_string(rank)));
      CHECK(has(why, process(all[static_cast<std::size_t>(rank)].pid)));
      CHECK(has(why, words));
      CHECK(has(why, "these are my last words"));
    }
    // From now on it is known: a cast is refused as a whole, a call of the dead ends at once, the living go
    // on.
    errc kind{};
    auto [port, inbox] = client.open_port<place>();
    const std::string refused = thrown_by([&] { actors.cast<where_to>(client, port.bind()); }, &kind);
    CHECK_MESSAGE((has(refused, "rank 1") && has(refused, "SIGKILL")), refused);
    CHECK(kind == errc::process_died);
    const std::string again =
        co_await sentence_of(vr::as_task(actors.slice("below", 1).call_one<where>(client)));
    CHECK_MESSAGE(has(again, "SIGKILL"), again);
    auto living_one = co_await actors.slice("below", 0).call_one<where>(client);
    CHECK(living_one.pid == all[0].pid);
    auto told = co_await actors.slice("below", 0).call_one<count>(client);
    CHECK(told == 0);  // nothing of the refused cast was sent
    auto chosen = co_await actors.choose<where>(client);
    CHECK(chosen.pid == all[0].pid);
  });
}

TEST_CASE("a call of all ends at once when one of them is killed from outside while it is suspended") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto owner = manager_in(rt);
    auto all = co_await owner.call<start_below>(client, 2u);
    auto actors = co_await owner.call<actors_below>(client);
    auto [port, inbox] = client.open_once_port<int>();
    auto pending = actors.slice("below", 1).call<hang>(client, port.bind());
    const int pid = co_await inbox.recv();
    CHECK(pid == all[1].pid);
    ::kill(pid, SIGHUP);  // which a child takes for its parent's affair
    ::kill(pid, SIGKILL);
    const auto begin = std::chrono::steady_clock::now();
    const std::string why = co_await sentence_of(vr::as_task(std::move(pending)));
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    CHECK_MESSAGE((has(why, "rank 1") && has(why, process(pid)) && has(why, "SIGKILL")), why);
  });
}

TEST_CASE("an owner hears of a process that died with mesh, rank and cause, once per mesh, and goes on") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto owner = manager_in(rt);
    auto all = co_await owner.call<start_below>(client, 3u);
    auto [port, inbox] = client.open_once_port<std::string>();
    owner.send<next_failure>(client, port.bind());
    owner.send<kill_below>(client, 2u);
    const std::string first = co_await vr::within(5s, inbox.recv(), "a failure");
    INFO(first);
    CHECK(has(first, "below/2: "));
    CHECK(has(first, process(all[2].pid)));
    CHECK(has(first, "SIGKILL"));
    auto sentences = co_await owner.call<heard>(client);
    CHECK(sentences.size() == 2);  // the procs, and the actors on them
    auto fresh = co_await owner.call<start_below>(client, 2u);
    CHECK(fresh.size() == 2);
  });
}

TEST_CASE("an actor that fails is told to its owner; its process lives, and makes actors again") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto owner = manager_in(rt);
    auto all = co_await owner.call<start_below>(client, 2u);
    auto actors = co_await owner.call<actors_below>(client);

    // With somebody waiting the call fails, and only the call.
    const std::string call =
        co_await sentence_of(vr::as_task(actors.slice("below", 1).call_one<throw_up>(client, "no appetite")));
    CHECK_MESSAGE((has(call, "no appetite") && has(call, "throw_up")), call);
    auto alive = co_await actors.call<where>(client);
    CHECK(alive[1].pid == all[1].pid);

    auto [port, inbox] = client.open_once_port<std::string>();
    owner.send<next_failure>(client, port.bind());
    actors.slice("below", 1).cast<throw_up>(client, "quite sick");
    const std::string first = co_await vr::within(5s, inbox.recv(), "a failure");
    CHECK_MESSAGE((has(first, "below/1: ") && has(first, "quite sick") && has(first, "throw_up")), first);
    CHECK(dies(static_cast<int>(all[1].pid), 0ms) == false);
    const std::string dead =
        co_await sentence_of(vr::as_task(actors.slice("below", 1).call_one<where>(client)));
    CHECK_MESSAGE(has(dead, "quite sick"), dead);
    auto other = co_await actors.slice("below", 0).call_one<where>(client);
    CHECK(other.pid == all[0].pid);
  });
}

TEST_CASE("a ref to another's mesh answers at once for a process that is gone") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 1));
    auto managers = co_await procs.spawn<manager>(client, "manager");  // in a process of its own
    auto owner = managers.values().front();
    auto all = co_await owner.call<start_below>(client, 2u);
    auto actors = co_await owner.call<actors_below>(client);  // decoded: it knows nothing of their health
    const auto begin = std::chrono::steady_clock::now();
    errc kind{};
    const std::string why =
        co_await sentence_of(vr::as_task(actors.slice("below", 1).call_one<die>(client, SIGKILL)), &kind);
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    CHECK_MESSAGE(has(why, std::string(actors.values()[1].id().proc().name().text())), why);
    CHECK((kind == errc::transport_lost || kind == errc::process_died));
    auto sentences = co_await owner.call<heard>(client);
    CHECK(sentences.size() == 2);
    auto rest = co_await actors.slice("below", 0).call_one<where>(client);
    CHECK(rest.pid == all[0].pid);
  });
}

TEST_CASE("this_host inside a spawned proc is its host; what an actor spawns there ends with it") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto hosts = co_await hosts_of(client, vr::dim("hosts", 2));
    auto procs = co_await hosts.spawn(client, "procs", vr::extent::unity());
    auto managers = co_await procs.spawn<manager>(client, "manager");
    auto own = co_await managers.call<own_host>(client);
    CHECK(own.values() == hosts.values());
    auto below = co_await managers.call<start_below>(client, 2u);
    std::set<std::int64_t> parents;
    for (const place& each : below[0]) parents.insert(each.parent);
    for (const place& each : below[1]) parents.insert(each.parent);
    CHECK(parents.size() == 2);
    CHECK(living().size() == 2 + 2 + 4);
    co_await managers.stop(client);
    for (const auto& each : below[0])
      co_await vr::within(5s, until_dead(rt, static_cast<int>(each.pid)), "its procs' end");
    for (const auto& each : below[1])
      co_await vr::within(5s, until_dead(rt, static_cast<int>(each.pid)), "its procs' end");
    CHECK(living().size() == 2 + 2);
    co_await hosts.shutdown(client);
    CHECK(living().empty());
  });
}

TEST_CASE("what the actor of a killed process owned ends with it, on a host that lives on") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto owner = manager_in(rt);
    const place middle = co_await owner.call<start_manager>(client);
    const vr::actor_ref<manager> below(middle.id);
    auto all = co_await below.call<start_below>(client, 2u);
    CHECK(all[0].parent ==
          ::getpid());  // the host is this process: nobody's death but their owner's ends them
    CHECK(living().size() == 1 + 2);
    auto [port, inbox] = client.open_once_port<std::string>();
    owner.send<next_failure>(client, port.bind());
    ::kill(static_cast<pid_t>(middle.pid), SIGKILL);
    const std::string first = co_await vr::within(5s, inbox.recv(), "a failure");
    CHECK_MESSAGE(has(first, "SIGKILL"), first);
    for (const place& each : all)
      co_await vr::within(2s, until_dead(rt, static_cast<int>(each.pid)), "the end of what it owned");
    CHECK(living().empty());
  });
}

TEST_CASE("who sends more than a process takes waits for room, and nothing is lost") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::extent::unity());
    auto actors = co_await procs.spawn<probe>(client, "probe");
    const auto slow = actors.values().front();
    const place there = co_await slow.call<where>(client);
    ::kill(static_cast<pid_t>(there.pid), SIGSTOP);
    const std::string megabyte(1u << 20, 'x');
    std::vector<vr::answer<std::string>> answers;
    std::string full;
    while (full.empty() && answers.size() < 300) {
      answers.push_back(slow.call<variable>(client, megabyte));
      try {
        co_await vr::within(200ms, client.ready(slow), "room");
      } catch (const vr::error& e) {
        full = e.sentence();
      }
    }
    CHECK(full == "room did not finish within 200 ms");
    CHECK(answers.size() > 32);  // half of limit::link_buffer_bytes
    CHECK(answers.size() < 66);
    ::kill(static_cast<pid_t>(there.pid), SIGCONT);
    co_await client.ready(slow);
    for (auto& each : answers) CHECK((co_await std::move(each)).empty());
  });
}

TEST_CASE("what is sent to an actor that never was comes back with the message's name") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::extent::unity());
    auto actors = co_await procs.spawn<probe>(client, "probe");
    const vr::actor_id there = actors.values().front().id();
    const vr::actor_ref<probe> nobody(vr::actor_id(there.proc(), vr::label::parse("nobody"), 77));
    const std::string why = co_await sentence_of(vr::as_task(nobody.call<where>(client)));
    CHECK_MESSAGE(has(why, "there is no actor " + nobody.id().text()), why);
    CHECK_MESSAGE(has(why, "for message system_test::where"), why);
  });
}

TEST_CASE("who lives in its process only can send elsewhere, and a call from there says at once why not") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::extent::unity());
    auto probes = co_await procs.spawn<probe>(client, "probe");
    auto inner = vr::proc<app>::direct(rt, vr::transport::in_process, "inner").instance("inner");
    errc kind{};
    auto call = probes.values().front().call<where>(inner);
    const std::string why = co_await sentence_of(vr::as_task(std::move(call)), &kind);
    INFO(why);
    CHECK(kind == errc::not_here);
    CHECK(has(why, "make that proc with unix_domain or tcp"));
    co_await procs.stop(client);
  });
}

TEST_CASE("meshes stop, handles are inert and say so, and a second end waits for the first") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto mesh = co_await whole_mesh(client, vr::dim("hosts", 1), vr::dim("gpus", 2));
    auto others = co_await mesh.procs.spawn<probe>(client, "others");
    const auto kept = mesh.actors.slice("gpus", 1);
    co_await mesh.actors.stop(client);
    co_await mesh.actors.stop(client);
    errc kind{};
    const std::string inert = thrown_by([&] { mesh.actors.cast<die>(client, SIGKILL); }, &kind);
    CHECK(kind == errc::inert);
    CHECK_MESSAGE(has(inert, "probe"), inert);
    CHECK_THROWS_AS(kept.cast<die>(client, SIGKILL), vr::error);
    auto answers = co_await others.call<where>(client);
    CHECK(answers.size() == 2);

    const auto one = others.values().front();
    co_await mesh.procs.stop(client);
    CHECK(living().size() == 1);
    const std::string gone = co_await sentence_of(vr::as_task(one.call<where>(client)));
    CHECK_MESSAGE(has(gone, one.id().text() + " is gone: it was stopped with proc mesh "), gone);
    CHECK_THROWS_AS(others.cast<die>(client, SIGKILL), vr::error);
    const std::string spawn = co_await sentence_of(mesh.procs.spawn<probe>(client, "late"), &kind);
    CHECK_MESSAGE(kind == errc::inert, spawn);

    auto first = mesh.hosts.shutdown(client);
    auto second = mesh.hosts.shutdown(client);
    co_await std::move(second);
    CHECK(living().empty());
    co_await std::move(first);
    const std::string late =
        co_await sentence_of(mesh.hosts.spawn(client, "late", vr::dim("gpus", 1)), &kind);
    CHECK_MESSAGE(kind == errc::inert, late);
  });
}

TEST_CASE("a dropped handle ends its mesh in the background, and the runtime's end waits for that") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto hosts = co_await hosts_of(client, vr::dim("hosts", 1));
    int pid = 0;
    {
      auto procs = co_await hosts.spawn(client, "procs", vr::dim("gpus", 1));
      auto actors = co_await procs.spawn<probe>(client, "probe");
      auto at = co_await actors.call_one<where>(client);
      pid = static_cast<int>(at.pid);
    }
    co_await vr::within(5s, until_dead(rt, pid), "the end of what was dropped");
    auto left_running = co_await hosts.spawn(client, "procs", vr::dim("gpus", 3));
    CHECK(living().size() == 4);
  });
  CHECK(living().empty());
}

TEST_CASE("a call that is not answered in time names the ranks that did not answer") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    rt.limits().drain = 300ms;
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 4));
    auto actors = co_await procs.spawn<probe>(client, "probe");
    for (const int rank : {1, 3}) {
      auto [begun, hears] = client.open_once_port<int>();
      auto ignored = actors.slice("gpus", rank).call_one<hang>(client, begun.bind());
      co_await hears.recv();
    }
    errc kind{};
    const std::string why =
        co_await sentence_of(vr::as_task(vr::within(200ms, actors.call<where>(client))), &kind);
    CHECK(kind == errc::timeout);
    for (const char* part : {"ranks 1, 3", "probe", "where", "200 ms"}) CHECK_MESSAGE(has(why, part), why);
  });
}

TEST_CASE("participants and runtimes are used on their loop's thread, and say so elsewhere") {
  const nothing_left check;
  vr::runtime<app> rt;
  errc kind{};
  CHECK_MESSAGE(has(thrown_by([&] { vr::proc<app>::direct(rt, vr::transport::unix_domain, "root"); }, &kind),
                    "proc::direct"),
                "");
  CHECK(kind == errc::wrong_thread);
  vr::block_on(rt, [](vr::runtime<app>& r) -> vr::task<void> {
    auto client = client_of(r);
    errc why{};
    const std::string blocked = thrown_by([&] { vr::block_on(r, for_nothing()); }, &why);
    CHECK(why == errc::wrong_thread);
    CHECK_MESSAGE(has(blocked, "co_await"), blocked);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 1));
    auto actors = co_await procs.spawn<probe>(client, "probe");
    std::thread([&] {
      errc elsewhere{};
      thrown_by([&] { actors.cast<count>(client); }, &elsewhere);
      CHECK(elsewhere == errc::wrong_thread);
      elsewhere = {};
      thrown_by([&] { static_cast<void>(actors.call_one<count>(client)); }, &elsewhere);
      CHECK(elsewhere == errc::wrong_thread);
      elsewhere = {};
      thrown_by([&] { static_cast<void>(vr::this_host<app>(client)); }, &elsewhere);
      CHECK(elsewhere == errc::wrong_thread);
    }).join();
    auto told = co_await actors.call_one<count>(client);
    CHECK(told == 0);
  }(rt));
}

TEST_CASE("a process runs meshes one after the other, and two runtimes at once") {
  const nothing_left check;
  const auto one = [](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2));
    auto actors = co_await procs.spawn<probe>(client, "probe");
    auto answers = co_await actors.call<where>(client);
    CHECK(answers.size() == 2);
    co_await procs.stop(client);
  };
  for (int i = 0; i != 5; ++i) on_a_runtime(one);
  std::thread other([&] { on_a_runtime(one); });
  on_a_runtime(one);
  other.join();
}

TEST_CASE("the handle of an instance may go on any thread, and after its runtime") {
  std::optional<vr::instance> late;
  {
    vr::runtime<app> rt;
    const auto make = [](vr::runtime<app>& r, int i) -> vr::task<vr::instance> {
      co_return vr::proc<app>::direct(r, vr::transport::unix_domain, "root")
          .instance("client" + std::to_string(i));
    };
    for (int i = 0; i != 100; ++i) const vr::instance gone = vr::block_on(rt, make(rt, i));
    const auto again = vr::block_on(rt, make(rt, 0));  // its name is free
    late.emplace(vr::block_on(rt, make(rt, 1)));
  }
  CHECK(late->status() == vr::status::stopped);
  const vr::instance last = std::move(*late);
  late.reset();
  CHECK(last.status() == vr::status::stopped);
}

TEST_CASE("a fork's copy may end what it has of a runtime, and the original goes on") {
  const nothing_left check;
  std::optional<vr::runtime<app>> rt(std::in_place);
  struct kept {
    kept(vr::instance c, whole m) : client(std::move(c)), mesh(std::move(m)) {}
    vr::instance client;
    whole mesh;
  };
  const auto start = [](vr::runtime<app>& r, vr::transport over) -> vr::task<std::unique_ptr<kept>> {
    auto client = client_of(r, over);
    auto mesh = co_await whole_mesh(client, vr::extent::unity(), vr::dim("gpus", 2), over);
    co_return std::make_unique<kept>(std::move(client), std::move(mesh));
  };
  const auto ask = [](kept& k) -> vr::task<std::size_t> {
    auto all = co_await vr::within(std::chrono::seconds(10), k.mesh.actors.call<where>(k.client));
    co_return all.size();
  };
  const auto stop = [](std::unique_ptr<kept> k) -> vr::task<void> {
    co_await k->mesh.hosts.shutdown(k->client);
  };
  for (const vr::transport over : {vr::transport::unix_domain, vr::transport::tcp}) {
    auto k = vr::block_on(*rt, start(*rt, over));
    CHECK(vr::block_on(*rt, ask(*k)) == 2);
    const pid_t copy = ::fork();
    if (copy == 0) {
      rt.reset();
      ::_exit(7);
    }
    int how = 0;
    CHECK(::waitpid(copy, &how, 0) == copy);
    CHECK(WEXITSTATUS(how) == 7);
    CHECK(vr::block_on(*rt, ask(*k)) == 2);
    vr::block_on(*rt, stop(std::move(k)));
  }
}

TEST_CASE("parts of a program that ask for one proc by name share it; two runtimes do not") {
  const nothing_left check;
  vr::runtime<app> rt;
  const auto part = [](vr::runtime<app>& r, const char* name) -> vr::task<vr::proc_id> {
    const auto root = vr::proc<app>::direct(r, vr::transport::unix_domain, "root");
    auto client = root.instance(name);
    const auto actor = client.spawn<probe>();
    auto told = co_await actor.call<count>(client);
    CHECK(told == 0);
    co_return root.id();
  };
  const auto first = vr::block_on(rt, part(rt, "client"));
  CHECK(vr::block_on(rt, part(rt, "client")) == first);  // the first one's client is gone
  vr::block_on(rt, [](vr::runtime<app>& r, vr::proc_id before) -> vr::task<void> {
    auto client = client_of(r);  // while the first one lives
    const auto root = vr::proc<app>::direct(r, vr::transport::unix_domain, "root");
    CHECK(root.id() == before);
    errc kind{};
    const std::string taken = thrown_by([&] { root.instance("client"); }, &kind);
    CHECK(kind == errc::already_exists);
    CHECK_MESSAGE(has(taken, "has an actor or instance named 'client' already"), taken);
    co_return;
  }(rt, first));
  // The address of what stays in a process is the process's own: both runtimes have the same.
  const auto inside = [](vr::runtime<app>& r) -> vr::task<void> {
    vr::proc<app>::direct(r, vr::transport::in_process, "root");
    co_return;
  };
  vr::block_on(rt, inside(rt));
  vr::block_on(rt, inside(rt));
  vr::runtime<app> other;
  errc kind{};
  const std::string why = thrown_by([&] { vr::block_on(other, inside(other)); }, &kind);
  CHECK(kind == errc::already_exists);
  CHECK_MESSAGE(has(why, ",root already; choose another name"), why);
}

TEST_CASE("block_on returns from tasks that end at once, however often") {
  const nothing_left check;
  vr::runtime<app> rt;
  for (int i = 0; i != 2000; ++i) vr::block_on(rt, for_nothing());
}

TEST_CASE("an unhandled failure ends what plain code blocks on, now and later, with its cause") {
  const nothing_left check;
  vr::runtime<app> rt;
  errc kind{};
  const auto wait_for_ever = [&rt] {
    vr::block_on(rt, [](vr::runtime<app>& r) -> vr::task<void> {
      auto client = client_of(r);
      auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2));
      auto actors = co_await procs.spawn<probe>(client, "probe");
      actors.slice("gpus", 1).cast<die>(client, SIGKILL);
      auto [port, inbox] = client.open_port<int>();
      co_await inbox.recv();
    }(rt));
  };
  const std::string why = thrown_by(wait_for_ever, &kind);
  CHECK(kind == errc::process_died);
  CHECK_MESSAGE((has(why, "rank 1") && has(why, "SIGKILL")), why);
  const std::string later = thrown_by([&] { vr::block_on(rt, for_nothing()); });
  CHECK(later == why);
}

// --- programs: what the process says and how it ends ---

namespace {

vr::task<void> root_without_handler(vr::runtime<app>& rt) {
  auto client = client_of(rt);
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2));
  auto actors = co_await procs.spawn<probe>(client, "probe");
  const std::string how = rt.arguments().at(1);
  if (how == "throw") actors.slice("gpus", 1).cast<throw_up>(client, "sick at heart");
  if (how == "die") actors.slice("gpus", 1).cast<die>(client, SIGABRT);
  if (how == "root throws") throw std::runtime_error("the root task gives up");
  auto [port, inbox] = client.open_port<int>();
  co_await inbox.recv();
}
vr::task<int> returns_seven(vr::runtime<app>& rt) {
  auto client = client_of(rt);
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("gpus", 2));
  co_return 7;
}
template <auto F>
int run(int argc, char** argv) {
  return vr::main<app>(argc, argv, [](vr::runtime<app>& rt) { return F(rt); });
}
const scenario a("root_without_handler", run<root_without_handler>);
const scenario b("returns_seven", run<returns_seven>);

void ends(program& of, int status, std::initializer_list<const char*> parts) {
  CHECK(of.wait() == status);
  INFO(of.output());
  CHECK(living().empty());
  CHECK(of.count("viceroy: ") == (parts.size() == 0 ? 0 : 1));
  for (const char* part : parts) CHECK_MESSAGE(has(of.output(), part), "it does not say: " << part);
}

}  // namespace

TEST_CASE("an unhandled failure ends the root task: status 1, the cause printed once, nothing left") {
  const nothing_left check;
  program fails("root_without_handler", {"throw"});
  ends(fails, 1, {"rank 1", "sick at heart", "throw_up"});
  program dies_of_it("root_without_handler", {"die"});
  ends(dies_of_it, 1, {"rank 1", "process", "SIGABRT", "these are my last words"});
  program gives_up("root_without_handler", {"root throws"});
  ends(gives_up, 1, {"the root task gives up"});
  program seven("returns_seven");
  ends(seven, 7, {});
}
