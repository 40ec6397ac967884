// A program with a main of its own that is its own child: here doctest's.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <viceroy/viceroy.hpp>

namespace vr = viceroy;

struct square {
  long n;
};
struct mathematician {
  using handles = vr::messages<square>;
  long handle(vr::context<mathematician>&, square m) { return m.n * m.n; }
};
using app = vr::application<"own_main", vr::actors<mathematician>>;

vr::task<long> sum_of_squares(vr::runtime<app>& rt, long n) {
  auto client = vr::proc<app>::direct(rt, vr::transport::unix_domain, "root").instance("client");
  auto procs  = co_await vr::this_host<app>(client).spawn_procs(vr::dim("cores", 2));
  auto actors = co_await procs.spawn<mathematician>(client, "m");
  auto values = co_await actors.call<square>(client, n);
  co_await procs.stop(client);
  co_return values[0] + values[1];
}

TEST_CASE("two processes square a number") {
  vr::runtime<app> rt;                        // plain code: the loop gets a thread of its own
  CHECK(vr::block_on(rt, sum_of_squares(rt, 3)) == 18);
}

int main(int argc, char** argv) {
  if (auto rc = vr::run_child<app>()) return *rc;   // the first line: a child is not a test
  return doctest::Context(argc, argv).run();
}
