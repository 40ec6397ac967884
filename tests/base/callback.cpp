#include "viceroy/base/callback.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>

namespace vr = viceroy;

namespace {

// Counts itself, and is of a chosen size.
template <std::size_t Extra>
struct counted {
  int* alive;
  std::array<char, Extra> space{};
  explicit counted(int& n) : alive(&n) { ++n; }
  counted(const counted& other) : alive(other.alive), space(other.space) { ++*alive; }
  counted(counted&& other) noexcept : alive(other.alive), space(other.space) { ++*alive; }
  counted& operator=(const counted&) = delete;
  ~counted() { --*alive; }
  int operator()(int n) { return n + static_cast<int>(Extra); }
};

template <std::size_t Extra>
void lives_as_long_as_its_callback() {
  int alive = 0;
  {
    vr::callback<int(int)> first{counted<Extra>(alive)};
    CHECK(alive == 1);
    CHECK(first(1) == 1 + static_cast<int>(Extra));
    vr::callback<int(int)> second(std::move(first));
    CHECK(alive == 1);
    CHECK_FALSE(first);
    CHECK(second(2) == 2 + static_cast<int>(Extra));
    first = std::move(second);
    CHECK(alive == 1);
    first = counted<Extra>(alive);
    CHECK(alive == 1);
    auto& same = first;
    first = std::move(same);
    CHECK(first);
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
}

}  // namespace

TEST_CASE("A callable of any size lives exactly as long as its callback") {
  lives_as_long_as_its_callback<1>();
  lives_as_long_as_its_callback<8>();
  lives_as_long_as_its_callback<17>();
  lives_as_long_as_its_callback<400>();
}

TEST_CASE("A callback holds what can only be moved, and hands arguments through without copies") {
  auto text = std::make_unique<std::string>("kept");
  vr::callback<std::string(std::unique_ptr<int>, const std::string&)> join(
      [text = std::move(text)](std::unique_ptr<int> n, const std::string& more) {
        return *text + more + std::to_string(*n);
      });
  CHECK(join(std::make_unique<int>(7), "/") == "kept/7");
}

TEST_CASE("An empty callback says so, and reset makes one empty") {
  vr::callback<void()> work;
  CHECK_FALSE(work);
  int alive = 0;
  {
    counted<4> token(alive);
    work = [token] {};
  }
  CHECK(work);
  CHECK(alive == 1);
  work.reset();
  CHECK_FALSE(work);
  CHECK(alive == 0);
}

TEST_CASE("A callback of a void signature ignores what its callable returns") {
  int calls = 0;
  vr::callback<void(int)> work([&](int n) { return calls += n; });
  work(3);
  CHECK(calls == 3);
}

TEST_CASE("A callback calls a plain function") {
  vr::callback<int(int)> twice(+[](int n) { return 2 * n; });
  CHECK(twice(21) == 42);
}
