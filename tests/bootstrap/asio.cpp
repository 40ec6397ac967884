#include "viceroy/viceroy.hpp"

#include <doctest/doctest.h>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <coroutine>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>

namespace vr = viceroy;

namespace asio_test {

struct idle {
  using handles = vr::messages<>;
};
using app = vr::application<"asio", vr::actors<idle>>;

}  // namespace asio_test

namespace {

using asio_test::app;

vr::task<int> doubled(int number) {
  if (number < 0) throw std::invalid_argument("negative");
  co_return 2 * number;
}
vr::task<void> endless() { co_await std::suspend_always(); }
vr::task<void> cancelled_timer(vr::runtime<app>& rt) {
  boost::asio::steady_timer timer(vr::io_context_of(rt), std::chrono::hours(1));
  boost::asio::post(vr::io_context_of(rt), [&timer] { timer.cancel(); });
  co_await vr::use(rt, [&](auto token) { return timer.async_wait(token); });
}

}  // namespace

TEST_CASE("a task that is spawned completes its token with the value, or with what it throws") {
  vr::runtime<app> rt;
  CHECK(vr::spawn(rt, doubled(4), boost::asio::use_future).get() == 8);
  CHECK_THROWS_WITH(vr::spawn(rt, doubled(-1), boost::asio::use_future).get(), "negative");
}

TEST_CASE("a task that is spawned and does not end completes with the runtime's end") {
  std::optional<vr::runtime<app>> rt(std::in_place);
  auto result = vr::spawn(*rt, endless(), boost::asio::use_future);
  rt.reset();
  REQUIRE(result.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
  try {
    result.get();
    FAIL("it has a value");
  } catch (const vr::error& e) {
    CHECK(e.kind() == vr::errc::owner_gone);
  }
}

TEST_CASE("an error code with which an operation of Asio completes is thrown where that is awaited") {
  vr::runtime<app> rt;
  try {
    vr::block_on(rt, cancelled_timer(rt));
    FAIL("nothing was thrown");
  } catch (const boost::system::system_error& e) {
    CHECK(e.code() == boost::asio::error::operation_aborted);
  }
}
