#include "viceroy/space/extent.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <random>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include "viceroy/space/point.hpp"

namespace vr = viceroy;

static_assert(!std::is_aggregate_v<vr::extent>);
static_assert(std::is_convertible_v<vr::dim, vr::extent>);
static_assert(sizeof(vr::extent) == sizeof(void*));

namespace {

const vr::extent hosts_by_gpus(vr::dim("hosts", 2), vr::dim("gpus", 8));

std::string sentence_of(auto&& act) {
  try {
    act();
  } catch (const vr::error& e) {
    CHECK(e.kind() == vr::errc::bad_input);
    return e.sentence();
  }
  return "nothing was thrown";
}

}  // namespace

TEST_CASE("unity has no dimension and one rank") {
  const auto unity = vr::extent::unity();
  CHECK(unity.ranks() == 1);
  CHECK(unity.dims().empty());
  CHECK(unity.text() == "{}");
  CHECK(unity == vr::extent());
  CHECK(unity == vr::extent::of({}));
  CHECK(unity.point_of(0).rank() == 0);
  CHECK(unity.concat(hosts_by_gpus) == hosts_by_gpus);
  CHECK(hosts_by_gpus.concat(unity) == hosts_by_gpus);
}

TEST_CASE("an extent gives its labels, sizes, strides and ranks") {
  CHECK(hosts_by_gpus.ranks() == 16);
  CHECK(hosts_by_gpus.labels() == std::vector{vr::label::parse("hosts"), vr::label::parse("gpus")});
  CHECK(hosts_by_gpus.sizes() == std::vector<std::size_t>{2, 8});
  CHECK(hosts_by_gpus.size("gpus") == 8);
  CHECK(hosts_by_gpus.position("gpus") == 1);
  CHECK(hosts_by_gpus.find("hosts") == 0);
  CHECK_FALSE(hosts_by_gpus.find("host"));
  CHECK(hosts_by_gpus.stride(0) == 8);
  CHECK(hosts_by_gpus.stride(1) == 1);
  const vr::extent from_one = vr::dim("gpus", 8);
  CHECK(from_one.ranks() == 8);
}

TEST_CASE("an extent is rebuilt from its dimensions") {
  const auto again = vr::extent::of(hosts_by_gpus.dims());
  CHECK(again == hosts_by_gpus);
  CHECK(std::hash<vr::extent>{}(again) == std::hash<vr::extent>{}(hosts_by_gpus));
}

TEST_CASE("extents differ by label, size, order and number of dimensions") {
  const std::unordered_set<vr::extent> seen{
      vr::extent(),
      vr::dim("a", 1),
      vr::dim("b", 1),
      vr::dim("a", 2),
      vr::extent(vr::dim("a", 1), vr::dim("b", 1)),
      vr::extent(vr::dim("b", 1), vr::dim("a", 1)),
      vr::extent(vr::dim("a", 2), vr::dim("b", 1)),
      vr::extent(vr::dim("a", 1), vr::dim("b", 2)),
  };
  CHECK(seen.size() == 8);
}

TEST_CASE("mistakes in an extent are refused by one sentence that names them") {
  CHECK(sentence_of([] { vr::extent(vr::dim("a", 1), vr::dim("b", 2), vr::dim("a", 3)); }) ==
        "dimension 'a' is twice in {a=1, b=2, a=3}");
  CHECK(sentence_of([] { (void)hosts_by_gpus.concat(vr::dim("gpus", 3)); }) ==
        "dimension 'gpus' is in {hosts=2, gpus=8} and again in {gpus=3}, and labels differ within an extent");
  CHECK(sentence_of([] { (void)hosts_by_gpus.size("rows"); }) ==
        "there is no dimension 'rows' in {hosts=2, gpus=8}");
  CHECK(sentence_of([] { (void)hosts_by_gpus.point_of(16); }) ==
        "rank 16 is outside {hosts=2, gpus=8}, which has 16 ranks");
  CHECK(sentence_of([] { (void)hosts_by_gpus.rank_of(std::array<std::size_t, 2>{0, 8}); }) ==
        "index 8 is outside dimension 'gpus', which has size 8");
  CHECK(sentence_of([] { (void)hosts_by_gpus.rank_of(std::array<std::size_t, 1>{0}); }) ==
        "1 indices are no coordinate in {hosts=2, gpus=8}, which has 2 dimensions");
  CHECK(sentence_of([] { (void)hosts_by_gpus.rank_of(vr::extent(vr::dim("gpus", 8)).point_of(3)); }) ==
        "{gpus=3/8} is not a point of {hosts=2, gpus=8}");
}

