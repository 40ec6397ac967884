#include "viceroy/space/region.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <ranges>
#include <sstream>
#include <string>
#include <unordered_set>
#include <vector>

namespace vr = viceroy;

static_assert(!std::is_aggregate_v<vr::region>);
static_assert(std::ranges::forward_range<vr::region>);

namespace {

const vr::extent cube(vr::dim("x", 2), vr::dim("y", 3), vr::dim("z", 4));

std::vector<std::size_t> ranks_of(const vr::region& r) { return {r.begin(), r.end()}; }

std::string sentence_of(auto&& act) {
  try {
    act();
  } catch (const vr::error& e) {
    CHECK(e.kind() == vr::errc::bad_input);
    return e.sentence();
  }
  return "nothing was thrown";
}

// What holds of every region; `expected` are its base ranks in order, found without one.
void check_laws(const vr::region& r, const std::vector<std::size_t>& expected) {
  CAPTURE(r.text());
  REQUIRE(ranks_of(r) == expected);
  REQUIRE(r.ranks() == expected.size());
  REQUIRE(r.offset() == expected.front());
  REQUIRE(r.is_whole() == (r == vr::region(r.base())));
  for (std::size_t local = 0; local < expected.size(); ++local) {
    REQUIRE(r.base_rank(local) == expected[local]);
    REQUIRE(r.local_rank_of(expected[local]) == local);
  }
  for (std::size_t base = 0; base < r.base().ranks() + 3; ++base) {
    REQUIRE(r.contains(base) == (std::find(expected.begin(), expected.end(), base) != expected.end()));
  }
  REQUIRE(vr::region::parse(r.text()) == r);
  const auto rebuilt = vr::region::of(r.base(), r.extent(), r.offset(), r.strides());
  REQUIRE(rebuilt == r);
  REQUIRE(std::hash<vr::region>{}(rebuilt) == std::hash<vr::region>{}(r));
}

// One dimension of a slice told plainly: the indices that stay, and whether the dimension does.
struct cut {
  std::vector<std::size_t> indices;
  bool kept;
};

// All ways to cut a dimension of that size; the same indices once by each range that has them.
std::vector<std::pair<cut, std::optional<vr::range>>> cuts(std::size_t size) {
  std::vector<std::pair<cut, std::optional<vr::range>>> out;
  for (std::size_t i = 0; i < size; ++i) out.push_back({{{i}, false}, std::nullopt});
  for (std::size_t begin = 0; begin < size; ++begin) {
    for (std::size_t end = begin + 1; end <= size; ++end) {
      for (std::size_t step = 1; step <= size; ++step) {
        cut one{{}, true};
        for (std::size_t i = begin; i < end; i += step) one.indices.push_back(i);
        out.push_back({one, vr::range(begin, end, step)});
      }
    }
  }
  return out;
}

vr::region apply(const vr::region& to, const char* label,
                 const std::pair<cut, std::optional<vr::range>>& how) {
  return how.second ? to.slice(label, *how.second) : to.slice(label, how.first.indices.front());
}

}  // namespace

TEST_CASE("a whole region is its base") {
  const vr::region whole = cube;
  CHECK(whole.is_whole());
  CHECK(whole.extent() == cube);
  CHECK(whole.base() == cube);
  CHECK(whole.text() == "{x=0:2/2, y=0:3/3, z=0:4/4}");
  std::vector<std::size_t> all(cube.ranks());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  check_laws(whole, all);
  check_laws(vr::region(), {0});
  check_laws(vr::extent::unity(), {0});
}

TEST_CASE("every slice of a small extent has the ranks that plain loops find") {
  const vr::extent base(vr::dim("a", 3), vr::dim("b", 4));
  std::size_t checked = 0;
  for (const auto& a : cuts(3)) {
    for (const auto& b : cuts(4)) {
      std::vector<std::size_t> expected;
      for (const auto i : a.first.indices) {
        for (const auto j : b.first.indices) expected.push_back(i * 4 + j);
      }
      const auto r = apply(apply(base, "a", a), "b", b);
      REQUIRE(apply(apply(base, "b", b), "a", a) == r);
      REQUIRE(r.extent().find("a").has_value() == a.first.kept);
      REQUIRE(r.extent().find("b").has_value() == b.first.kept);
      check_laws(r, expected);
      ++checked;
    }
  }
  CHECK(checked == (3 + 18) * (4 + 40));
}

