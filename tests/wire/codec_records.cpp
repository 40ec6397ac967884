#include "viceroy/wire/codec_records.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "viceroy/wire/codec.hpp"

namespace vr = viceroy;

namespace codec_records_test {

struct plain {
  std::int32_t a;
  bool b;
  double c;
};
struct inner {
  std::string name;
  std::vector<plain> all;
};
struct tree {
  std::string word;
  std::vector<tree> branches;
};
struct mixed {
  std::uint8_t kind;
  std::string text;
  inner nested;
  std::map<std::string, int> counts;
  std::unique_ptr<std::string> owned;
  tree own;
};
struct empty {};

// Counts those that are there; one that is read as 13 cannot be had.
struct counted {
  static inline int alive = 0;
  counted() { ++alive; }
  counted(const counted& other) : value(other.value) { ++alive; }
  counted& operator=(const counted&) = default;
  ~counted() { --alive; }
  std::int32_t value = 0;
};
struct three {
  counted first;
  bool second = false;
  counted third;
};

// A message's table, as the mailbox layer makes it.
template <class M>
constexpr vr::message_ops table_of() {
  vr::message_ops ops{1, "m", sizeof(M), [](void* m) noexcept { static_cast<M*>(m)->~M(); }};
  ops.codec = vr::codec<M>::message_table;
  if constexpr (!vr::codec<M>::copies_memory) ops.fields = vr::codec<M>::fields;
  return ops;
}
template <class M>
inline constexpr vr::message_ops table = table_of<M>();

template <class M>
std::vector<std::byte> written(const M& m) {
  std::vector<std::byte> body(table<M>.encoded_size(&m));
  vr::writer out{std::span(body)};
  table<M>.encode(out, &m);
  return body;
}

}  // namespace codec_records_test

namespace viceroy {
template <>
struct codec<codec_records_test::counted> {
  static constexpr std::size_t min_bytes = 4;
  static constexpr bool fixed = true;
  static std::size_t size(const codec_records_test::counted&) { return 4; }
  static void encode(writer& out, const codec_records_test::counted& c) {
    codec<std::int32_t>::encode(out, c.value);
  }
  static bool decode(reader& in, codec_records_test::counted& c) {
    if (!codec<std::int32_t>::decode(in, c.value)) return false;
    if (c.value == 13) throw std::runtime_error("thirteen");
    return true;
  }
};
}  // namespace viceroy

using namespace codec_records_test;

TEST_CASE("A message's table writes what its codec writes, and reads it again, whatever its fields are") {
  mixed m{7, "text", {"name", {{1, true, 2.5}, {2, false, 3.5}}}, {{"a", 1}, {"b", 2}}, nullptr, {}};
  m.owned = std::make_unique<std::string>("owned");
  m.own = {"root", {{"left", {}}, {"right", {{"leaf", {}}}}}};
  const std::vector<std::byte> body = written(m);
  CHECK(body == vr::encode_message(m).body);

  alignas(mixed) std::byte room[sizeof(mixed)];
  vr::reader in(std::span<const std::byte>(body), {});
  REQUIRE(table<mixed>.decode(in, room));
  CHECK(in.finish());
  auto& got = *reinterpret_cast<mixed*>(room);
  CHECK(got.text == "text");
  CHECK(got.nested.all.at(1).c == 3.5);
  CHECK(got.counts == m.counts);
  CHECK(*got.owned == "owned");
  CHECK(got.own.branches.at(1).branches.at(0).word == "leaf");
  CHECK(written(got) == body);
  table<mixed>.destroy(room);
}

TEST_CASE("What has fields of one size each is not looked at to be measured") {
  CHECK(vr::codec<plain>::message_table->size_bytes == 13);
  CHECK(table<plain>.encoded_size(nullptr) == 13);
  CHECK(written(plain{1, true, 2}).size() == 13);
  CHECK(vr::codec<inner>::message_table->size_bytes == 0);
  CHECK(written(empty{}).empty());
}

TEST_CASE("Of a message that cannot be read nothing is left, where the bytes end, lie, or a field throws") {
  const three whole{{}, true, {}};
  std::vector<std::byte> body = written(whole);
  REQUIRE(body.size() == 9);
  const int before = counted::alive;
  alignas(three) std::byte room[sizeof(three)];
  for (std::size_t length = 0; length != body.size(); ++length) {
    vr::reader in(std::span<const std::byte>(body.data(), length), {});
    CHECK_FALSE(table<three>.decode(in, room));
    CHECK(counted::alive == before);
  }
  body[4] = std::byte{2};  // no bool
  {
    vr::reader in(std::span<const std::byte>(body), {});
    CHECK_FALSE(table<three>.decode(in, room));
    CHECK(counted::alive == before);
  }
  body[4] = std::byte{1};
  body[5] = std::byte{13};
  {
    vr::reader in(std::span<const std::byte>(body), {});
    CHECK_THROWS_AS(table<three>.decode(in, room), std::runtime_error);
    CHECK(counted::alive == before);
  }
}
