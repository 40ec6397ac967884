#include "viceroy/base/task.hpp"

#include <doctest/doctest.h>

#include <coroutine>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/outcome.hpp"
#include "viceroy/base/running.hpp"

namespace vr = viceroy;

namespace {

// Says when it dies.
struct token {
  std::vector<std::string>* log;
  std::string name;
  token(std::vector<std::string>& l, std::string n) : log(&l), name(std::move(n)) {}
  token(token&& other) noexcept : log(std::exchange(other.log, nullptr)), name(std::move(other.name)) {}
  token& operator=(token&&) = delete;
  ~token() {
    if (log) log->push_back(name);
  }
};

// Suspends until opened.
struct gate {
  std::coroutine_handle<> waiter;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() const {}
  void open() { std::exchange(waiter, nullptr).resume(); }
};

template <class T>
vr::outcome<T> finish(vr::task<T> work) {
  std::optional<vr::outcome<T>> result;
  const auto run =
      vr::running::start<T>(std::move(work), [&](vr::outcome<T> o) { result.emplace(std::move(o)); });
  REQUIRE(result.has_value());
  return std::move(*result);
}

vr::task<int> value(int n) { co_return n; }
vr::task<void> throws(std::string text) {
  throw std::runtime_error(text);
  co_return;
}
vr::task<std::unique_ptr<int>> boxed(int n) { co_return std::make_unique<int>(n); }

}  // namespace

TEST_CASE("A task does nothing until it is awaited") {
  bool ran = false;
  auto work = [](bool& flag) -> vr::task<void> {
    flag = true;
    co_return;
  };
  auto t = work(ran);
  CHECK_FALSE(ran);
  finish(std::move(t)).get();
  CHECK(ran);
}

TEST_CASE("A task hands its value to whoever awaits it, moved and never copied") {
  auto outer = []() -> vr::task<std::unique_ptr<int>> {
    auto n = co_await boxed(20);
    *n += co_await value(1);
    co_return std::move(n);
  };
  auto result = finish(outer()).get();
  CHECK(*result == 21);
}

TEST_CASE("What leaves a task as an exception arrives at its co_await") {
  auto outer = []() -> vr::task<std::string> {
    std::string caught;
    try {
      co_await throws("bang");
    } catch (const std::runtime_error& e) {
      caught = e.what();
    }
    co_return caught;
  };
  CHECK(finish(outer()).get() == "bang");
  auto result = finish(throws("loud"));
  CHECK_THROWS_WITH(result.get(), "loud");
}

TEST_CASE("Awaiting a task twice, or an empty one, is an error and no crash") {
  auto outer = []() -> vr::task<int> {
    auto t = value(3);
    const int first = co_await std::move(t);
    co_await std::move(t);
    co_return first;
  };
  auto twice = finish(outer());
  CHECK_THROWS_AS(twice.get(), vr::error);
  auto empty = []() -> vr::task<int> { co_return co_await vr::task<int>(); };
  auto none = finish(empty());
  CHECK_THROWS_WITH(none.get(), "a task was awaited twice, or after it was moved from");
}

TEST_CASE("Destroying a task that was never started destroys its arguments and nothing else") {
  std::vector<std::string> log;
  auto work = [](token) -> vr::task<void> { co_return; };
  {
    auto t = work(token(log, "argument"));
    CHECK(log.empty());
  }
  CHECK(log == std::vector<std::string>{"argument"});
}

TEST_CASE("Destroying a suspended task destroys what it awaits, innermost first") {
  std::vector<std::string> log;
  gate g;
  auto inner = [](gate& door, std::vector<std::string>& l) -> vr::task<void> {
    const token mine(l, "inner");
    co_await door;
  };
  auto outer = [&](gate& door, std::vector<std::string>& l) -> vr::task<void> {
    const token mine(l, "outer");
    co_await inner(door, l);
  };
  {
    const auto run =
        vr::running::start<void>(outer(g, log), [&](vr::outcome<void>) { log.push_back("done"); });
    CHECK(g.waiter);
    CHECK(log.empty());
  }
  CHECK(log == std::vector<std::string>{"inner", "outer"});
}

TEST_CASE("Assigning to a task destroys what it held") {
  std::vector<std::string> log;
  auto work = [](token) -> vr::task<void> { co_return; };
  auto t = work(token(log, "first"));
  t = work(token(log, "second"));
  CHECK(log == std::vector<std::string>{"first"});
  t = vr::task<void>();
  CHECK(log == std::vector<std::string>{"first", "second"});
  CHECK_FALSE(t);
}

TEST_CASE("A task that awaits a million finished tasks needs no more stack than for one") {
  auto outer = []() -> vr::task<long> {
    long sum = 0;
    for (int i = 0; i < 1'000'000; ++i) sum += co_await value(1);
    co_return sum;
  };
  CHECK(finish(outer()).get() == 1'000'000);
}

TEST_CASE("A task that is resumed from outside goes on where it waited") {
  gate g;
  auto inner = [](gate& door) -> vr::task<int> {
    co_await door;
    co_return 4;
  };
  auto outer = [&](gate& door) -> vr::task<int> { co_return co_await inner(door) + co_await inner(door); };
  std::optional<int> result;
  const auto run = vr::running::start<int>(outer(g), [&](vr::outcome<int> o) { result = o.get(); });
  g.open();
  CHECK_FALSE(result.has_value());
  g.open();
  CHECK(result == 8);
}