TEST_CASE("slices of slices are slices of the base") {
  constexpr unsigned seed = 5;
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    vr::region r(vr::extent(vr::dim("a", 5), vr::dim("b", 1), vr::dim("c", 7), vr::dim("d", 3)));
    auto expected = ranks_of(r);
    const auto steps = random() % 6;
    for (unsigned step = 0; step < steps && !r.extent().dims().empty(); ++step) {
      const auto dims = r.extent().dims();
      const vr::dim cut = dims[random() % dims.size()];
      const std::string label(cut.label().text());
      const auto options = cuts(cut.size());
      const auto& how = options[random() % options.size()];
      std::vector<std::size_t> left;
      for (std::size_t local = 0; local < expected.size(); ++local) {
        const auto index = r.extent().point_of(local)[label];
        const auto& stay = how.first.indices;
        if (std::find(stay.begin(), stay.end(), index) != stay.end()) left.push_back(expected[local]);
      }
      expected = left;
      r = apply(r, label.c_str(), how);
    }
    check_laws(r, expected);
  }
}

TEST_CASE("equal regions are equal however they were cut") {
  const vr::region line(vr::dim("n", 10));
  CHECK(line.slice("n", vr::range(0, 9, 3)) ==
        line.slice("n", vr::range(0, 10, 3)).slice("n", vr::range(0, 3)));
  CHECK(line.slice("n", vr::range(4, 5)) == line.slice("n", vr::range(4, 10, 9)));
  CHECK(line.slice("n", vr::range(4, 5)) != line.slice("n", 4));
  CHECK(line.slice("n", vr::range(0, 10)).is_whole());
  const std::unordered_set<vr::region> seen{line, line.slice("n", 4), line.slice("n", 5),
                                            line.slice("n", vr::range(4, 5)), vr::region(vr::dim("n", 11))};
  CHECK(seen.size() == 5);
}

TEST_CASE("sixteen dimensions can be sliced away one by one, from either end") {
  std::vector<vr::dim> dims;
  for (std::size_t i = 0; i < vr::limit::dimensions; ++i) dims.emplace_back("d" + std::to_string(i), 2);
  vr::region front = vr::extent::of(dims);
  vr::region back = front;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    front = front.slice(dims[i].label().text(), 1);
    back = back.slice(dims[dims.size() - 1 - i].label().text(), 1);
    REQUIRE(front.ranks() == std::size_t{1} << (15 - i));
    REQUIRE(front.base_rank(front.ranks() - 1) == 65535);
    REQUIRE(back.base_rank(back.ranks() - 1) == 65535);
    REQUIRE(vr::region::parse(front.text()) == front);
  }
  CHECK(front == back);
}

TEST_CASE("a very large region is only arithmetic") {
  const std::uint64_t large = std::uint64_t{1} << 62;
  const auto part = vr::region(vr::dim("n", large)).slice("n", vr::range(3, large, 7));
  CHECK(part.ranks() == (large - 4) / 7 + 1);
  CHECK(part.base_rank(part.ranks() - 1) == 3 + (part.ranks() - 1) * 7);
  CHECK(part.contains(10));
  CHECK_FALSE(part.contains(11));
  CHECK(vr::region::parse(part.text()) == part);
  CHECK(vr::region::of(part.base(), part.extent(), 3, part.strides()) == part);
}

TEST_CASE("a slice that is not there is refused by one sentence with label, size and index") {
  const auto part = vr::region(cube).slice("z", vr::range(0, 4, 2));
  CHECK(sentence_of([&] { (void)part.slice("w", 0); }) == "there is no dimension 'w' in {x=2, y=3, z=2}");
  CHECK(sentence_of([&] { (void)part.slice("z", 2); }) ==
        "index 2 is outside dimension 'z', which has size 2");
  CHECK(sentence_of([&] { (void)part.slice("z", -1); }) ==
        "index -1 is outside dimension 'z', which has size 2");
  CHECK(sentence_of([&] { (void)part.slice("z", vr::range(1, 3)); }) ==
        "range 1:3 is outside dimension 'z', which has size 2");
  CHECK(sentence_of([&] { (void)part.slice("x", 0).slice("x", 0); }) ==
        "there is no dimension 'x' in {y=3, z=2}");
  CHECK(sentence_of([&] { (void)part.base_rank(12); }) ==
        "rank 12 is outside region {x=0:2/2, y=0:3/3, z=0:3:2/4}, which has 12 ranks");
}

