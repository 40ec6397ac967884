#include "viceroy/message/layout.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string_view>
#include <thread>

#include "message/sample_types.hpp"

namespace {

using namespace sample;
using viceroy::is_encodable;
using viceroy::layout_text;

static_assert(layout_text<int>() == "i32" && layout_text<std::string>() == "str" &&
              layout_text<colour>() == "enum u16");
static_assert(layout_text<nothing>() == "{}" && layout_text<echo>() == "{str,i32}");
static_assert(layout_text<numbers>() == "{bool,char,i8,u8,i16,u32,i64,i64,u64,f32,f64,enum u16,enum u32}");
static_assert(
    layout_text<containers>() ==
    "{[f64],[i32,12],map[str,[{str,i32}]],map[i32,bool],set[str],{str,i32}?,<{}|i32|str>,(i32,{str,i32}),(),"
    "(i32,bool,str),time[i64,1,1000],date[time[i64,1,1]]}");
static_assert(layout_text<account>() == "{str,i64}");
static_assert(layout_text<viceroy::actor_id>() == "actor_id" &&
              layout_text<whose>() == "{actor_id,[actor_id]}");

// A type that contains itself is a back reference by depth, from wherever one comes to it.
static_assert(layout_text<tree>() == "{i64,[^1]}");
static_assert(layout_text<odd>() == "{i32?,[{[^2]}]}");
static_assert(layout_text<even>() == "{[{i32?,[^2]}]}");
static_assert(layout_text<std::pair<tree, int>>() == "({i64,[^1]},i32)");

// Comparison and hash are not written down.
static_assert(layout_text<std::map<int, int, std::greater<>>>() == layout_text<std::map<int, int>>());

struct with_thread {
  std::thread a;
};
struct with_pointer {
  int* a;
};
struct with_owner {
  std::unique_ptr<int> a;
};
struct with_array_owner {
  std::unique_ptr<int[]> a;
};
struct chain {
  int value;
  std::unique_ptr<chain> next;
};
struct with_const {
  const int a;
};
struct with_array {
  int a[2];
};
struct stays {
  int a;
  using local = std::true_type;
};
struct carries_one_that_stays {
  std::vector<stays> a;
};
struct bad_tree {
  std::vector<bad_tree> kids;
  void* a;
};
class closed {
  [[maybe_unused]] int a = 0;
};

static_assert(is_encodable<int> && is_encodable<colour> && is_encodable<std::string> &&
              is_encodable<nothing>);
static_assert(is_encodable<numbers> && is_encodable<containers> && is_encodable<tree> && is_encodable<odd>);
static_assert(is_encodable<account> && is_encodable<viceroy::actor_id> && is_encodable<whose>);
static_assert(!is_encodable<with_thread> && !is_encodable<with_pointer> && !is_encodable<with_array_owner>);
static_assert(is_encodable<with_owner> && is_encodable<chain>);
static_assert(!is_encodable<with_const> && !is_encodable<with_array> && !is_encodable<bad_tree>);
static_assert(!is_encodable<stays> && !is_encodable<carries_one_that_stays> && !is_encodable<closed>);
static_assert(!is_encodable<void> && !is_encodable<long double> && !is_encodable<wchar_t> &&
              !is_encodable<int&>);
static_assert(!is_encodable<std::string_view> && !is_encodable<void (*)()> && !is_encodable<const int>);
static_assert(layout_text<with_pointer>() == "{!}");

static_assert(viceroy::is_local_message<stays> && !viceroy::is_local_message<echo> &&
              !viceroy::is_local_message<int>);

}  // namespace

TEST_CASE("a layout is text that lasts") {
  const std::string_view text = layout_text<tree>();
  CHECK(text == "{i64,[^1]}");
}
