#include "viceroy/message/field_count.hpp"

#include <doctest/doctest.h>

#include <any>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace {

using viceroy::detail::aggregate_fault;
using viceroy::detail::count_fields;

template <class T>
constexpr std::size_t count = count_fields<T>().fields;
template <class T>
constexpr aggregate_fault fault = count_fields<T>().fault;

struct empty {};
struct one {
  int a;
};
struct two {
  int a;
  std::string b;
};
static_assert(count<empty> == 0 && count<one> == 1 && count<two> == 2);
static_assert(fault<empty> == aggregate_fault::none);

struct tree {
  int value;
  std::vector<tree> kids;
  std::map<std::string, tree> named;
  std::unique_ptr<tree> other;
};
static_assert(count<tree> == 4);

// Types whose constructors take almost anything.
struct greedy {
  std::optional<int> a;
  std::any b;
  std::variant<int, std::string> c;
  std::function<void()> d;
  std::optional<std::string> e;
  std::variant<std::string, std::vector<int>> f;
  std::shared_ptr<int> g;
  std::string_view h;
  std::span<int> i;
  std::tuple<int, std::string> j;
  std::pair<int, int> k;
};
static_assert(count<greedy> == 11);

struct unmoving {
  int a;
  std::mutex b;
  std::atomic<int> c;
  std::thread d;
};
static_assert(count<unmoving> == 4);

struct nested {
  one a;
  empty b;
  std::array<int, 3> c;
  two d;
};
static_assert(count<nested> == 4, "a nested aggregate is one field, and braces do not reach into it");

struct only_nested {
  one a;
};
static_assert(count<only_nested> == 1);

struct no_default {
  explicit no_default(int);
};
struct must_be_given {
  int a;
  no_default b;
  int c;
  no_default d;
};
static_assert(count<must_be_given> == 4);

enum class colour { red };
struct odd {
  const int a;
  colour b;
  unsigned char c : 3;
  int* d;
  void (*e)();
};
static_assert(count<odd> == 5);

struct with_fields {
  int a, b;
};
struct derived_only : with_fields {};
struct derived_more : with_fields {
  int c;
};
struct derived_from_empty : empty {
  int c;
};
struct empty_from_empty : empty {};
static_assert(fault<derived_only> == aggregate_fault::base_class);
static_assert(fault<derived_more> == aggregate_fault::base_class);
static_assert(fault<derived_from_empty> == aggregate_fault::base_class);
static_assert(fault<empty_from_empty> == aggregate_fault::base_class);

struct array_of_one {
  int a[1];
};
struct array_first {
  int a[3];
  int b;
};
struct array_last {
  std::string a;
  std::string b[2];
};
static_assert(fault<array_of_one> == aggregate_fault::array);
static_assert(fault<array_first> == aggregate_fault::array);
static_assert(fault<array_last> == aggregate_fault::array);

struct reference_only {
  int& a;
};
struct reference_last {
  int a;
  int& b;
};
static_assert(fault<reference_only> == aggregate_fault::uninitialisable);
static_assert(fault<reference_last> == aggregate_fault::uninitialisable);

struct ten {
  int a, b, c, d, e, f, g, h, i, j;
};
struct sixty_four {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1;
  int c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3;
  int e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, g0, g1, g2, g3;
};
struct sixty_five {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1;
  int c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3;
  int e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, g0, g1, g2, g3, g4;
};
static_assert(count<ten> == 10 && count<sixty_four> == viceroy::limit::fields);
static_assert(fault<sixty_five> == aggregate_fault::too_many);

}  // namespace

TEST_CASE("fields are counted at compile time, up to the limit") { CHECK(count<sixty_four> == 64); }
