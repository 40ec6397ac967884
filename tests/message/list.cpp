#include "viceroy/message/list.hpp"

#include <doctest/doctest.h>
#include <boost/hana.hpp>

#include <string>
#include <type_traits>

namespace {

namespace hana = boost::hana;
using viceroy::actors;
using viceroy::messages;

struct a;
struct b;
struct c {};
using abc = messages<a, b, c>;

template <class T, class U>
constexpr bool same(T, U) {
  return std::is_same_v<T, U>;
}

static_assert(viceroy::list_index<abc, b> == 1 && viceroy::list_contains<actors<a>, a>);

// Hana's algebra, with the same kind of list as result.
static_assert(hana::Sequence<abc>::value && hana::Sequence<actors<>>::value);
static_assert(std::is_same_v<hana::tag_of_t<abc>, viceroy::list_tag<messages>>);
static_assert(same(hana::concat(messages<a>(), messages<b, c>()), abc()));
static_assert(same(hana::append(messages<a, b>(), hana::type_c<c>), abc()));
static_assert(same(hana::prepend(messages<b, c>(), hana::type_c<a>), abc()));
static_assert(same(hana::filter(abc(), [](auto t) { return t != hana::type_c<b>; }), messages<a, c>()));
static_assert(same(hana::unique(messages<a, a, b, b, a>()), messages<a, b, a>()));
static_assert(same(hana::unique(messages<>()), messages<>()));
static_assert(same(hana::reverse(abc()), messages<c, b, a>()));
static_assert(same(hana::drop_front(abc(), hana::size_c<2>), messages<c>()));
static_assert(same(hana::drop_front(abc(), hana::size_c<9>), messages<>()));
static_assert(same(hana::take_front(abc(), hana::size_c<2>), messages<a, b>()));
static_assert(same(hana::remove_if(abc(), hana::equal.to(hana::type_c<a>)), messages<b, c>()));
static_assert(same(hana::transform(abc(), hana::metafunction<std::add_pointer>), messages<a*, b*, c*>()));
static_assert(same(hana::empty<viceroy::list_tag<actors>>(), actors<>()));

// What is no list of types any more is a tuple.
static_assert(same(hana::transform(messages<int>(), [](auto) { return 1; }), hana::tuple<int>()));

static_assert(hana::length(abc()) == hana::size_c<3> && !hana::is_empty(abc()) &&
              hana::is_empty(messages<>()));
static_assert(hana::at_c<1>(abc()) == hana::type_c<b> && hana::front(abc()) == hana::type_c<a>);
static_assert(hana::back(abc()) == hana::type_c<c>);
static_assert(hana::contains(abc(), hana::type_c<c>) && !hana::contains(abc(), hana::type_c<int>));
static_assert(!hana::contains(abc(), hana::int_c<1>));
static_assert(hana::index_if(abc(), hana::equal.to(hana::type_c<b>)) == hana::just(hana::size_c<1>));
static_assert(hana::equal(abc(), messages<a, b, c>()) && !hana::equal(abc(), messages<a, b>()));
static_assert(hana::to_tuple(abc()) == hana::tuple_t<a, b, c>);
static_assert(hana::unpack(abc(), hana::template_<actors>) == hana::type_c<actors<a, b, c>>);

}  // namespace

TEST_CASE("hana::for_each visits the types of a list in order") {
  std::string seen;
  hana::for_each(messages<char, int, double>(),
                 [&](auto t) { seen += std::to_string(sizeof(typename decltype(t)::type)); });
  CHECK(seen == "148");
}
