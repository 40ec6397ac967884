#include "viceroy/id/address.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <vector>

namespace vr = viceroy;

static_assert(sizeof(vr::address) == 8);
static_assert(std::is_trivially_copyable_v<vr::address>);
static_assert(std::is_trivially_destructible_v<vr::address>);

TEST_CASE("every form of an address prints and parses back as the same address") {
  const std::map<std::string, vr::transport> forms{
      {"unix:@0123456789abcdef0123456789abcdef", vr::transport::unix_domain},
      {"unix:@a name: with [marks]", vr::transport::unix_domain},
      {"unix:/", vr::transport::unix_domain},
      {"unix:/run/viceroy/\xc3\xa4.sock", vr::transport::unix_domain},
      {"unix:/" + std::string(106, 'p'), vr::transport::unix_domain},
      {"tcp:127.0.0.1:4242", vr::transport::tcp},
      {"tcp:[::1]:0", vr::transport::tcp},
      {"tcp:[fe80::1%eth0]:65535", vr::transport::tcp},
      {"tls:node-7.example.org:443", vr::transport::tls},
      {"shm:ring.0", vr::transport::shared_memory},
      {"inproc:0", vr::transport::in_process},
      {"sim:18446744073709551615", vr::transport::simulated}};
  for (const auto& [text, transport] : forms) {
    CAPTURE(text);
    const auto parsed = vr::address::parse(text);
    std::ostringstream out;
    out << parsed;
    CHECK(out.str() == text);
    CHECK(parsed.transport() == transport);
    CHECK(vr::address::parse(out.str()) == parsed);
    CHECK(vr::address::try_parse(text) == parsed);
    CHECK(vr::address::known(text) == parsed);
  }
}

TEST_CASE("an address gives its parts") {
  const auto tcp = vr::address::parse("tcp:127.0.0.1:4242");
  CHECK(tcp.host() == "127.0.0.1");
  CHECK(tcp.port() == 4242);
  CHECK(tcp.name().empty());
  CHECK(tcp.number() == 0);
  CHECK_FALSE(tcp.is_abstract());

  const auto ipv6 = vr::address::parse("tls:[::1]:1");
  CHECK(ipv6.host() == "::1");
  CHECK(ipv6.port() == 1);

  const auto abstract = vr::address::parse("unix:@ab");
  CHECK(abstract.is_abstract());
  CHECK(abstract.name() == "ab");
  CHECK(abstract.host().empty());
  CHECK(abstract.port() == 0);

  const auto path = vr::address::parse("unix:/tmp/@x");
  CHECK_FALSE(path.is_abstract());
  CHECK(path.name() == "/tmp/@x");

  CHECK(vr::address::parse("shm:ring").name() == "ring");
  CHECK(vr::address::parse("sim:7").number() == 7);
  CHECK(vr::address::parse("sim:7").name().empty());
}

TEST_CASE("addresses made of parts are the ones their text says") {
  CHECK(vr::address::tcp("127.0.0.1", 80).text() == "tcp:127.0.0.1:80");
  CHECK(vr::address::tcp("::1", 80).text() == "tcp:[::1]:80");
  CHECK(vr::address::tcp("[::1]", 80) == vr::address::tcp("::1", 80));
  CHECK(vr::address::in_process(3).text() == "inproc:3");
  CHECK(vr::address::simulated(3).text() == "sim:3");
  CHECK_THROWS_AS(vr::address::tcp("", 80), vr::error);
  CHECK_THROWS_AS(vr::address::tcp("a,b", 80), vr::error);
}

