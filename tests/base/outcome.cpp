#include "viceroy/base/outcome.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace vr = viceroy;

TEST_CASE("An outcome gives its value, or throws what happened instead") {
  vr::outcome<std::string> good(std::string("value"));
  CHECK(good.ok());
  CHECK(good.get() == "value");
  vr::outcome<std::string> bad(vr::error(vr::errc::timeout, "nobody came"));
  CHECK_FALSE(bad);
  CHECK_THROWS_WITH_AS(bad.get(), "nobody came", vr::error);
}

TEST_CASE("An outcome of void has nothing to give, and still may fail") {
  vr::outcome<void> good(vr::unit{});
  CHECK_NOTHROW(good.get());
  vr::outcome<void> bad(std::make_exception_ptr(std::runtime_error("late")));
  CHECK_THROWS_WITH_AS(bad.get(), "late", std::runtime_error);
}

TEST_CASE("An outcome moves what cannot be copied") {
  vr::outcome<std::unique_ptr<int>> o(std::make_unique<int>(5));
  auto moved = std::move(o);
  CHECK(*moved.get() == 5);
}

TEST_CASE("An outcome that came late takes the place of none, of whatever type") {
  struct fixed {
    const int value;
  };
  vr::outcome<fixed> o;
  o = vr::outcome<fixed>(fixed{3});
  CHECK(o.get().value == 3);
  vr::outcome<std::unique_ptr<int>> p;
  p = std::make_unique<int>(5);
  CHECK(*p.get() == 5);
  p = vr::error(vr::errc::timeout, "nobody came");
  CHECK_FALSE(p.ok());
  vr::outcome<void> q;
  q = vr::unit{};
  CHECK(q.ok());
}

TEST_CASE("Any exception has a sentence") {
  CHECK(vr::sentence_of(nullptr) == "no failure");
  CHECK(vr::sentence_of(std::make_exception_ptr(std::logic_error("so"))) == "so");
  CHECK(vr::sentence_of(std::make_exception_ptr(7)) == "an exception that is not a std::exception");
}
