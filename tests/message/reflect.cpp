#include "viceroy/message/reflect.hpp"

#include <doctest/doctest.h>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/define_struct.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace reflect_test {

struct plain {
  int number;
  std::string text;
};

struct nothing {};

struct move_only {
  std::unique_ptr<int> owned;
  int number;
};

class account {
 public:
  account() = default;
  account(std::string owner, long cents) : owner_(std::move(owner)), cents_(cents) {}
  long cents() const { return cents_; }

 private:
  std::string owner_;
  long cents_ = 0;

 public:
  VICEROY_FIELDS(account, owner_, cents_);
};

struct base {
  int id;
};
struct derived : base {
  double weight;
  VICEROY_FIELDS(derived, id, weight);
};
struct inherits_a_list : account {
  int more = 0;
};

// Its list stands before the members that it names, and before a member function that asks for it.
class lists_first {
 public:
  VICEROY_FIELDS(lists_first, name_, size_)
  lists_first() = default;
  lists_first(std::string name, int size) : name_(std::move(name)), size_(size) {}
  static std::size_t count() { return viceroy::field_count<lists_first>; }

 private:
  std::string name_;
  int size_ = 0;
};

struct lists_nothing {
  VICEROY_FIELDS(lists_nothing);
};

template <class T>
struct box {
  T value;
  VICEROY_FIELDS(box, value);
};

struct tree {
  int value;
  std::vector<tree> kids;
};

struct defined_by_hana {
  BOOST_HANA_DEFINE_STRUCT(defined_by_hana, (int, number), (std::string, text));
};
struct adapted_by_hana {
  int number;
  double ratio;
};

struct keeps_a_cache {
  int number = 0;
  std::vector<int> cache;
  VICEROY_FIELDS(keeps_a_cache, number);
  using unlisted_members = std::true_type;
};

struct thirty {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2, c3, c4, c5,
      c6, c7, c8, c9;
  VICEROY_FIELDS(thirty, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0,
                 c1, c2, c3, c4, c5, c6, c7, c8, c9);
};

}  // namespace reflect_test

BOOST_HANA_ADAPT_STRUCT(reflect_test::adapted_by_hana, number, ratio);

namespace {

using namespace reflect_test;
using viceroy::field_count;
using viceroy::field_names;
using viceroy::field_types;
using viceroy::is_reflected;
using viceroy::type_list;
using viceroy::visit_fields;

static_assert(field_count<plain> == 2 && field_count<nothing> == 0 && field_count<account> == 2);
static_assert(field_count<derived> == 2 && field_count<lists_nothing> == 0 && field_count<box<int>> == 1);
static_assert(field_count<defined_by_hana> == 2 && field_count<adapted_by_hana> == 2 &&
              field_count<tree> == 2);
static_assert(field_count<keeps_a_cache> == 1 && field_count<thirty> == 30);

static_assert(std::is_same_v<field_types<plain>, type_list<int, std::string>>);
static_assert(std::is_same_v<field_types<account>, type_list<std::string, long>>);
static_assert(std::is_same_v<field_types<derived>, type_list<int, double>>);
static_assert(std::is_same_v<field_types<tree>, type_list<int, std::vector<tree>>>);
static_assert(std::is_same_v<field_types<adapted_by_hana>, type_list<int, double>>);
static_assert(std::is_same_v<field_types<nothing>, type_list<>>);

static_assert(field_names<account>()[0] == "owner_" && field_names<account>()[1] == "cents_");
static_assert(field_names<adapted_by_hana>()[1] == "ratio" && field_names<defined_by_hana>()[0] == "number");
static_assert(field_names<plain>()[0] == "0" && field_names<plain>()[1] == "1");
static_assert(field_names<thirty>()[29] == "c9" && field_names<nothing>().empty());

struct with_array {
  int numbers[3];
};
union either {
  int a;
};
static_assert(is_reflected<plain> && is_reflected<nothing> && is_reflected<account> && is_reflected<tree>);
static_assert(!is_reflected<int> && !is_reflected<std::string> && !is_reflected<with_array> &&
              !is_reflected<int[2]>);
static_assert(!is_reflected<inherits_a_list>, "an inherited list tells the base class only");
static_assert(!is_reflected<either> && !is_reflected<int*> && !is_reflected<std::vector<int>>);

constexpr auto add = [](const auto&... fields) { return (0 + ... + static_cast<int>(fields)); };
static_assert(visit_fields(static_cast<const adapted_by_hana&>(adapted_by_hana{1, 2.0}), add) == 3);
static_assert(visit_fields(static_cast<const derived&>(derived{
                               {4},
                               2.0,
                           }),
                           add) == 6);

// A const object has const fields.
template <class T>
using fields_seen =
    decltype(visit_fields(std::declval<T&>(), []<class... F>(F&...) { return type_list<F...>(); }));
static_assert(std::is_same_v<fields_seen<const plain>, type_list<const int, const std::string>>);
static_assert(std::is_same_v<fields_seen<const account>, type_list<const std::string, const long>>);

}  // namespace

TEST_CASE("fields are visited as lvalues, in order, and may be changed") {
  plain p{1, "one"};
  visit_fields(p, [](int& number, std::string& text) {
    number = 2;
    text += " two";
  });
  CHECK(p.number == 2);
  CHECK(p.text == "one two");
}

TEST_CASE("private and inherited members are reached through VICEROY_FIELDS") {
  account a("ada", 5);
  visit_fields(a, [](std::string& owner, long& cents) {
    CHECK(owner == "ada");
    cents = 7;
  });
  CHECK(a.cents() == 7);
  derived d{{1}, 2.5};
  visit_fields(d, [](int& id, double& weight) {
    id = 3;
    weight *= 2;
  });
  CHECK(d.id == 3);
  CHECK(d.weight == 5.0);
}

TEST_CASE("VICEROY_FIELDS stands before the members or after them") {
  lists_first l("ada", 5);
  visit_fields(l, [](std::string& name, int& size) {
    CHECK(name == "ada");
    CHECK(size == 5);
  });
  CHECK(lists_first::count() == 2);
  CHECK(viceroy::field_names<lists_first>()[1] == "size_");
}

TEST_CASE("a move-only message is visited where it stands") {
  move_only m{std::make_unique<int>(4), 5};
  const int sum = visit_fields(m, [](std::unique_ptr<int>& owned, int& number) { return *owned + number; });
  CHECK(sum == 9);
}

TEST_CASE("a message without fields calls with none") {
  nothing n;
  CHECK(visit_fields(n, [](auto&... fields) { return sizeof...(fields); }) == 0);
}
