#include "viceroy/message/type_list.hpp"

#include <doctest/doctest.h>

#include <type_traits>
#include <utility>

namespace {

using viceroy::type_list;

struct never_defined;
struct a;
struct b;
struct c {};
using abc = type_list<a, b, c>;

// The questions need neither a complete list nor complete elements.
static_assert(viceroy::list_size<abc> == 3 && viceroy::list_size<type_list<>> == 0);
static_assert(viceroy::list_contains<abc, b> && !viceroy::list_contains<abc, never_defined>);
static_assert(viceroy::list_index<abc, a> == 0 && viceroy::list_index<abc, c> == 2);
static_assert(viceroy::list_index<abc, never_defined> == 3 && viceroy::list_index<type_list<>, a> == 0);
static_assert(viceroy::list_index<type_list<a, b, b>, b> == 1, "of two, the first");
static_assert(!viceroy::list_contains<type_list<const a, a*>, a>);
static_assert(std::is_same_v<viceroy::list_at<abc, 1>, b>);

template <class... Ts>
struct other;
static_assert(std::is_same_v<viceroy::list_as<abc, other>, other<a, b, c>>);
static_assert(viceroy::list_size<other<a, b>> == 2, "any template of types will do");

// Longer than clang's limit on fold expressions.
template <std::size_t>
struct numbered;
template <std::size_t... I>
type_list<numbered<I>...> many(std::index_sequence<I...>);
using thousand = decltype(many(std::make_index_sequence<1000>()));
static_assert(viceroy::list_index<thousand, numbered<999>> == 999);
static_assert(std::is_same_v<viceroy::list_at<thousand, 700>, numbered<700>>);

}  // namespace

TEST_CASE("a list of incomplete types is asked at compile time") {
  CHECK(viceroy::list_size<thousand> == 1000);
}
