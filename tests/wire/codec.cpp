#include "viceroy/wire/codec.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include <limits>
#include <memory>
#include <string>

#include "../laws/round_trip.hpp"
#include "../laws/round_trip_models.hpp"
#include "viceroy/space/region.hpp"
#include "viceroy/wire/codec_ids.hpp"

namespace vr = viceroy;

namespace codec_test {

struct owned_chain {
  std::uint64_t value = 0;
  std::unique_ptr<owned_chain> next;
};

struct pointing {
  int* to;
};
struct holds_pointing {
  std::vector<std::map<int, pointing>> many;
};

}  // namespace codec_test

namespace {

using laws::empty;
using laws::numbers;
using laws::tree;

template <class T>
std::string hex(const T& value) {
  std::string text;
  for (const std::byte byte : vr::encode_message(value).body) {
    text += "0123456789abcdef"[std::to_integer<unsigned>(byte) / 16];
    text += "0123456789abcdef"[std::to_integer<unsigned>(byte) % 16];
  }
  return text;
}

std::vector<std::byte> unhex(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<std::byte> body;
  for (std::size_t i = 0; i != text.size(); i += 2)
    body.push_back(static_cast<std::byte>(digit(text[i]) * 16 + digit(text[i + 1])));
  return body;
}

// Why these bytes are no T; nothing if they are.
template <class T>
std::string refusal(std::string_view text) {
  const std::vector<std::byte> body = unhex(text);
  vr::reader in{std::span(body)};
  return vr::decode_message<T>(in) ? "" : in.reason();
}

struct both {
  std::uint32_t a;
  std::uint32_t b;
  VICEROY_FIELDS(both, b, a)
};
struct flag {
  bool on;
};
struct wide {
  std::int32_t a;
  std::int32_t b;
  std::array<double, 2> c;
  std::chrono::seconds d;
};

tree chain(std::size_t levels) {
  tree top;
  for (; levels != 0; --levels) {
    tree above;
    above.children.push_back(std::move(top));
    top = std::move(above);
  }
  return top;
}

}  // namespace

TEST_CASE("the wire form is this") {
  CHECK(hex(std::uint32_t{0x01020304}) == "04030201");
  CHECK(hex(true) == "01");
  CHECK(hex(laws::colour::green) == "07");
  CHECK(hex(1.0) == "000000000000f03f");
  CHECK(hex(std::string("ab")) == "020000006162");
  CHECK(hex(vr::bytes::copy("ab")) == "020000006162");
  CHECK(hex(std::chrono::milliseconds(2)) == "0200000000000000");
  CHECK(hex(numbers{1, 2, 3, 4, laws::colour::red}) ==
        "0100000000000000"
        "02000000"
        "0300"
        "04"
        "00");
  CHECK(hex(laws::padded{1, 2, true}) ==
        "01"
        "0200000000000000"
        "01");
  CHECK(hex(both{1, 2}) ==
        "02000000"
        "01000000");
  CHECK(hex(std::vector<std::uint8_t>{5, 6}) ==
        "02000000"
        "0506");
  CHECK(hex(std::vector<bool>{true, false, true, false, false, false, false, false, true}) ==
        "09000000"
        "0501");
  CHECK(hex(std::array<std::uint16_t, 2>{1, 2}) ==
        "0100"
        "0200");
  CHECK(hex(std::set<std::uint8_t>{9, 8}) ==
        "02000000"
        "0809");
  CHECK(hex(std::map<std::uint8_t, bool>{{9, true}}) ==
        "01000000"
        "0901");
  CHECK(hex(std::optional<std::uint8_t>()) == "00");
  CHECK(hex(std::optional<std::uint8_t>(5)) == "0105");
  CHECK(hex(std::variant<std::uint8_t, std::string>("a")) ==
        "01"
        "0100000061");
  CHECK(hex(std::pair<std::uint8_t, bool>(1, true)) == "0101");
  CHECK(hex(std::tuple<>()) == "");
  CHECK(hex(empty()) == "");
  CHECK(hex(std::vector<empty>(3)) ==
        "03000000"
        "000000");
  CHECK(hex(tree{"a", {tree{}}, {}}) ==
        "0100000061"
        "01000000"
        "00000000"
        "00000000"
        "00000000"
        "00000000");
}

TEST_CASE("what is one copy is decided by structure") {
  CHECK(vr::is_memcpy_codable<std::int64_t>);
  CHECK(vr::is_memcpy_codable<laws::colour>);
  CHECK(vr::is_memcpy_codable<numbers>);
  CHECK(vr::is_memcpy_codable<wide>);
  CHECK(vr::is_memcpy_codable<std::array<numbers, 3>>);
  CHECK(vr::is_memcpy_codable<std::chrono::nanoseconds>);
  CHECK(!vr::is_memcpy_codable<bool>);
  CHECK(!vr::is_memcpy_codable<flag>);
  CHECK(!vr::is_memcpy_codable<laws::padded>);
  CHECK(!vr::is_memcpy_codable<both>);  // listed by hand: the order in memory may be another
  CHECK(!vr::is_memcpy_codable<std::string>);
  CHECK(!vr::is_memcpy_codable<std::vector<int>>);
  CHECK(!vr::is_memcpy_codable<laws::ticket>);
  CHECK(!vr::is_memcpy_codable<empty>);
  CHECK(!vr::is_memcpy_codable<tree>);
}