TEST_CASE("parts that no slicing gives are refused") {
  const vr::extent base(vr::dim("a", 3), vr::dim("b", 4));
  const auto of = [&](const vr::extent& kept, std::size_t offset, std::vector<std::size_t> strides) {
    return sentence_of([&] { vr::region::of(base, kept, offset, strides); });
  };
  CHECK(of(vr::dim("b", 2), 12, {1}) == "rank 12 is outside {a=3, b=4}, which has 12 ranks");
  CHECK(of(vr::dim("b", 2), 0, {}) ==
        "a region of {b=2} has one stride for each dimension, and 0 were given");
  CHECK(of(vr::dim("c", 2), 0, {1}) ==
        "{c=2} is no part of {a=3, b=4}: its dimensions are not the base's, in the base's order");
  CHECK(of(vr::extent(vr::dim("b", 2), vr::dim("a", 2)), 0, {1, 4}) ==
        "{b=2, a=2} is no part of {a=3, b=4}: its dimensions are not the base's, in the base's order");
  CHECK(of(vr::dim("b", 2), 0, {0}) == "stride 0 does not lead to 2 indices of dimension 'b' in {a=3, b=4}");
  CHECK(of(vr::dim("b", 2), 0, {4}) == "stride 4 does not lead to 2 indices of dimension 'b' in {a=3, b=4}");
  CHECK(of(vr::dim("b", 2), 3, {1}) == "stride 1 does not lead to 2 indices of dimension 'b' in {a=3, b=4}");
  CHECK(of(vr::dim("a", 2), 0, {6}) == "stride 6 does not lead to 2 indices of dimension 'a' in {a=3, b=4}");
  CHECK(of(vr::dim("b", 1), 0, {2}) == "stride 2 does not lead to 1 indices of dimension 'b' in {a=3, b=4}");
  CHECK(of(vr::dim("b", 5), 0, {1}) == "stride 1 does not lead to 5 indices of dimension 'b' in {a=3, b=4}");
}

TEST_CASE("parts at random are refused or rebuilt exactly") {
  constexpr unsigned seed = 9;
  CAPTURE(seed);
  std::mt19937 random(seed);
  const vr::extent base(vr::dim("a", 3), vr::dim("b", 4));
  std::size_t rebuilt = 0;
  for (int round = 0; round < 20'000; ++round) {
    const vr::extent kept(vr::dim("a", random() % 4 + 1), vr::dim("b", random() % 5 + 1));
    const std::array<std::size_t, 2> strides{random() % 14, random() % 5};
    const std::size_t offset = random() % 14;
    try {
      const auto r = vr::region::of(base, kept, offset, strides);
      REQUIRE(r.extent() == kept);
      REQUIRE(r.offset() == offset);
      REQUIRE(std::equal(strides.begin(), strides.end(), r.strides().begin(), r.strides().end()));
      check_laws(r, ranks_of(r));
      ++rebuilt;
    } catch (const vr::error& e) {
      REQUIRE(e.kind() == vr::errc::bad_input);
    }
  }
  CHECK(rebuilt > 100);
}

TEST_CASE("a region prints its part of every base dimension") {
  const auto part = vr::region(cube).slice("x", 1).slice("z", vr::range(0, 4, 2));
  std::ostringstream out;
  out << part;
  CHECK(out.str() == "{x=1/2, y=0:3/3, z=0:3:2/4}");
}

TEST_CASE("what is no region, or another spelling of one, is refused") {
  CHECK(sentence_of([] { vr::region::parse("{z=0:4:2/4}"); }) ==
        "'{z=0:4:2/4}' is not a region: expected {label=index/size, label=begin:end:step/size}, with the "
        "least end and "
        "no step of 1");
  for (const std::string text :
       {"",         "{",          "{z}",         "{z=}",          "{z=/}",       "{z=0}",
        "{z=0/}",   "{z=/4}",     "{z=4/4}",     "{z=0:5/4}",     "{z=0:0/4}",   "{z=:/4}",
        "{z=0:/4}", "{z=0:2:/4}", "{z=0:2:1/4}", "{z=0:3:2:1/4}", "{z=0:3:0/4}", "{z=0/4/4}",
        "{z=0/0}",  "{z=-1/4}",   "{z=0:1:2/4}", "{z=0/4, z=0/4}"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(vr::region::parse(text), vr::error);
  }
}
