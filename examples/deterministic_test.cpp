// A test of one's own actors on the testing kit: every legal order of arrival, a virtual clock, one message
// at a time.
#include <viceroy/actor/actor.hpp>
#include <viceroy/testing/for_each_seed.hpp>

#include <iostream>

namespace vr = viceroy;
using namespace std::chrono_literals;

struct deposit {
  int amount;
};
struct balance {};
struct remind {};

struct account {
  using handles = vr::messages<deposit, balance, remind>;
  int total = 0, reminders = 0;

  void init(vr::context<account>& cx) { cx.every<remind>(24h); }
  void handle(vr::context<account>&, deposit m) { total += m.amount; }
  int handle(vr::context<account>&, balance) { return total; }
  void handle(vr::context<account>&, remind) { ++reminders; }
};

int main() {
  vr::testing::loop loop;  // the order of a real loop
  auto alice = loop.client("alice"), bob = loop.client("bob");
  const auto to = loop.spawn<account>("account");
  to.send<deposit>(alice, 5);
  to.send<deposit>(bob, 7);
  loop.expect<deposit>(bob, to, [](const deposit& m) { return m.amount == 7; });  // bob's first
  loop.disallow<balance>(vr::testing::anybody, to);
  std::cout << "before alice's: " << loop.actor(to).total << "\n";
  std::cout << "all: " << loop.finish(to.call<balance>(alice)) << "\n";
  loop.advance(48h);  // takes no time
  std::cout << "reminded " << loop.actor(to).reminders << " times in " << loop.steps().size() << " steps\n";

  int first = 0;
  vr::testing::for_each_seed(1000, [&](vr::testing::loop& l) {  // a failing seed prints how to repeat it
    auto a = l.client("alice"), b = l.client("bob");
    const auto one = l.spawn<account>("account");
    one.send<deposit>(a, 5);
    auto seen = one.call<balance>(b);
    const int now = l.finish(std::move(seen));
    if (now != 0 && now != 5) l.fail("expected 0 or 5");
    first += now == 0;
  });
  std::cout << "bob looked first "
            << (first > 300 && first < 700 ? "about as often as not" : "strangely often") << "\n";
}
