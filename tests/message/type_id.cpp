#include "viceroy/message/type_id.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace type_id_test {

struct echo {
  std::string text;
  int times;
};
namespace later {
struct echo {
  std::string text;
  int times;
};
}  // namespace later
struct first {
  int a;
  static constexpr auto name = "shared";
};
struct second {
  unsigned a;
  static constexpr auto name = "shared";
};
struct third {
  int other_name_of_a_field;
  static constexpr auto name = "shared";
};

}  // namespace type_id_test

namespace {

using namespace type_id_test;
using viceroy::type_id;
using viceroy::type_id_bit;

static_assert(type_id<echo>() != type_id<later::echo>(), "the name counts");
static_assert(type_id<first>() != type_id<second>(), "the layout counts");
static_assert(type_id<first>() == type_id<third>(), "what fields are called does not");
static_assert(type_id<long>() == type_id<long long>());
static_assert(type_id<int>() != type_id<unsigned>() &&
              type_id<std::vector<int>>() != type_id<std::vector<long>>());
static_assert((type_id<echo>() & type_id<first>() & type_id<int>() & type_id<void>() & type_id_bit) != 0);
static_assert(viceroy::id_of_name("an actor") != viceroy::id_of_name("another"));
static_assert((viceroy::id_of_name("") & type_id_bit) != 0);

}  // namespace

TEST_CASE("an id is known at compile time, and at run time the same") {
  constexpr std::uint64_t id = type_id<echo>();
  CHECK(type_id<echo>() == id);
}
