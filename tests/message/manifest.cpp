#include "viceroy/message/manifest.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

#include "message/sample_types.hpp"
#include "viceroy/message/manifest_text.hpp"

namespace {

using viceroy::entry_kind;
using viceroy::make_actor_entry;
using viceroy::make_entry;
using viceroy::make_manifest;

constexpr std::array ab{make_actor_entry<sample::counter>(), make_entry<sample::echo>(entry_kind::message)};
constexpr std::array ba{make_entry<sample::echo>(entry_kind::message), make_actor_entry<sample::counter>(),
                        make_entry<sample::echo>(entry_kind::message)};
constexpr std::array other_kind{make_actor_entry<sample::counter>(),
                                make_entry<sample::echo>(entry_kind::params)};
constexpr std::array fewer{make_actor_entry<sample::counter>()};
constexpr std::array<viceroy::manifest_entry, 0> none{};

static_assert(make_manifest(ab).hash == make_manifest(ba).hash, "neither order nor repetition counts");
static_assert(make_manifest(ab).hash != make_manifest(other_kind).hash, "what a type is for counts");
static_assert(make_manifest(ab).hash != make_manifest(fewer).hash);
static_assert(make_manifest(none).hash != make_manifest(fewer).hash && make_manifest(none).entries.empty());

static_assert(ab[1].name == "sample::echo" && ab[1].layout == "{str,i32}" && ab[1].fields.empty());
static_assert(make_entry<sample::account>(entry_kind::message).fields == "owner_, cents_");

}  // namespace

// The same from every compiler, and from one day to the next: a change of these numbers is a change of the
// protocol.
TEST_CASE("names, ids and layouts are what they always were") {
  const std::string expected =
      "actor\tsample::counter\tf595fe902996ff45\t\t\n"
      "message\tsample::account\tac041feced84aee6\t{str,i64}\towner_, cents_\n"
      "message\tsample::box<sample::box<string>>\tec5ca6c43c601852\t{{str}}\t\n"
      "message\tsample::containers\tbbfbd53ac906bc1c\t{[f64],[i32,12],map[str,[{str,i32}]],map[i32,bool],set["
      "str],{str,i32}?,<{}|i32|str>,(i32,{str,i32}),(),(i32,bool,str),time[i64,1,1000],date[time[i64,1,1]]}"
      "\t\n"
      "message\tsample::echo\te9f6ef51c2df7c3c\t{str,i32}\t\n"
      "message\tsample::even\ta81251d91f43c377\t{[{i32?,[^2]}]}\t\n"
      "message\tsample::nothing\teca95bb50d0cc463\t{}\t\n"
      "message\tsample::numbers\tf7904bcd746c610d\t{bool,char,i8,u8,i16,u32,i64,i64,u64,f32,f64,enum "
      "u16,enum u32}\t\n"
      "message\tsample::odd\tf7b6f3c0361045f8\t{i32?,[{[^2]}]}\t\n"
      "message\tsample::tree\tc3cb02a61c5e6a61\t{i64,[^1]}\t\n"
      "params\tsample::another_name\td2cbc1c6c65f7979\t{i32}\t\n"
      "port payload\tsample::whose\t8db3c9b9487d2e6b\t{actor_id,[actor_id]}\t\n"
      "result\ti64\tcae07d6a3a24b3e2\ti64\t\n"
      "result\tmap<string,vector<u8>>\t903e69ee74de8c84\tmap[str,[u8]]\t\n";
  CHECK(viceroy::manifest_text(sample::manifest) == expected);
  CHECK(sample::manifest.hash == 0xecbbb279c34e351c);
}
