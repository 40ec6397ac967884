#include "viceroy/id/proc_id.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_set>

namespace vr = viceroy;

static_assert(sizeof(vr::proc_id) == 8);
static_assert(std::is_trivially_copyable_v<vr::proc_id>);
static_assert(std::is_trivially_destructible_v<vr::proc_id>);

TEST_CASE("a proc's id prints and parses back as the same id") {
  const auto at = vr::address::parse("unix:@ab12");
  const auto name = vr::label::parse("root");
  const vr::proc_id id(at, name);
  std::ostringstream out;
  out << id;
  CHECK(out.str() == "unix:@ab12,root");
  CHECK(vr::proc_id::parse(out.str()) == id);
  CHECK(vr::proc_id::try_parse(out.str()) == id);
  CHECK(vr::proc_id::known(out.str()) == id);
  CHECK(vr::proc_id(at, name) == id);
  CHECK(id.address() == at);
  CHECK(id.name() == name);
}

TEST_CASE("procs differ by address and by name") {
  std::unordered_set<vr::proc_id> seen;
  for (const std::string text : {"sim:1,a", "sim:1,b", "sim:2,a", "sim:2,b"})
    seen.insert(vr::proc_id::parse(text));
  CHECK(seen.size() == 4);
}

TEST_CASE("procs are ordered by the text of their address, then of their name") {
  const std::set<vr::proc_id> sorted{vr::proc_id::parse("sim:2,a"), vr::proc_id::parse("sim:1,b"),
                                     vr::proc_id::parse("sim:1,a"), vr::proc_id()};
  std::string joined;
  for (const auto id : sorted) joined += std::string(id.text()) + ' ';
  CHECK(joined == " sim:1,a sim:1,b sim:2,a ");
}

TEST_CASE("what is no proc's id is refused by a sentence that says why, and leaves no trace") {
  const auto before = vr::interned_names();
  CHECK_THROWS_WITH_AS(vr::proc_id::parse("sim:77"), "'sim:77' is not a proc's id: expected address,name",
                       vr::error);
  CHECK_THROWS_WITH_AS(vr::proc_id::parse("sim:77,"),
                       "'sim:77,' is not a proc's id: a name has at least one character", vr::error);
  CHECK_THROWS_WITH_AS(
      vr::proc_id::parse("sim:x,fresh"),
      "'sim:x,fresh' is not a proc's id: inproc: and sim: are followed by a number, without leading zeros",
      vr::error);
  for (const std::string text : {"", ",", ",a", "sim:77,a,b", "sim:77, fresh", "sim:77,fresh[0]"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(vr::proc_id::parse(text), vr::error);
    CHECK_FALSE(vr::proc_id::try_parse(text));
  }
  CHECK(vr::proc_id::known("sim:77,fresh").empty());
  CHECK(vr::interned_names() == before);
}

TEST_CASE("no proc is empty, without parts and without slots") {
  const vr::proc_id none;
  CHECK(none.empty());
  CHECK(none.text().empty());
  CHECK(none.address().empty());
  CHECK(none.name().empty());
  CHECK(none.home() == nullptr);
  CHECK(none.route() == nullptr);
  CHECK(vr::proc_id(vr::address(), vr::label::parse("a")).empty());
  CHECK(vr::proc_id(vr::address::parse("sim:1"), vr::label()).empty());
}

TEST_CASE("every copy of an id sees what was stored in its slots") {
  int home = 0;
  int road = 0;
  const auto id = vr::proc_id::parse("sim:5,slots");
  const auto copy = vr::proc_id::parse("sim:5,slots");
  CHECK(id.home() == nullptr);
  id.set_home(&home);
  id.set_route(&road);
  CHECK(copy.home() == &home);
  CHECK(copy.route() == &road);
  copy.set_home(nullptr);
  CHECK(id.home() == nullptr);
  CHECK(id.route() == &road);
  CHECK(vr::proc_id::parse("sim:5,other").route() == nullptr);
}

TEST_CASE("who loads a slot on another thread sees what stood behind the pointer when it was stored") {
  int value = 0;
  const auto id = vr::proc_id::parse("sim:6,threads");
  std::thread writer([&] {
    value = 42;
    id.set_home(&value);
  });
  const int* seen = nullptr;
  while ((seen = static_cast<const int*>(id.home())) == nullptr) std::this_thread::yield();
  CHECK(*seen == 42);
  writer.join();
}
