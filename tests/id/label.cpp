#include "viceroy/id/label.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>

namespace vr = viceroy;

static_assert(sizeof(vr::label) == 8);
static_assert(std::is_trivially_copyable_v<vr::label>);
static_assert(std::is_trivially_destructible_v<vr::label>);

TEST_CASE("a label prints and parses back as the same label") {
  for (const std::string text : {"a", "0", "root", "client", "A_b-c.d", "p0-7YWHMfk9JZe"}) {
    const auto parsed = vr::label::parse(text);
    std::ostringstream out;
    out << parsed;
    CHECK(out.str() == text);
    CHECK(vr::label::parse(out.str()) == parsed);
    CHECK(vr::label::try_parse(text) == parsed);
    CHECK(vr::label::known(text) == parsed);
    CHECK(parsed.text().data() == vr::label::parse(std::string(text)).text().data());
  }
}

TEST_CASE("every single byte is a label exactly if it is a letter or a digit") {
  for (int byte = 0; byte < 256; ++byte) {
    const auto c = static_cast<char>(byte);
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    CAPTURE(byte);
    CHECK(vr::label::try_parse(std::string_view(&c, 1)).has_value() == fits);
    const std::string second = std::string("a") + c;
    CHECK(vr::label::try_parse(second).has_value() == (fits || c == '_' || c == '-' || c == '.'));
  }
}

TEST_CASE("what is no label is refused by a sentence that says why, and leaves no trace") {
  const auto before = vr::interned_names();
  CHECK_THROWS_WITH_AS(vr::label::parse(""), "'' is not a name: a name has at least one character",
                       vr::error);
  CHECK_THROWS_WITH_AS(vr::label::parse("-a"), "'-a' is not a name: a name begins with a letter or a digit",
                       vr::error);
  CHECK_THROWS_WITH_AS(vr::label::parse("a,b"),
                       "'a,b' is not a name: a name has only letters, digits, '_', '.' and '-'", vr::error);
  try {
    vr::label::parse(std::string(76, 'a'));
    FAIL("76 characters were taken");
  } catch (const vr::error& e) {
    CHECK(e.kind() == vr::errc::bad_input);
    CHECK(e.sentence() ==
          "'" + std::string(60, 'a') + "...' is not a name: a name has at most 75 characters");
  }
  CHECK(vr::label::known("never interned").empty());
  CHECK(vr::interned_names() == before);
  CHECK(vr::label::parse(std::string(75, 'a')).text().size() == 75);
}

TEST_CASE("no label is empty, equal to itself and before all others") {
  const vr::label none;
  CHECK(none.empty());
  CHECK(none.text().empty());
  CHECK(none == vr::label());
  CHECK(none < vr::label::parse("0"));
  CHECK(none.hash() == 0);
}

TEST_CASE("labels are ordered by their text and hashed by what they are") {
  const std::set<vr::label> sorted{vr::label::parse("b"), vr::label::parse("a"), vr::label::parse("ab"),
                                   vr::label::parse("B")};
  std::string joined;
  for (const vr::label l : sorted) joined += std::string(l.text()) + ' ';
  CHECK(joined == "B a ab b ");
  CHECK(std::unordered_set<vr::label>(sorted.begin(), sorted.end()).size() == 4);
}
