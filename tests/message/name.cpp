#include "viceroy/message/name.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "viceroy/message/library_names.hpp"

namespace name_test {

struct echo {};
enum class colour : std::uint8_t { red };
struct outer {
  struct inner {};
};
struct named {
  static constexpr auto name = "a name";
};
struct has_a_field_called_name {
  std::string name;
};
class private_name {
  [[maybe_unused]] static constexpr auto name = "secret";
};
template <class T>
struct box {
  T value;
};
template <class T>
struct unnamed_box {};
namespace vendor {
template <class T>
struct strange {};
}  // namespace vendor

}  // namespace name_test

template <class T>
struct viceroy::name_of<name_test::box<T>> : composed_name<"box", T> {};
template <>
struct viceroy::name_of<name_test::vendor::strange<int>> {
  static constexpr std::string_view value = "strange_int";
};

namespace {

using namespace name_test;
using viceroy::has_stable_name;
using viceroy::type_name;

struct hidden {};

static_assert(type_name<echo>() == "name_test::echo" &&
              type_name<outer::inner>() == "name_test::outer::inner");
static_assert(type_name<colour>() == "name_test::colour");
static_assert(type_name<named>() == "a name");
static_assert(type_name<has_a_field_called_name>() == "name_test::has_a_field_called_name");
static_assert(type_name<private_name>() == "name_test::private_name");

// Numbers by width, for long and long long are one thing on the wire and two things to a compiler.
static_assert(type_name<long>() == type_name<std::int64_t>() && type_name<long long>() == "i64");
static_assert(type_name<unsigned char>() == "u8" && type_name<signed char>() == "i8" &&
              type_name<char>() == "char");
static_assert(type_name<bool>() == "bool" && type_name<float>() == "f32" && type_name<double>() == "f64");
static_assert(type_name<unsigned short>() == "u16" && type_name<char32_t>() == "char32" &&
              type_name<void>() == "void");

// The library's templates by their arguments' names.
static_assert(type_name<std::string>() == "string");
static_assert(type_name<std::map<std::string, std::vector<long>>>() == "map<string,vector<i64>>");
static_assert(type_name<std::array<int, 130>>() == "array<i32,130>" &&
              type_name<std::array<int, 0>>() == "array<i32,0>");
static_assert(type_name<std::tuple<>>() == "tuple<>" &&
              type_name<std::pair<int, echo>>() == "pair<i32,name_test::echo>");
static_assert(type_name<std::optional<std::variant<int, bool>>>() == "optional<variant<i32,bool>>");
static_assert(type_name<std::chrono::milliseconds>() == "duration<i64,1,1000>");
static_assert(type_name<box<std::vector<int>>>() == "box<vector<i32>>");
static_assert(type_name<vendor::strange<int>>() == "strange_int");

// What compilers spell differently, or only one file can name, has no name of its own.
static_assert(!has_stable_name<hidden> && !has_stable_name<unnamed_box<int>> && !has_stable_name<int*>);
static_assert(!has_stable_name<std::vector<hidden>> && !has_stable_name<box<unnamed_box<int>>>);
static_assert(!has_stable_name<vendor::strange<long>> && !has_stable_name<long double> &&
              !has_stable_name<wchar_t>);
static_assert(!has_stable_name<std::map<int, int, std::greater<>>>, "another comparison is another type");
static_assert(!has_stable_name<decltype([] {})> && !has_stable_name<std::shared_ptr<int>>);

}  // namespace

TEST_CASE("a name is text that lasts") { CHECK(type_name<std::vector<echo>>() == "vector<name_test::echo>"); }
