#include "viceroy/space/shape.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <type_traits>

namespace vr = viceroy;

static_assert(sizeof(vr::shape) == 8);
static_assert(std::is_trivially_copyable_v<vr::shape>);
static_assert(std::is_trivially_destructible_v<vr::shape>);

TEST_CASE("equal extents are one shape, by whatever road") {
  const vr::extent e(vr::dim("hosts", 2), vr::dim("gpus", 8));
  const auto made = vr::shape::of(e);
  CHECK(made.dims() == e);
  CHECK(made == vr::shape::of(vr::extent::parse("{hosts=2, gpus=8}")));
  CHECK(made == vr::shape::parse("{hosts=2, gpus=8}"));
  CHECK(made != vr::shape::of(vr::dim("gpus", 8)));
  std::ostringstream out;
  out << made;
  CHECK(vr::shape::parse(out.str()) == made);
}

TEST_CASE("no shape is not the shape of unity") {
  CHECK(vr::shape().empty());
  CHECK(vr::shape().text().empty());
  CHECK(vr::shape() == vr::shape());
  CHECK(vr::shape() != vr::shape::of(vr::extent::unity()));
  CHECK(vr::shape::of(vr::extent::unity()).text() == "{}");
}

TEST_CASE("a shape counts as an interned name, and what is none leaves no trace") {
  const auto before = vr::interned_names();
  CHECK_THROWS_AS(vr::shape::parse("{hosts=0}"), vr::error);
  CHECK_THROWS_AS(vr::shape::parse(""), vr::error);
  vr::shape::parse("{gpus=31}");
  vr::shape::parse("{gpus=31}");
  CHECK(vr::interned_names() <= before + 3);  // the shape, and the labels if nobody had interned them
  CHECK(vr::interned_names() > before);
}