TEST_CASE("what can be written down is told without an error") {
  CHECK(vr::encodable<tree>);
  CHECK(vr::encodable<laws::bookings>);
  CHECK(vr::encodable<laws::listed>);
  CHECK(!vr::encodable<codec_test::pointing>);
  CHECK(!vr::encodable<codec_test::holds_pointing>);
  CHECK(!vr::encodable<int*>);
  CHECK(!vr::encodable<int&>);
  CHECK(!vr::encodable<const int>);
  CHECK(!vr::encodable<void>);
  CHECK(!vr::encodable<long double>);
  CHECK(!vr::encodable<std::string_view>);
  CHECK(!vr::encodable<std::shared_ptr<int>>);
  CHECK(!vr::encodable<std::optional<std::shared_ptr<int>>>);
  CHECK(!vr::encodable<std::variant<int, std::string_view>>);
}

TEST_CASE("numbers come back with every bit") {
  laws::round_trip(std::numeric_limits<std::int64_t>::min());
  laws::round_trip(std::numeric_limits<std::uint64_t>::max());
  laws::round_trip(-0.0F);
  laws::round_trip(std::numeric_limits<double>::infinity());
  CHECK(hex(std::numeric_limits<double>::quiet_NaN()) == "000000000000f87f");
}

TEST_CASE("what a unique_ptr owns is written down as an optional is, as deep as limit::nesting") {
  using codec_test::owned_chain;
  CHECK(hex(std::unique_ptr<std::uint8_t>()) == "00");
  CHECK(hex(std::make_unique<std::uint8_t>(std::uint8_t{5})) == "0105");
  CHECK(!vr::encodable<std::unique_ptr<int[]>>);

  const auto make = [](std::size_t links) {
    owned_chain first;
    for (owned_chain* last = &first; links != 0; --links) {
      last->next = std::make_unique<owned_chain>();
      last = last->next.get();
      last->value = links;
    }
    return first;
  };
  const auto back = vr::decode_message<owned_chain>(vr::encode_message(make(3)));
  REQUIRE(back.has_value());
  CHECK(back->next->next->next->value == 1);
  CHECK(back->next->next->next->next == nullptr);
  CHECK(vr::decode_message<owned_chain>(vr::encode_message(make(vr::limit::nesting))).has_value());
}

TEST_CASE("a name that is new is refused for the right reason when this process may hold no more") {
  const auto known = vr::label::parse("codec-knows-this");
  std::atomic<std::size_t>& count = vr::detail::interned_count;
  const std::size_t before = count.exchange(vr::limit::interned_names);
  const std::string why = refusal<vr::label>("090000006e65762d6e65766572");
  laws::round_trip(known);
  count = before;
  CHECK(why == "it names what is new, and this process holds limit::interned_names names already");
  CHECK(refusal<vr::label>("0100000020") == "a text is not the id it should be");
}

TEST_CASE("extents, regions and points come back, and other texts do not") {
  const vr::extent whole(vr::dim("hosts", 2), vr::dim("gpus", 4));
  laws::round_trip(whole);
  laws::round_trip(vr::extent::unity());
  laws::round_trip(vr::region(whole).slice("hosts", 1));
  laws::round_trip(whole.point_of(6));
  laws::round_trip(vr::point());
  CHECK(refusal<vr::point>("010000007b") == "a text is not the extent, region or point it should be");
}

TEST_CASE("values that are moved only, or have no default, come back") {
  std::array<laws::ticket, 2> pair{laws::ticket(3), laws::ticket(4)};
  laws::bookings sent{{}, {}, laws::ticket(5), std::move(pair), {laws::ticket(6), 7}};
  sent.a.push_back({"first", laws::ticket(1), std::nullopt});
  sent.a.push_back({"second", laws::ticket(2), laws::ticket(8)});
  sent.b.try_emplace("named", 9);
  laws::round_trip(sent);
  laws::refuses_other_lengths(sent);
  laws::survives_corruption(sent);
}

