#include "viceroy/message/fixed_string.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <type_traits>

namespace {

template <viceroy::fixed_string Name>
struct named {
  static constexpr std::string_view name = Name;
};

static_assert(named<"ping">::name == "ping" && named<"">::name.empty());
static_assert(std::is_same_v<named<"ping">, named<"ping">> && !std::is_same_v<named<"ping">, named<"pong">>);
static_assert(viceroy::fixed_string("ab").size() == 2);
static_assert(viceroy::fixed_string("ab") == viceroy::fixed_string("ab"));
static_assert(!(viceroy::fixed_string("ab") == viceroy::fixed_string("abc")));

}  // namespace

TEST_CASE("text as a template argument keeps its characters") { CHECK(named<"a b">::name == "a b"); }
