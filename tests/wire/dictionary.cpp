#include "viceroy/wire/dictionary.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "viceroy/id/label.hpp"

namespace vr = viceroy;

TEST_CASE("names are numbered from 1 on, and found again among many") {
  vr::outgoing_names<vr::label> names;
  std::vector<vr::label> all;
  for (int i = 0; i < 5000; ++i) all.push_back(vr::label::parse("name" + std::to_string(i)));
  for (std::size_t i = 0; i < all.size(); ++i) {
    REQUIRE(names.find(all[i]) == 0);
    REQUIRE(names.add(all[i]) == i + 1);
    REQUIRE(names.find(all[i]) == i + 1);
  }
  for (std::size_t i = 0; i < all.size(); i += 7) REQUIRE(names.find(all[i]) == i + 1);
  vr::label found;
  CHECK(names.at(17, found));
  CHECK(found == all[16]);
  CHECK(names.at(0, found));
  CHECK(found.empty());
  CHECK_FALSE(names.at(5001, found));
  CHECK(names.find(vr::label()) == 0);
  names.clear();
  CHECK(names.find(all[0]) == 0);
  CHECK(names.size() == 0);
  CHECK(names.add(all[9]) == 1);
}

TEST_CASE("a peer's numbers count up from 1, without a gap and without repeating") {
  vr::incoming_names<vr::label> names;
  CHECK(names.problem(0) != nullptr);
  CHECK(names.problem(2) != nullptr);
  CHECK(names.problem(1) == nullptr);
  names.add(vr::label::parse("one"));
  CHECK(std::string(names.problem(1)) == "it defines a number twice");
  CHECK(std::string(names.problem(3)) == "it defines a number out of sequence");
  CHECK(names.problem(2) == nullptr);
  vr::label found = vr::label::parse("x");
  CHECK(names.at(0, found));
  CHECK(found.empty());
  CHECK(names.at(1, found));
  CHECK(found.text() == "one");
  CHECK_FALSE(names.at(2, found));
  CHECK_FALSE(names.at(0xffffffff, found));
}

TEST_CASE("a peer cannot define more names than a link numbers") {
  vr::incoming_names<vr::label> names;
  const auto same = vr::label::parse("same");
  for (std::size_t i = 0; i < vr::limit::link_names; ++i) names.add(same);
  CHECK(std::string(names.problem(vr::limit::link_names + 1)) ==
        "it defines more names than limit::link_names");
}
