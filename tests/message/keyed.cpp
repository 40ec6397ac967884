#include "viceroy/message/keyed.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace vr = viceroy;

TEST_CASE("sets and maps of unique keys are known by their shape, and nothing else is") {
  CHECK(vr::detail::keyed_set<std::set<int>>);
  CHECK(vr::detail::keyed_set<std::unordered_set<std::string>>);
  CHECK(vr::detail::keyed_map<std::map<int, std::string>>);
  CHECK(vr::detail::keyed_map<std::unordered_map<int, int>>);
  CHECK_FALSE(vr::detail::keyed_map<std::set<int>>);
  CHECK_FALSE(vr::detail::keyed_set<std::map<int, int>>);
  CHECK_FALSE(vr::detail::keyed<std::multiset<int>>);
  CHECK_FALSE(vr::detail::keyed<std::multimap<int, int>>);
  CHECK_FALSE(vr::detail::keyed<std::unordered_multimap<int, int>>);
  CHECK_FALSE(vr::detail::keyed<std::vector<int>>);
  CHECK_FALSE(vr::detail::keyed<std::string>);
  CHECK_FALSE(vr::detail::keyed<int>);
}

TEST_CASE("only the default order, hash, equality and allocator count as the library's own") {
  CHECK(vr::detail::keyed_by_default<std::set<int>>());
  CHECK(vr::detail::keyed_by_default<std::unordered_map<int, int>>());
  CHECK_FALSE(vr::detail::keyed_by_default<std::set<int, std::greater<int>>>());
  CHECK_FALSE(vr::detail::keyed_by_default<std::map<int, int, std::less<>>>());
}
