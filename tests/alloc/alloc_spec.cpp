#include "viceroy/alloc/alloc_spec.hpp"

#include <doctest/doctest.h>

#include <string>

namespace vr = viceroy;

TEST_CASE("a request has a shape of any number of dimensions, and unix_domain unless said otherwise") {
  const vr::alloc_spec one(vr::dim("replicas", 2));
  CHECK(one.extent() == vr::extent(vr::dim("replicas", 2)));
  CHECK(one.transport() == vr::transport::unix_domain);
  CHECK(one.proc_name().empty());
  CHECK(one.constraints().empty());
  const vr::alloc_spec two(vr::extent(vr::dim("rows", 2), vr::dim("columns", 3)), vr::transport::tcp);
  CHECK(two.extent().ranks() == 6);
  CHECK(two.transport() == vr::transport::tcp);
}

TEST_CASE("chaining makes new requests and leaves the old ones alone") {
  const vr::alloc_spec base(vr::extent::unity());
  const auto more =
      base.constraint("rack", "7").constraint("rack", "8").constraint("kind", "gpu").proc_name("worker");
  CHECK(base.constraints().empty());
  CHECK(more.constraints() == vr::alloc_spec::constraints_type{{"rack", "8"}, {"kind", "gpu"}});
  CHECK(more.proc_name() == vr::label::parse("worker"));
}

TEST_CASE("what cannot be asked is refused") {
  const vr::alloc_spec base(vr::extent::unity());
  CHECK_THROWS_AS(static_cast<void>(base.constraint("", "7")), vr::error);
  CHECK_THROWS_AS(static_cast<void>(base.proc_name("no spaces")), vr::error);
  CHECK_THROWS_AS(static_cast<void>(base.proc_name(std::string(53, 'x'))), vr::error);
  CHECK(base.proc_name(std::string(52, 'x')).proc_name().text().size() == 52);
}
