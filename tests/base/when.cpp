#include "viceroy/base/when.hpp"

#include <doctest/doctest.h>

#include <array>
#include <coroutine>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace vr = viceroy;

namespace {

struct gate {
  std::coroutine_handle<> waiter;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiter = h; }
  void await_resume() const {}
  void open() { std::exchange(waiter, nullptr).resume(); }
};

// Counts the frames that are alive.
struct frame {
  int* alive;
  explicit frame(int& n) : alive(&n) { ++n; }
  frame(const frame&) = delete;
  frame& operator=(const frame&) = delete;
  ~frame() { --*alive; }
};

int alive = 0;

template <class T>
vr::task<T> wait_for(gate& g, T value) {
  const frame here(alive);
  co_await g;
  co_return std::move(value);
}
vr::task<void> wait_only(gate& g) {
  const frame here(alive);
  co_await g;
}
vr::task<int> wait_and_fail(gate& g, std::string text) {
  const frame here(alive);
  co_await g;
  throw std::runtime_error(text);
}
vr::task<int> at_once(int n) {
  const frame here(alive);
  co_return n;
}
vr::task<int> fail_at_once() {
  throw std::runtime_error("at once");
  co_return 0;
}

template <class T>
struct started {
  std::optional<vr::outcome<T>> result;
  vr::running run;
  explicit started(vr::task<T> work)
      : run(vr::running::start<T>(std::move(work),
                                  [this](vr::outcome<T> o) { result.emplace(std::move(o)); })) {}
};

}  // namespace

TEST_CASE("when_all gives every value in order, whatever the order of their ends") {
  std::array<gate, 3> g;
  started<std::tuple<int, std::string, vr::unit>> all(
      vr::when_all(wait_for(g[0], 1), wait_for(g[1], std::string("two")), wait_only(g[2])));
  CHECK(alive == 3);
  g[2].open();
  g[0].open();
  CHECK_FALSE(all.result.has_value());
  g[1].open();
  REQUIRE(all.result.has_value());
  const auto values = all.result->get();
  CHECK(std::get<0>(values) == 1);
  CHECK(std::get<1>(values) == "two");
  CHECK(alive == 0);
}

TEST_CASE("The first exception ends when_all, and the others are destroyed") {
  std::array<gate, 3> g;
  started<std::tuple<int, int, int>> all(
      vr::when_all(wait_for(g[0], 1), wait_and_fail(g[1], "second"), wait_and_fail(g[2], "third")));
  g[2].open();
  REQUIRE(all.result.has_value());
  CHECK(vr::sentence_of(all.result->failure()) == "third");
  CHECK(alive == 0);
}

TEST_CASE("when_any gives the value of the first at its index, and destroys the others") {
  std::array<gate, 2> g;
  started<std::variant<int, std::string>> any(
      vr::when_any(wait_for(g[0], 1), wait_for(g[1], std::string("two"))));
  g[1].open();
  REQUIRE(any.result.has_value());
  const auto value = any.result->get();
  CHECK(value.index() == 1);
  CHECK(std::get<1>(value) == "two");
  CHECK(alive == 0);
}

TEST_CASE("when_any tells two of one type apart, and void from a value") {
  std::array<gate, 3> g;
  started<std::variant<int, int, vr::unit>> any(
      vr::when_any(wait_for(g[0], 1), wait_for(g[1], 2), wait_only(g[2])));
  g[2].open();
  REQUIRE(any.result.has_value());
  CHECK(any.result->get().index() == 2);
  CHECK(alive == 0);
}

TEST_CASE("when_any ends with the exception of the first to end") {
  std::array<gate, 2> g;
  started<std::variant<int, int>> any(vr::when_any(wait_for(g[0], 1), wait_and_fail(g[1], "first of all")));
  g[1].open();
  REQUIRE(any.result.has_value());
  CHECK(vr::sentence_of(any.result->failure()) == "first of all");
  CHECK(alive == 0);
}

TEST_CASE("What is done at once settles when_any before the rest is started") {
  gate g;
  started<std::variant<int, int>> any(vr::when_any(at_once(5), wait_for(g, 1)));
  REQUIRE(any.result.has_value());
  CHECK(std::get<0>(any.result->get()) == 5);
  CHECK_FALSE(g.waiter);
  CHECK(alive == 0);
}

TEST_CASE("A failure at once settles when_all, and what was started before it is destroyed") {
  gate g;
  started<std::tuple<int, int>> all(vr::when_all(wait_for(g, 1), fail_at_once()));
  REQUIRE(all.result.has_value());
  CHECK(vr::sentence_of(all.result->failure()) == "at once");
  CHECK(alive == 0);
}

TEST_CASE("Destroying the wait destroys the crowd") {
  std::array<gate, 2> g;
  {
    const started<std::tuple<int, int>> all(vr::when_all(wait_for(g[0], 1), wait_for(g[1], 2)));
    CHECK(alive == 2);
  }
  CHECK(alive == 0);
}

TEST_CASE("when_all of a vector gives a vector, of none an empty one, and moves what cannot be copied") {
  std::array<gate, 3> g;
  std::vector<vr::task<std::unique_ptr<int>>> works;
  for (int i = 0; i < 3; ++i)
    works.push_back(wait_for(g[static_cast<std::size_t>(i)], std::make_unique<int>(i)));
  started<std::vector<std::unique_ptr<int>>> all(vr::when_all(std::move(works)));
  for (auto& each : g) each.open();
  REQUIRE(all.result.has_value());
  const auto values = all.result->get();
  REQUIRE(values.size() == 3);
  CHECK(*values[2] == 2);

  started<std::vector<int>> none(vr::when_all(std::vector<vr::task<int>>()));
  REQUIRE(none.result.has_value());
  CHECK(none.result->get().empty());
  CHECK(alive == 0);
}

TEST_CASE("when_all of a vector of void counts them; its first failure ends it") {
  std::array<gate, 2> g;
  std::vector<vr::task<void>> works;
  for (auto& each : g) works.push_back(wait_only(each));
  started<std::vector<vr::unit>> all(vr::when_all(std::move(works)));
  for (auto& each : g) each.open();
  REQUIRE(all.result.has_value());
  CHECK(all.result->get().size() == 2);

  std::vector<vr::task<int>> others;
  others.push_back(wait_for(g[0], 1));
  others.push_back(wait_and_fail(g[1], "sorry"));
  started<std::vector<int>> bad(vr::when_all(std::move(others)));
  g[1].open();
  REQUIRE(bad.result.has_value());
  CHECK(vr::sentence_of(bad.result->failure()) == "sorry");
  CHECK(alive == 0);
}