TEST_CASE("decoding into a value that exists replaces what it held") {
  const vr::encoded sent = vr::encode_message(laws::keyed{{{1, "a"}}, {}, {"c"}, {7}, {}});
  laws::keyed held{{{2, "b"}}, {{"x", {1}}}, {"d"}, {8}, {{{1, true}, {}}}};
  vr::reader in(sent);
  CHECK(vr::decode(in, held));
  CHECK(in.finish());
  CHECK(held == laws::keyed{{{1, "a"}}, {}, {"c"}, {7}, {}});

  laws::choices chosen{1, "b", "c", {}, {true}};
  const vr::encoded other = vr::encode_message(laws::choices{});
  vr::reader again(other);
  CHECK(vr::decode(again, chosen));
  CHECK(chosen == laws::choices{});
}

TEST_CASE("large bytes are neither copied into the body nor out of it") {
  laws::mixed sent{};
  sent.e = vr::bytes(std::string(1 << 20, 'x'));
  sent.f = {vr::bytes::copy("small"), vr::bytes(std::string(vr::limit::separate_bytes, 'y'))};
  laws::round_trip(sent);
  laws::refuses_other_lengths(sent);

  const vr::encoded message = vr::encode_message(sent);
  CHECK(message.body.size() < 100);
  REQUIRE(message.parts.size() == 2);
  const auto received = vr::decode_message<laws::mixed>(message);
  REQUIRE(received);
  CHECK(received->e.data() == sent.e.data());
  CHECK(received->f[1].data() == sent.f[1].data());
}

TEST_CASE("what is not quite a value is refused, and says why") {
  CHECK(refusal<bool>("02") == "a bool is neither 0 nor 1");
  CHECK(refusal<std::optional<int>>("02") == "a bool is neither 0 nor 1");
  CHECK(refusal<std::variant<bool, std::uint8_t>>("0200") == "a variant has no alternative of this index");
  CHECK(refusal<std::vector<bool>>("0100000003") == "bits after the last bool are not zero");
  CHECK(refusal<std::vector<bool>>("ffffffff01") == "the bytes end inside a value");
  CHECK(refusal<std::vector<empty>>("0100000001") == "an element of nothing is not written as a zero byte");
  CHECK(refusal<std::set<std::uint8_t>>("020000000505") == "a set holds a key twice");
  CHECK(refusal<std::unordered_map<std::uint8_t, bool>>("0200000005000501") == "a map holds a key twice");
  CHECK(refusal<std::string>("0300000061") == "a length is larger than the bytes that follow");
  CHECK(refusal<std::uint32_t>("000000") == "the bytes end inside a value");
  CHECK(refusal<std::uint8_t>("0000") == "bytes or parts are left over");
  CHECK(refusal<vr::bytes>("00000180") == "a separate part is missing or of another size");
  CHECK(refusal<laws::ticket>("00") == "the bytes end inside a value");
  CHECK(refusal<std::uint8_t>("07") == "");
}

TEST_CASE("a length that promises more than follows allocates nothing") {
  CHECK(refusal<std::vector<double>>("ffffffff"
                                     "00000000") == "a length is larger than the bytes that follow");
  CHECK(refusal<std::vector<empty>>("00ca9a3b"
                                    "00000000") == "a length is larger than the bytes that follow");
  CHECK(refusal<std::map<std::monostate, empty>>("00ca9a3b"
                                                 "00000000") ==
        "a length is larger than the bytes that follow");
  CHECK(refusal<std::vector<std::monostate>>("00ca9a3b") == "a length is larger than the bytes that follow");
  CHECK(refusal<std::vector<std::array<int, 0>>>("00ca9a3b") ==
        "a length is larger than the bytes that follow");
}

TEST_CASE("elements that are a byte on the wire and a kilobyte in memory are refused by both ends") {
  using thin = std::optional<std::array<double, 128>>;
  const std::vector<thin> few(900), many(1100);
  CHECK(vr::decode_message<std::vector<thin>>(vr::encode_message(few)));
  CHECK_THROWS_WITH_AS(vr::encode_message(many),
                       "the receiver would allocate more than limit::decode_amplification times the message",
                       vr::error);
  std::string forged = "4c040000";
  for (int i = 0; i != 1100; ++i) forged += "00";
  CHECK(refusal<std::vector<thin>>(forged) ==
        "the message would allocate more than limit::decode_amplification times its size");
}

TEST_CASE("values are nested to the limit and no deeper, at both ends") {
  laws::round_trip(chain(vr::limit::nesting - 1));
  CHECK_THROWS_WITH_AS(vr::encode_message(chain(vr::limit::nesting)),
                       "values are nested deeper than limit::nesting", vr::error);
  std::string bomb;
  for (int i = 0; i != 100'000; ++i)
    bomb +=
        "00000000"
        "01000000";  // no name, one child
  CHECK(refusal<tree>(bomb) == "values are nested deeper than limit::nesting");
}

TEST_CASE("an announced size that is not kept is a failure, not an overflow") {
  std::array<std::byte, 8> room{};
  vr::writer out{std::span(room).first(5)};
  vr::encode(out, std::string("four and more"));
  CHECK(out.failed());
  CHECK(room[5] == std::byte{0});
}