TEST_CASE("a random unix address is abstract, of 32 hexadecimal digits, and never the same") {
  std::set<vr::address> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto made = vr::address::random_unix();
    CHECK(made.is_abstract());
    CHECK(made.name().size() == 32);
    CHECK(made.name().find_first_not_of("0123456789abcdef") == std::string_view::npos);
    seen.insert(made);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("what is no address is refused by a sentence that says why, and leaves no trace") {
  const auto before = vr::interned_names();
  const std::map<std::string, std::string> wrong{{"", "it is empty"},
                                                 {"unix", "expected unix:@name"},
                                                 {"udp:1", "expected unix:@name"},
                                                 {"UNIX:@a", "expected unix:@name"},
                                                 {":", "expected unix:@name"},
                                                 {"unix:", "@name or by an absolute path"},
                                                 {"unix:a", "@name or by an absolute path"},
                                                 {"unix:@", "followed by a name"},
                                                 {"unix:@" + std::string(108, 'n'), "at most 107 bytes"},
                                                 {"unix:/" + std::string(107, 'n'), "at most 107 bytes"},
                                                 {"unix:@a,b", "no ','"},
                                                 {"unix:@a\nb", "no control characters"},
                                                 {std::string("unix:@a\0b", 9), "no control characters"},
                                                 {"unix:@\x7f", "no control characters"},
                                                 {"tcp:", "':' and a port"},
                                                 {"tcp:localhost", "':' and a port"},
                                                 {"tcp:localhost:", "a port is a number"},
                                                 {"tcp:localhost:x", "a port is a number"},
                                                 {"tcp:localhost:080", "without leading zeros"},
                                                 {"tcp:localhost:65536", "from 0 to 65535"},
                                                 {"tcp:localhost:-1", "from 0 to 65535"},
                                                 {"tcp::80", "a host comes before"},
                                                 {"tcp:[]:80", "a host is a name"},
                                                 {"tcp:::1:80", "in brackets"},
                                                 {"tcp:a b:80", "a host is a name"},
                                                 {"tcp:[localhost]:80", "only an IPv6 address"},
                                                 {"shm:", "followed by a name"},
                                                 {"shm:a/b", "no '/'"},
                                                 {"inproc:", "followed by a number"},
                                                 {"sim:-1", "followed by a number"},
                                                 {"sim:01", "followed by a number"},
                                                 {"sim:18446744073709551616", "followed by a number"},
                                                 {"unix:/" + std::string(300, 'n'), "at most 255 bytes"}};
  for (const auto& [text, why] : wrong) {
    CAPTURE(text);
    CHECK_FALSE(vr::address::try_parse(text));
    try {
      vr::address::parse(text);
      FAIL("it was taken");
    } catch (const vr::error& e) {
      CHECK(e.kind() == vr::errc::bad_input);
      CHECK(e.sentence().find(why) != std::string::npos);
      CHECK(e.sentence().find(" is not an address: ") != std::string::npos);
      CHECK(e.sentence().size() < 200);
    }
  }
  CHECK(vr::interned_names() == before);
}

TEST_CASE("no address is empty, equal to itself, before all others and without parts") {
  const vr::address none;
  CHECK(none.empty());
  CHECK(none == vr::address());
  CHECK(none < vr::address::parse("inproc:0"));
  CHECK(none.text().empty());
  CHECK(none.host().empty());
  CHECK(none.name().empty());
  CHECK(none.port() == 0);
  CHECK(none.number() == 0);
  CHECK_FALSE(none.is_abstract());
}

TEST_CASE("garbage is either refused or an address that prints as it was") {
  constexpr unsigned seed = 20260101;
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::array<std::string, 16> pieces{
      "unix:", "tcp:", "tls:", "sim:", "inproc:", "shm:", "@",    "/",
      "[",     "]",    ":",    "1",    "::1",     "a",    "0123", "\xff"};
  std::unordered_set<vr::address> taken;
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    const auto count = random() % 6;
    for (unsigned i = 0; i <= count; ++i) text += pieces[random() % pieces.size()];
    if (random() % 4 == 0) text[random() % text.size()] = static_cast<char>(random());
    const auto parsed = vr::address::try_parse(text);
    if (!parsed) continue;
    REQUIRE(parsed->text() == text);
    taken.insert(*parsed);
  }
  CHECK(taken.size() > 100);
}
