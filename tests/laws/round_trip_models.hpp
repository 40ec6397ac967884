// round_trip_models: messages of every shape that the codec knows.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "viceroy/message/reflect.hpp"
#include "viceroy/wire/codec.hpp"

namespace laws {

enum class colour : std::uint8_t { red, green = 7 };

struct empty {
  bool operator==(const empty&) const = default;
};
struct numbers {  // no padding: one copy
  std::int64_t a;
  std::uint32_t b;
  std::int16_t c;
  std::uint8_t d;
  colour e;
  bool operator==(const numbers&) const = default;
};
struct padded {
  std::uint8_t a;
  std::uint64_t b;
  bool c;
  bool operator==(const padded&) const = default;
};
struct texts {
  std::string a;
  std::u16string b;
  std::vector<std::string> c;
  std::array<std::string, 2> d;
  bool operator==(const texts&) const = default;
};
struct sequences {
  std::vector<std::int32_t> a;
  std::vector<numbers> b;
  std::vector<padded> c;
  std::vector<bool> d;
  std::array<std::uint16_t, 3> e;
  std::vector<empty> f;
  std::vector<std::vector<std::vector<std::uint8_t>>> g;
  bool operator==(const sequences&) const = default;
};
struct rows {
  std::deque<std::int32_t> a;
  std::list<std::string> b;
  std::vector<std::list<rows>> c;
  std::deque<empty> d;
  bool operator==(const rows&) const = default;
};
struct keyed {
  std::map<std::int32_t, std::string> a;
  std::unordered_map<std::string, std::vector<std::int64_t>> b;
  std::set<std::string> c;
  std::unordered_set<std::uint8_t> d;
  std::map<std::pair<std::uint8_t, bool>, empty> e;
  bool operator==(const keyed&) const = default;
};
struct choices {
  std::optional<std::int32_t> a;
  std::optional<std::optional<std::string>> b;
  std::variant<std::monostate, std::int32_t, std::string, std::int32_t> c;
  std::vector<std::variant<numbers, texts>> d;
  std::vector<std::optional<bool>> e;
  bool operator==(const choices&) const = default;
};
struct tree {
  std::string name;
  std::vector<tree> children;
  std::map<std::string, tree> named;
  bool operator==(const tree&) const = default;
};
struct mixed {
  std::pair<std::int32_t, std::string> a;
  std::tuple<bool, std::int64_t, std::vector<bool>> b;
  std::chrono::milliseconds c;
  std::chrono::sys_time<std::chrono::nanoseconds> d;
  viceroy::bytes e;
  std::vector<viceroy::bytes> f;
  std::byte g;
  bool operator==(const mixed&) const = default;
};

// Private members, and another order than in memory.
class listed {
 public:
  listed() = default;
  listed(std::uint32_t a, std::uint32_t b, std::string c) : a_(a), b_(b), c_(std::move(c)) {}
  bool operator==(const listed&) const = default;

 private:
  std::uint32_t a_ = 0;
  std::uint32_t b_ = 0;
  std::string c_;

 public:
  VICEROY_FIELDS(listed, b_, a_, c_);
};

// A handle that is moved only, and has no default; its codec says how it is written down.
class ticket {
 public:
  explicit ticket(std::uint64_t number) : number_(std::make_unique<std::uint64_t>(number)) {}
  std::uint64_t number() const { return *number_; }
  bool operator==(const ticket& other) const { return number() == other.number(); }

 private:
  std::unique_ptr<std::uint64_t> number_;
};
struct booking {
  std::string name;
  ticket first;
  std::optional<ticket> second;
  bool operator==(const booking&) const = default;
};
struct bookings {
  std::vector<booking> a;
  std::map<std::string, ticket> b;
  std::variant<ticket, std::string> c;
  std::array<ticket, 2> d;
  std::pair<ticket, std::int32_t> e;
  bool operator==(const bookings&) const = default;
};

// Calls f with a model of each: f.template operator()<T>().
template <class F>
void for_each_model(F f) {
  f.template operator()<bool>();
  f.template operator()<double>();
  f.template operator()<colour>();
  f.template operator()<std::string>();
  f.template operator()<viceroy::bytes>();
  f.template operator()<std::vector<bool>>();
  f.template operator()<empty>();
  f.template operator()<numbers>();
  f.template operator()<padded>();
  f.template operator()<texts>();
  f.template operator()<sequences>();
  f.template operator()<rows>();
  f.template operator()<keyed>();
  f.template operator()<choices>();
  f.template operator()<tree>();
  f.template operator()<mixed>();
  f.template operator()<listed>();
  f.template operator()<booking>();
  f.template operator()<bookings>();
}

}  // namespace laws

template <>
struct viceroy::codec<laws::ticket> {
  static constexpr std::size_t min_bytes = 8;
  static constexpr bool fixed = true;
  static std::size_t size(const laws::ticket&) { return 8; }
  static void encode(writer& out, const laws::ticket& t) { out.put_u64(t.number()); }
  static bool decode(reader& in, laws::ticket& t) {
    std::optional<laws::ticket> read = construct(in);
    if (read) t = std::move(*read);
    return read.has_value();
  }
  static std::optional<laws::ticket> construct(reader& in) {
    std::uint64_t number = 0;
    if (!in.get_u64(number)) return std::nullopt;
    return laws::ticket(number);
  }
};
