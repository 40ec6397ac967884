// sample_types: types of every kind, whose names, layouts and ids must be the same from every compiler.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "viceroy/id/actor_id.hpp"
#include "viceroy/message/manifest.hpp"

namespace sample {

struct nothing {};
struct echo {
  std::string text;
  int times;
};
enum class colour : std::uint16_t { red };
enum plain_enum { first, second };
struct numbers {
  bool a;
  char b;
  signed char c;
  unsigned char d;
  short e;
  unsigned f;
  long g;
  long long h;
  unsigned long i;
  float j;
  double k;
  colour l;
  plain_enum m;
};
struct containers {
  std::vector<double> a;
  std::array<int, 12> b;
  std::map<std::string, std::vector<echo>> c;
  std::unordered_map<int, bool> d;
  std::set<std::string> e;
  std::optional<echo> f;
  std::variant<std::monostate, int, std::string> g;
  std::pair<int, echo> h;
  std::tuple<> i;
  std::tuple<int, bool, std::string> j;
  std::chrono::milliseconds k;
  std::chrono::sys_seconds l;
};
struct tree {
  long value;
  std::vector<tree> kids;
};
struct even;
struct odd {
  std::optional<int> mark;
  std::vector<even> evens;
};
struct even {
  std::vector<odd> odds;
};
class account {
  std::string owner_;
  std::int64_t cents_ = 0;

 public:
  VICEROY_FIELDS(account, owner_, cents_);
};
struct renamed {
  int a;
  static constexpr auto name = "sample::another_name";
};
template <class T>
struct box {
  T value;
};
struct whose {
  viceroy::actor_id id;
  std::vector<viceroy::actor_id> others;
};
struct counter {};  // an actor

}  // namespace sample

template <class T>
struct viceroy::name_of<sample::box<T>> : composed_name<"sample::box", T> {};

namespace sample {

inline constexpr std::array entries{
    viceroy::make_actor_entry<counter>(),
    viceroy::make_entry<nothing>(viceroy::entry_kind::message),
    viceroy::make_entry<echo>(viceroy::entry_kind::message),
    viceroy::make_entry<numbers>(viceroy::entry_kind::message),
    viceroy::make_entry<containers>(viceroy::entry_kind::message),
    viceroy::make_entry<tree>(viceroy::entry_kind::message),
    viceroy::make_entry<odd>(viceroy::entry_kind::message),
    viceroy::make_entry<even>(viceroy::entry_kind::message),
    viceroy::make_entry<account>(viceroy::entry_kind::message),
    viceroy::make_entry<renamed>(viceroy::entry_kind::params),
    viceroy::make_entry<box<box<std::string>>>(viceroy::entry_kind::message),
    viceroy::make_entry<whose>(viceroy::entry_kind::payload),
    viceroy::make_entry<long>(viceroy::entry_kind::result),
    viceroy::make_entry<std::map<std::string, std::vector<std::uint8_t>>>(viceroy::entry_kind::result),
};
inline constexpr viceroy::manifest manifest = viceroy::make_manifest(entries);

}  // namespace sample
