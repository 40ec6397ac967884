// An actor that handles 1, 10, 100 and 500 kinds of message, which come in a scrambled order, against a mini
// runtime with as many functions to call: what is left of the difference is not the number of kinds.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness_awaited.hpp"
#include "mini_runtime.hpp"

namespace vr = viceroy;

namespace dispatch {

constexpr std::uint64_t burst = 1'000, bursts = 500;

template <std::size_t N>
inline constexpr std::array<char, 4> digits{'k', static_cast<char>('0' + N / 100),
                                            static_cast<char>('0' + N / 10 % 10),
                                            static_cast<char>('0' + N % 10)};
template <std::size_t I>
struct kind {
  using local = std::true_type;
  static constexpr std::string_view name{digits<I>.data(), digits<I>.size()};
  std::uint64_t value;
};
template <class Indices>
struct kinds_of;
template <std::size_t... I>
struct kinds_of<std::index_sequence<I...>> {
  using list = vr::messages<kind<I>...>;
};

struct driver;
struct burst_handled {};
// Adds up what comes, each kind in a function of its own.
template <std::size_t N>
struct receiver {
  static constexpr std::string_view name{digits<N>.data(), digits<N>.size()};
  using handles = typename kinds_of<std::make_index_sequence<N>>::list;
  template <std::size_t I>
  void handle(vr::context<receiver>& cx, const kind<I>& k);
  vr::actor_ref<driver> from;
  std::uint64_t sum = 0, left = burst;
};

struct drive {
  using local = std::true_type;
  void (*send)(vr::context<driver>& cx, driver& self);
  std::uint64_t bursts;
  vr::once_port_ref<std::uint64_t> done;
};
struct driver {
  using handles = vr::messages<drive, burst_handled>;
  void handle(vr::context<driver>& cx, const drive& d) {
    state = d;
    state.send(cx, *this);
  }
  void handle(vr::context<driver>& cx, const burst_handled&) {
    if (--state.bursts != 0) {
      state.send(cx, *this);
    } else {
      state.done.send(cx, std::uint64_t{0});
    }
  }
  drive state{};
  vr::actor_id to;
};

template <std::size_t N>
template <std::size_t I>
void receiver<N>::handle(vr::context<receiver>& cx, const kind<I>& k) {
  sum += k.value + I;
  if (--left != 0) return;
  left = burst;
  from.send<burst_handled>(cx);
}

// The same scrambled order for both sides.
constexpr std::size_t scrambled(std::uint64_t i) { return static_cast<std::size_t>(i * 2654435761u >> 7); }

// What all that is sent in the bursts of a measurement adds up to.
template <std::size_t N>
constexpr std::uint64_t sum_of_all() {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i != burst; ++i) sum += i + scrambled(i) % N;
  return sum * bursts;
}

template <std::size_t N, std::size_t... I>
void send_burst(vr::context<driver>& cx, const vr::actor_ref<receiver<N>>& to, std::index_sequence<I...>) {
  using sender = void (*)(vr::context<driver>&, const vr::actor_ref<receiver<N>>&, std::uint64_t);
  static constexpr sender send[] = {+[](vr::context<driver>& by, const vr::actor_ref<receiver<N>>& whom,
                                        std::uint64_t value) { whom.template send<kind<I>>(by, value); }...};
  for (std::uint64_t i = 0; i != burst; ++i) send[scrambled(i) % N](cx, to, i);
}

using app =
    vr::application<"dispatch", vr::actors<driver, receiver<1>, receiver<10>, receiver<100>, receiver<500>>>;

}  // namespace dispatch

namespace mini {

struct receiver {
  std::uint64_t sum = 0;
};
template <std::size_t I>
void handle(void* actor, node& n) {
  static_cast<receiver*>(actor)->sum += n.payload<std::uint64_t>() + I;
}
template <std::size_t N, std::size_t... I>
void run_bursts(receiver& to, std::index_sequence<I...>) {
  using sender = void (*)(receiver&, std::uint64_t);
  static constexpr sender send[] = {
      +[](receiver& whom, std::uint64_t value) { loop<runtime<8>>.send(handle<I>, &whom, value); }...};
  for (std::uint64_t b = 0; b != dispatch::bursts; ++b) {
    for (std::uint64_t i = 0; i != dispatch::burst; ++i) send[dispatch::scrambled(i) % N](to, i);
    loop<runtime<8>>.run();
  }
}

}  // namespace mini

namespace dispatch {

template <std::size_t N>
vr::task<double> drive_all(vr::instance& client, vr::actor_box<driver>& by, vr::actor_box<receiver<N>>& to) {
  to.actor().sum = 0;
  auto [port, inbox] = client.open_once_port<std::uint64_t>();
  const double start = vr::benchmark::cpu_ns();
  vr::actor_ref<driver>(by.id()).send<drive>(
      client,
      [](vr::context<driver>& cx, driver& self) {
        send_burst<N>(cx, vr::actor_ref<receiver<N>>(self.to), std::make_index_sequence<N>{});
      },
      bursts, port.bind());
  vr::benchmark::keep(co_await inbox.recv());
  const double ns = (vr::benchmark::cpu_ns() - start) / static_cast<double>(burst * bursts);
  vr::benchmark::expect(to.actor().sum == sum_of_all<N>(), "dispatch");
  co_return ns;
}

template <std::size_t N>
vr::task<void> measure_kinds(vr::instance& client, vr::benchmark::suite& suite) {
  auto& home = client.box().home();
  auto& by = vr::detail::spawn_in<driver>(home, client.box().name(), &client.box(), false);
  auto& to = vr::detail::spawn_in<receiver<N>>(home, client.box().name(), &client.box(), false);
  by.actor().to = to.id();
  to.actor().from = vr::actor_ref<driver>(by.id());
  const auto all = [&] { return drive_all<N>(client, by, to); };
  const auto mini_all = [&] {
    mini::receiver mini_to;
    const double ns = vr::benchmark::cpu_ns_per(
        burst * bursts, [&] { mini::run_bursts<N>(mini_to, std::make_index_sequence<N>{}); });
    vr::benchmark::expect(mini_to.sum == sum_of_all<N>(), "the baseline's dispatch");
    return ns;
  };
  co_await vr::benchmark::compare_awaited(suite, "dispatch_" + std::to_string(N) + "_kinds", "cpu_ns",
                                          "mini_runtime", all, mini_all, vr::benchmark::ratio_within(2.5));
}

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  auto client = vr::proc<app>::direct(rt, vr::transport::in_process, "root").instance("client");
  co_await measure_kinds<1>(client, suite);
  co_await measure_kinds<10>(client, suite);
  co_await measure_kinds<100>(client, suite);
  co_await measure_kinds<500>(client, suite);
}

}  // namespace dispatch

int main(int argc, char** argv) {
  vr::benchmark::pin(0);
  return vr::benchmark::main<dispatch::app>(argc, argv, dispatch::measure);
}
