// Who holds a loop for too long, and that nobody is held up who says that it blocks.
#include <doctest/doctest.h>

#include "system/app.hpp"
#include "system/program.hpp"

using namespace system_test;

namespace {

// One holds its loop until that was said, in another process.
vr::task<void> one_holds_its_loop(vr::runtime<app>& rt) {
  rt.limits().watchdog = 20ms;
  auto client = client_of(rt);
  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::extent::unity());
  rt.limits().watchdog = 0ms;
  auto actors = co_await procs.spawn<probe>(client, "holds");
  co_await actors.call_one<where>(client);
  const auto times = co_await actors.call_one<hold>(client);
  write_line(1, "said " + std::to_string(times) + " of " + actors.values().front().id().text());
}
template <auto F>
int run(int argc, char** argv) {
  return vr::main<app>(argc, argv, [](vr::runtime<app>& rt) { return F(rt); });
}
const scenario a("one_holds_its_loop", run<one_holds_its_loop>);

}  // namespace

TEST_CASE("who holds the loop of another process is named on our stderr, with the message") {
  const nothing_left check;
  program holds("one_holds_its_loop");
  CHECK(holds.wait() == 0);
  INFO(holds.output());
  CHECK(holds.count("viceroy: system_test::probe ") >= 1);
  CHECK(holds.count(", handling system_test::hold; a handler that must block says `using execution = "
                    "viceroy::own_thread;`") >= 1);
  CHECK(holds.count("said ") == 1);
}

TEST_CASE("a limit that is set later is obeyed; whoever holds our own loop is counted; zero watches nobody") {
  const nothing_left check;
  vr::runtime<app> rt;
  const auto in_a_turn = [&](auto f) { return vr::block_on(rt, f(rt)); };
  auto holds = in_a_turn([](vr::runtime<app>& r) -> vr::task<vr::actor_ref<probe>> {
    r.limits().watchdog = 0ms;
    co_return vr::proc<app>::direct(r, vr::transport::in_process, "root").spawn<probe>("holds");
  });
  in_a_turn([](vr::runtime<app>& r) -> vr::task<void> {
    r.limits().watchdog = 10ms;
    co_return;
  });
  const auto times = in_a_turn([&](vr::runtime<app>& r) -> vr::task<std::uint64_t> {
    auto client = vr::proc<app>::direct(r, vr::transport::in_process, "other").instance("client");
    co_return co_await holds.call<hold>(client);
  });
  CHECK(times >= 1);
  CHECK(rt.times_held() >= times);
}
