#include "viceroy/base/owned.hpp"

#include <doctest/doctest.h>

#include <utility>

namespace vr = viceroy;

namespace {

int living = 0;

struct base {
  base() { ++living; }
  base(const base&) = delete;
  base& operator=(const base&) = delete;
  virtual ~base() { --living; }
};
struct derived : base {
  explicit derived(int n) : number(n) {}
  int number;
};

}  // namespace

TEST_CASE("what is owned goes with its one owner") {
  {
    vr::owned<derived> first = vr::make_owned<derived>(7);
    CHECK(first->number == 7);
    vr::owned<base> second = std::move(first);
    CHECK(!first);
    CHECK(living == 1);
    second = vr::make_owned<derived>(8);
    CHECK(living == 1);
    vr::owned<base>& same = second;
    second = std::move(same);
    CHECK(second);
    CHECK(living == 1);
    second.reset();
    CHECK(living == 0);
    second = vr::make_owned<derived>(9);
  }
  CHECK(living == 0);
}

TEST_CASE("what is released is its taker's") {
  vr::owned<derived> owner = vr::make_owned<derived>(7);
  derived* const mine = owner.release();
  CHECK(!owner);
  CHECK(living == 1);
  delete mine;
}
