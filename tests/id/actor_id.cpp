#include "viceroy/id/actor_id.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>

namespace vr = viceroy;

static_assert(sizeof(vr::actor_id) == 24);
static_assert(std::is_trivially_copyable_v<vr::actor_id>);
static_assert(std::is_trivially_destructible_v<vr::actor_id>);
static_assert(!std::is_aggregate_v<vr::actor_id>);

namespace {

vr::actor_id client(std::uint64_t index) {
  return {vr::proc_id::parse("unix:@ab12,root"), vr::label::parse("client"), index};
}

}  // namespace

TEST_CASE("an index prints as a slot, and as slot and generation from the second generation on") {
  CHECK(client(0).text() == "unix:@ab12,root,client[0]");
  CHECK(client(7).text() == "unix:@ab12,root,client[7]");
  CHECK(client(vr::actor_id::index_of(7, 3)).text() == "unix:@ab12,root,client[7.3]");
  CHECK(client(~std::uint64_t{0}).text() == "unix:@ab12,root,client[4294967295.4294967295]");
  CHECK(client(vr::actor_id::index_of(7, 3)).slot() == 7);
  CHECK(client(vr::actor_id::index_of(7, 3)).generation() == 3);
}

TEST_CASE("an actor's id prints and parses back as the same id") {
  constexpr unsigned seed = 7;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 1000; ++i) {
    const auto id = client(random() >> (random() % 64));
    std::ostringstream out;
    out << id;
    REQUIRE(vr::actor_id::parse(out.str()) == id);
    REQUIRE(vr::actor_id::try_parse(out.str()) == id);
  }
  CHECK(vr::actor_id::parse("unix:/a[0]:b,root,x[1]").proc().address().name() == "/a[0]:b");
}

TEST_CASE("actors are ordered by proc, by name, and by number, not by digits") {
  const auto make = [](const char* text) { return vr::actor_id::parse(text); };
  const std::set<vr::actor_id> sorted{make("sim:1,p,a[10]"), make("sim:1,p,a[9]"), make("sim:1,p,b[0]"),
                                      make("sim:1,o,z[0]"),  make("sim:0,z,z[0]"), vr::actor_id()};
  std::string joined;
  for (const auto& id : sorted) joined += id.text() + ' ';
  CHECK(joined == " sim:0,z,z[0] sim:1,o,z[0] sim:1,p,a[9] sim:1,p,a[10] sim:1,p,b[0] ");
  CHECK(std::unordered_set<vr::actor_id>(sorted.begin(), sorted.end()).size() == 6);
}

TEST_CASE("what is no actor's id is refused by a sentence that says why, and leaves no trace") {
  const auto before = vr::interned_names();
  for (const std::string text : {"",
                                 ",",
                                 "[0]",
                                 ",[0]",
                                 ",,[0]",
                                 "sim:88",
                                 "sim:88,q",
                                 "sim:88,q,fresh",
                                 "sim:88,q,fresh[",
                                 "sim:88,q,fresh[]",
                                 "sim:88,q,fresh[0",
                                 "sim:88,q,fresh[00]",
                                 "sim:88,q,fresh[-1]",
                                 "sim:88,q,fresh[1.0]",
                                 "sim:88,q,fresh[1.]",
                                 "sim:88,q,fresh[.1]",
                                 "sim:88,q,fresh[1.2.3]",
                                 "sim:88,q,fresh[4294967296]",
                                 "sim:88,q,fresh[0] ",
                                 "sim:88,q,fresh[0]]",
                                 "sim:88,q,fresh[[0]",
                                 "sim:88,q,[0]",
                                 "sim:88,q,r,fresh[0]",
                                 "sim:88,fresh[0]"}) {
    CAPTURE(text);
    CHECK_FALSE(vr::actor_id::try_parse(text));
    try {
      vr::actor_id::parse(text);
      FAIL("it was taken");
    } catch (const vr::error& e) {
      CHECK(e.kind() == vr::errc::bad_input);
      CHECK(e.sentence().find(vr::in_quotes(text) + " is not an actor's id: ") == 0);
    }
  }
  CHECK(vr::interned_names() == before);
}

TEST_CASE("no actor is empty and prints as nothing") {
  CHECK(vr::actor_id().empty());
  CHECK(vr::actor_id().text().empty());
  CHECK(vr::actor_id() == vr::actor_id());
  CHECK_FALSE(client(0).empty());
}