TEST_CASE("more ranks than 64 bits count are refused, and exactly as many are not") {
  constexpr std::uint64_t half = std::uint64_t{1} << 32;
  CHECK(vr::extent(vr::dim("a", half), vr::dim("b", half - 1)).ranks() == half * (half - 1));
  CHECK(sentence_of([] { vr::extent(vr::dim("a", half), vr::dim("b", half)); }) ==
        "{a=4294967296, b=4294967296} has more ranks than a 64-bit number can count");
}

TEST_CASE("there is a limit on dimensions") {
  std::vector<vr::dim> dims;
  for (std::size_t i = 0; i < vr::limit::dimensions; ++i) dims.emplace_back("d" + std::to_string(i), 2);
  CHECK(vr::extent::of(dims).ranks() == 65536);
  CHECK(vr::extent::parse(vr::extent::of(dims).text()) == vr::extent::of(dims));
  dims.emplace_back("more", 2);
  CHECK(sentence_of([&] { vr::extent::of(dims); }) ==
        "17 dimensions are too many for an extent, which has at most 16");
}

TEST_CASE("ranks count row by row, the last dimension fastest, and lead back") {
  for (std::size_t a = 1; a <= 3; ++a) {
    for (std::size_t b = 1; b <= 3; ++b) {
      for (std::size_t c = 1; c <= 3; ++c) {
        const vr::extent e(vr::dim("a", a), vr::dim("b", b), vr::dim("c", c));
        std::size_t rank = 0;
        for (std::size_t i = 0; i < a; ++i) {
          for (std::size_t j = 0; j < b; ++j) {
            for (std::size_t k = 0; k < c; ++k, ++rank) {
              const auto at = e.point_of(rank);
              REQUIRE(at.indices() == std::vector{i, j, k});
              REQUIRE(e.rank_of(at.indices()) == rank);
              REQUIRE(e.rank_of(at) == rank);
            }
          }
        }
        REQUIRE(rank == e.ranks());
      }
    }
  }
}

TEST_CASE("an extent prints and parses back as the same extent") {
  constexpr unsigned seed = 3;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 500; ++round) {
    std::vector<vr::dim> dims;
    const auto count = random() % 5;
    for (unsigned i = 0; i < count; ++i) {
      dims.emplace_back("d" + std::to_string(i), random() % (std::uint64_t{1} << (random() % 13)) + 1);
    }
    const auto e = vr::extent::of(dims);
    std::ostringstream out;
    out << e;
    REQUIRE(vr::extent::parse(out.str()) == e);
  }
  CHECK(hosts_by_gpus.text() == "{hosts=2, gpus=8}");
}

TEST_CASE("what is no extent is refused") {
  CHECK(sentence_of([] { vr::extent::parse("{gpus}"); }) ==
        "'{gpus}' is not an extent: expected {label=size, label=size} with at most 16 dimensions");
  for (const std::string text :
       {"", "{", "gpus=8", "{gpus=}", "{gpus=08}", "{gpus=-8}", "{gpus=8,}", "{gpus=8,x=1}", "{=8}",
        "{gpus=8 }", "{ gpus=8}", "{gpus=0}", "{gpus=8, gpus=8}", "{gpus=18446744073709551616}"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(vr::extent::parse(text), vr::error);
  }
}
