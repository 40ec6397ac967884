#include "viceroy/message/hana_struct.hpp"

#include <doctest/doctest.h>
#include <boost/hana.hpp>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "viceroy/message/list.hpp"

namespace hana_struct_test {

struct plain {
  int number;
  std::string text;
};
struct move_only {
  std::unique_ptr<int> owned;
  int number;
};
class account {
  std::string owner = "ada";
  long cents = 7;

 public:
  VICEROY_FIELDS(account, owner, cents);
};
struct adapted {
  int number;
  double ratio;
};
struct lists_nothing {
  VICEROY_FIELDS(lists_nothing);
};
struct compares_itself {
  int number;
  bool operator==(const compares_itself&) const { return true; }
};
struct never_defined;

}  // namespace hana_struct_test

BOOST_HANA_ADAPT_STRUCT(hana_struct_test::adapted, number, ratio);

namespace {

namespace hana = boost::hana;
using namespace hana_struct_test;

static_assert(hana::Struct<plain>::value && hana::Struct<account>::value && hana::Struct<move_only>::value);
static_assert(hana::Struct<adapted>::value && hana::Struct<lists_nothing>::value);

// What is no message of ours stays what it is to Hana.
static_assert(!hana::Struct<int>::value && !hana::Struct<std::string>::value &&
              !hana::Struct<never_defined>::value);
static_assert(!hana::Struct<hana::tuple<int>>::value && !hana::Struct<hana::type<int>>::value);
static_assert(!hana::Struct<hana::pair<int, int>>::value && !hana::Struct<viceroy::messages<int>>::value);
static_assert(!hana::Struct<std::array<int, 3>>::value);

static_assert(hana::length(decltype(hana::keys(std::declval<plain>()))()) == hana::size_c<2>);

}  // namespace

TEST_CASE("hana::members gives a message's fields") {
  CHECK(hana::members(plain{3, "three"}) == hana::make_tuple(3, std::string("three")));
}

TEST_CASE("hana::equal compares messages field by field, unless they compare themselves") {
  CHECK(hana::equal(plain{3, "three"}, plain{3, "three"}));
  CHECK(!hana::equal(plain{3, "three"}, plain{4, "three"}));
  CHECK(hana::equal(compares_itself{1}, compares_itself{2}));
}

TEST_CASE("hana::for_each visits pairs of key and field") {
  int visited = 0;
  hana::for_each(account(), [&](auto pair) { visited += static_cast<int>(sizeof(hana::second(pair)) != 0); });
  CHECK(visited == 2);
  hana::for_each(lists_nothing(), [&](auto) { ++visited; });
  CHECK(visited == 2);
}

TEST_CASE("listed fields are found by name, and may be changed") {
  account a;
  hana::at_key(a, BOOST_HANA_STRING("cents")) = 9;
  CHECK(hana::at_key(a, BOOST_HANA_STRING("cents")) == 9);
  CHECK(hana::at_key(a, BOOST_HANA_STRING("owner")) == "ada");
}

TEST_CASE("fields are moved out of an expiring message") {
  auto members = hana::members(move_only{std::make_unique<int>(4), 5});
  CHECK(*hana::at_c<0>(members) == 4);
}
