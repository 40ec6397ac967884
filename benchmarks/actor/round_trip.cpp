// 64 bytes from an actor to one in another process and back, over a unix link, against blocking reads and
// writes of as many bytes between two processes on the same cores: by sends between actors, and by an awaited
// call.
#include <array>
#include <cstddef>
#include <cstdint>

#include "harness_awaited.hpp"
#include "other_process.hpp"
#include "viceroy/viceroy.hpp"

namespace vr = viceroy;

namespace round_trip {

using sixty_four_bytes = std::array<std::uint64_t, 8>;

struct move_to {
  int core;
};
struct ask {
  sixty_four_bytes content;
};
struct asker;
struct question {
  vr::actor_ref<asker> from;
  sixty_four_bytes content;
};
struct echo {
  sixty_four_bytes content;
};

// In the other process: answers with what it got.
struct answerer {
  using handles = vr::messages<move_to, question, ask>;
  void handle(vr::context<answerer>&, move_to m) { vr::benchmark::pin(m.core); }
  void handle(vr::context<answerer>& cx, const question& q);
  sixty_four_bytes handle(vr::context<answerer>&, const ask& a) { return a.content; }
};

struct begin {
  vr::actor_ref<answerer> other;
  std::uint64_t count;
  vr::once_port_ref<std::uint64_t> done;
};
// In this process: asks again for every echo.
struct asker {
  using handles = vr::messages<begin, echo>;
  void handle(vr::context<asker>& cx, const begin& b) {
    state = b;
    next(cx, {});
  }
  void handle(vr::context<asker>& cx, const echo& e) {
    if (--state.count != 0) {
      next(cx, e.content);
    } else {
      state.done.send(cx, e.content[0]);
    }
  }
  void next(vr::context<asker>& cx, const sixty_four_bytes& content) {
    state.other.send<question>(cx, cx.self(), content);
  }
  begin state{};
};
void answerer::handle(vr::context<answerer>& cx, const question& q) { q.from.send<echo>(cx, q.content); }

using app = vr::application<"round_trip", vr::actors<answerer, asker>>;

vr::task<double> by_sends(vr::instance& client, vr::actor_ref<asker> here, vr::actor_ref<answerer> there,
                          std::size_t count) {
  auto [port, inbox] = client.open_once_port<std::uint64_t>();
  const auto start = std::chrono::steady_clock::now();
  here.send<begin>(client, there, count, port.bind());
  vr::benchmark::keep(co_await inbox.recv());
  co_return vr::benchmark::ns_since(start) / static_cast<double>(count);
}

vr::task<double> by_calls(vr::instance& client, vr::actor_ref<answerer> there, std::size_t count) {
  sixty_four_bytes content{};
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i != count; ++i) content = co_await there.call<ask>(client, content);
  vr::benchmark::keep(content[0]);
  co_return vr::benchmark::ns_since(start) / static_cast<double>(count);
}

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  auto root = vr::proc<app>::direct(rt, vr::transport::unix_domain, "root");
  auto client = root.instance("client");
  auto here = root.spawn<asker>("asker");
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim("procs", 1));
  auto actors = co_await procs.spawn<answerer>(client, "answerer");
  auto there = actors.values().front();
  for (const int core : {0, 1}) {
    co_await there.call<move_to>(client, core);
    const std::string cores = core == 0 ? "one_core" : "two_cores";
    const std::size_t count = core == 0 ? 4'000 : 2'000;
    const auto sends = [&] { return by_sends(client, here, there, count); };
    const auto calls = [&] { return by_calls(client, there, count); };
    const auto raw = [&] { return vr::benchmark::raw_round_trip(count, core); };
    co_await vr::benchmark::compare_awaited(suite, "actor_round_trip_64B_" + cores, "ns",
                                            "blocking_read_write", sends, raw);
    co_await vr::benchmark::compare_awaited(suite, "call_round_trip_64B_" + cores, "ns",
                                            "blocking_read_write", calls, raw);
  }
  co_await procs.stop(client);
}

}  // namespace round_trip

int main(int argc, char** argv) {
  vr::benchmark::pin(0);  // a child inherits it, and may move
  return vr::benchmark::main<round_trip::app>(argc, argv, round_trip::measure);
}
