#include "viceroy/id/port_id.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>

namespace vr = viceroy;

static_assert(sizeof(vr::port_id) == 32);
static_assert(std::is_trivially_copyable_v<vr::port_id>);
static_assert(std::is_trivially_destructible_v<vr::port_id>);

namespace {

const char* const actor_text = "unix:@ab12,root,client[0]";

vr::port_id port(std::uint64_t number) { return {vr::actor_id::parse(actor_text), number}; }

}  // namespace

TEST_CASE("an ephemeral port prints in decimal, a handler's as h and 16 hexadecimal digits") {
  CHECK(port(5).text() == std::string(actor_text) + ":5");
  CHECK(port(vr::port_id::handler_bit - 1).text() == std::string(actor_text) + ":9223372036854775807");
  CHECK(port(vr::port_id::handler_bit).text() == std::string(actor_text) + ":h8000000000000000");
  CHECK(port(0x8f00000000000abc).text() == std::string(actor_text) + ":h8f00000000000abc");
  CHECK_FALSE(port(5).is_handler());
  CHECK(port(0x8f00000000000abc).is_handler());
}

TEST_CASE("a port's id prints and parses back as the same id") {
  constexpr unsigned seed = 11;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 1000; ++i) {
    const auto id = port(random() >> (random() % 64));
    std::ostringstream out;
    out << id;
    REQUIRE(vr::port_id::parse(out.str()) == id);
    REQUIRE(vr::port_id::try_parse(out.str()) == id);
  }
  CHECK(vr::port_id::parse("unix:@a]:1,root,x[1]:2").actor().proc().address().name() == "a]:1");
}

TEST_CASE("ports are ordered by actor, then by number") {
  const std::set<vr::port_id> sorted{port(10), port(9), port(vr::port_id::handler_bit), vr::port_id()};
  std::string joined;
  for (const auto& id : sorted) joined += id.empty() ? "none " : std::to_string(id.number()) + ' ';
  CHECK(joined == "none 9 10 9223372036854775808 ");
  CHECK(std::unordered_set<vr::port_id>(sorted.begin(), sorted.end()).size() == 4);
}

TEST_CASE("what is no port's id is refused by a sentence that says why, and leaves no trace") {
  vr::actor_id::parse(actor_text);
  const auto before = vr::interned_names();
  const std::string actor = actor_text;
  for (const std::string& text :
       {std::string(), std::string(":5"), actor, actor + ":", actor + ":05", actor + ":-5", actor + ":h",
        actor + ":h5", actor + ":h7fffffffffffffff", actor + ":hFFFFFFFFFFFFFFFF",
        actor + ":hffffffffffffffff0", actor + ":9223372036854775808", actor + "::5", actor + ":5 ",
        "x" + actor + ":5", std::string("]:5")}) {
    CAPTURE(text);
    CHECK_FALSE(vr::port_id::try_parse(text));
    try {
      vr::port_id::parse(text);
      FAIL("it was taken");
    } catch (const vr::error& e) {
      CHECK(e.kind() == vr::errc::bad_input);
      CHECK(e.sentence().find(vr::in_quotes(text) + " is not a port's id: ") == 0);
    }
  }
  CHECK(vr::interned_names() == before);
}

TEST_CASE("a port's id with any byte changed is refused or prints as it was") {
  const std::string whole = port(5).text();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = whole;
      text[at] = static_cast<char>(byte);
      if (const auto parsed = vr::port_id::try_parse(text)) REQUIRE(parsed->text() == text);
    }
    CHECK_FALSE(vr::port_id::try_parse(whole.substr(0, at)));
  }
}
