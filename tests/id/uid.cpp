#include "viceroy/id/uid.hpp"

#include <doctest/doctest.h>

#include <set>

namespace vr = viceroy;

TEST_CASE("base58 has eleven digits, in the order of the numbers") {
  CHECK(vr::base58(0) == "11111111111");
  CHECK(vr::base58(57) == "1111111111z");
  CHECK(vr::base58(58) == "11111111121");
  CHECK(vr::base58(~std::uint64_t{0}) == "jpXCZedGfVQ");
  const vr::seeded_random scope(58);
  for (int i = 0; i < 1000; ++i) {
    const auto a = vr::random_u64();
    const auto b = vr::random_u64();
    CHECK((a < b) == (vr::base58(a) < vr::base58(b)));
  }
}

TEST_CASE("the same base twice is two names, each of which says where it came from") {
  std::set<vr::label> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto made = vr::unique_label("worker");
    CHECK(made.text().substr(0, 7) == "worker-");
    CHECK(made.text().size() == 7 + 11);
    seen.insert(made);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("a seed makes the same names again") {
  const auto made = [] {
    const vr::seeded_random scope(1);
    return vr::unique_label("worker");
  };
  CHECK(made() == made());
}

TEST_CASE("a base of the full length leaves room for its suffix, and one more is refused") {
  CHECK(vr::unique_label(std::string(63, 'x')).text().size() == vr::label::max_bytes);
  CHECK_THROWS_WITH_AS(
      vr::unique_label(std::string(64, 'x')),
      ("'" + std::string(60, 'x') +
       "...' is too long a name: it has 64 characters, and at most 63 leave room for a unique suffix")
          .c_str(),
      vr::error);
  CHECK_THROWS_WITH_AS(vr::unique_label("a b"),
                       "'a b' is not a name: a name has only letters, digits, '_', '.' and '-'", vr::error);
}
