#include "viceroy/message/row.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <forward_list>
#include <list>
#include <memory_resource>
#include <set>
#include <string>
#include <vector>

#include "viceroy/message/layout.hpp"
#include "viceroy/message/library_names.hpp"

namespace vr = viceroy;

namespace row_test {

struct branch {
  std::list<branch> below;
};

}  // namespace row_test

TEST_CASE("deques and lists are known by their shape, and nothing else is") {
  CHECK(vr::detail::indexed_row<std::deque<int>>);
  CHECK(vr::detail::row<std::list<std::string>>);
  CHECK_FALSE(vr::detail::indexed_row<std::list<int>>);
  CHECK_FALSE(vr::detail::row<std::vector<int>>);
  CHECK_FALSE(vr::detail::row<std::forward_list<int>>);
  CHECK_FALSE(vr::detail::row<std::set<int>>);
  CHECK_FALSE(vr::detail::row<std::string>);
  CHECK_FALSE(vr::detail::row<int>);
}

TEST_CASE("they are laid out as vectors are, and have names of their own") {
  CHECK(vr::layout_text<std::deque<int>>() == vr::layout_text<std::vector<int>>());
  CHECK(vr::layout_text<std::list<std::string>>() == vr::layout_text<std::vector<std::string>>());
  CHECK(vr::is_encodable<row_test::branch>);
  CHECK(vr::type_name<std::deque<int>>() != vr::type_name<std::list<int>>());
  CHECK_FALSE(vr::detail::has_default_allocator<std::pmr::list<int>>);
}
