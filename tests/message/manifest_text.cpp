#include "viceroy/message/manifest_text.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "message/sample_types.hpp"

namespace manifest_text_test {

struct narrow_account {
  int owner;
  std::int32_t cents;
  VICEROY_FIELDS(narrow_account, owner, cents);
  static constexpr auto name = "account";
};
struct wide_account {
  int owner;
  std::int64_t cents;
  VICEROY_FIELDS(wide_account, owner, cents);
  static constexpr auto name = "account";
};
struct long_account {
  int owner;
  std::int32_t cents;
  std::vector<std::string> log;
  VICEROY_FIELDS(long_account, owner, cents, log);
  static constexpr auto name = "account";
};

}  // namespace manifest_text_test

namespace {

using namespace manifest_text_test;
using viceroy::entry_kind;
using viceroy::explain_difference;
using viceroy::make_actor_entry;
using viceroy::make_entry;

template <class T>
std::string text_of(entry_kind kind = entry_kind::message) {
  const std::array entries{make_entry<T>(kind)};
  return viceroy::manifest_text(viceroy::make_manifest(entries));
}

}  // namespace

TEST_CASE("equal manifests have no difference") {
  CHECK(explain_difference(text_of<narrow_account>(), text_of<narrow_account>()).empty());
  CHECK(explain_difference("", "").empty());
}

TEST_CASE("a field of another type is named") {
  CHECK(explain_difference(text_of<narrow_account>(), text_of<wide_account>()) ==
        "the message 'account' differs in field 1 (cents): i32 here and i64 there");
}

TEST_CASE("a field that only one side has is named") {
  CHECK(explain_difference(text_of<narrow_account>(), text_of<long_account>()) ==
        "the message 'account' has field 2 (log), [str], only there");
  CHECK(explain_difference(text_of<long_account>(), text_of<narrow_account>()) ==
        "the message 'account' has field 2 (log), [str], only here");
}

TEST_CASE("a type that only one side knows is named") {
  CHECK(explain_difference(text_of<sample::echo>(), "") == "only this side knows the message 'sample::echo'");
  CHECK(explain_difference("", text_of<sample::echo>(entry_kind::params)) ==
        "only the other side knows the params 'sample::echo'");
}

TEST_CASE("a type that differs comes before those that are missing") {
  CHECK(explain_difference(text_of<narrow_account>(), text_of<sample::echo>() + text_of<wide_account>()) ==
        "the message 'account' differs in field 1 (cents): i32 here and i64 there (and 1 more)");
}

TEST_CASE("nested layouts are compared as wholes") {
  CHECK(explain_difference("message\ta\t1\t{i32,[(i8,u8)],str}\t\n",
                           "message\ta\t2\t{i32,[(i8,u16)],str}\t\n") ==
        "the message 'a' differs in field 1: [(i8,u8)] here and [(i8,u16)] there");
  CHECK(explain_difference("result\ti\t1\t[i8]\t\n", "result\ti\t2\t[u8]\t\n") ==
        "the result 'i' is [i8] here and [u8] there");
  CHECK(explain_difference("message\ta\t1\t{i8}\t\n", "message\ta\t2\t{i8}\t\n") ==
        "the message 'a' has another id");
  CHECK(explain_difference("actor\ta\t1\t\t\n", "actor\ta\t2\t\t\n") == "the actor 'a' has another id");
}

TEST_CASE("any text from the other side is survived") {
  const std::string ours = text_of<narrow_account>();
  for (const char* theirs :
       {"\n\n", "\t\t\t\t\t\t", "message", "message\taccount\t9\t}}}{,\t,,,", "message\taccount\t9\t{{{,"}) {
    CHECK(!explain_difference(ours, theirs).empty());
    CHECK(!explain_difference(theirs, ours).empty());
  }
  CHECK(!explain_difference(ours, std::string(1'000'000, '\n')).empty());
}
