#include "viceroy/proc/message_trace.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "viceroy/testing/loop.hpp"

namespace trace_test {

namespace vr = viceroy;

struct add {
  int n;
};
struct get {};
struct counter {
  using handles = vr::messages<add, get>;
  void handle(vr::context<counter>&, add m) { sum += m.n; }
  int handle(vr::context<counter>&, get) { return sum; }
  int sum = 0;
};

// The hops without when and in which process.
std::vector<std::string> words(const vr::message_trace& t) {
  std::vector<std::string> all = t.hops();
  for (std::string& each : all) each.erase(0, each.find(": ") + 2);
  return all;
}

}  // namespace trace_test

using namespace trace_test;

TEST_CASE("the next message is followed from its sender to its handler's end, and no other one") {
  vr::testing::loop l;
  auto client = l.client();
  auto to = l.spawn<counter>("counter");
  for (int i = 0; i != 3; ++i) to.send<add>(client, 1);  // warm: these take the shortest way
  l.run();
  const auto hops = vr::follow_next(l.queue());
  CHECK(hops.hops().empty());
  to.send<add>(client, 5);
  to.send<add>(client, 6);
  l.run();
  const std::string who = to.id().text();
  CHECK(words(hops) == std::vector<std::string>{
                           "post: " + client.id().text() + " sends trace_test::add to " + who,
                           "deliver: it waits in the mailbox of " + who + ", on the same loop",
                           "handle: " + who + " begins with trace_test::add", "its handler has returned"});
  const auto sum = l.finish(to.call<get>(client));
  CHECK(sum == 14);
  CHECK(hops.hops().size() == 4);
  CHECK(hops.hops()[0].starts_with("trace "));
}

TEST_CASE("a call is followed until its answer has been delivered") {
  vr::testing::loop l;
  auto client = l.client();
  auto to = l.spawn<counter>("counter");
  const auto hops = vr::follow_next(l.queue());
  CHECK(l.finish(to.call<get>(client)) == 0);
  const auto all = words(hops);
  REQUIRE(all.size() == 7);
  const std::string who = to.id().text(), asks = client.id().text();
  CHECK(all[0] == "post: " + asks + " sends trace_test::get to " + who);
  CHECK(all[2] == "handle: " + who + " begins with trace_test::get");
  CHECK(all[3].starts_with("post: " + who + " sends i32 to port "));
  CHECK(all[4] == "deliver: it waits in the mailbox of " + asks + ", on the same loop");
  CHECK(all[5] == "its handler has returned");
  CHECK(all[6].starts_with("delivered to port "));
}

TEST_CASE("what comes back says so; of an old trace nothing more is told") {
  vr::testing::loop l;
  auto client = l.client();
  auto to = l.spawn<counter>("counter");
  l.run();
  vr::life::stop(*l.home().find(to.id().index()), vr::stop_mode::stop);
  l.run();
  const auto hops = vr::follow_next(l.queue());
  to.send<add>(client, 5);
  const auto all = words(hops);
  REQUIRE(all.size() == 2);
  CHECK(all[1].starts_with("it comes back: there is no actor " + to.id().text()));

  auto there = l.spawn<counter>("there");
  const auto first = vr::follow_next(l.queue());
  there.send<add>(client, 5);
  const auto begun = first.hops().size();
  for (std::size_t i = 0; i != vr::limit::traces; ++i) vr::follow_next(l.queue());
  l.run();
  CHECK(begun > 0);
  CHECK(first.hops().size() == begun);  // handled too late
  CHECK(vr::message_trace().hops().empty());
}
