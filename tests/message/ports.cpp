#include "viceroy/message/ports.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace ports_test {

template <class M>
struct ref {
  int id = 0;
  auto operator<=>(const ref&) const = default;
};

struct inner {
  ref<int> port;
};
struct everywhere {
  ref<int> a;
  std::vector<inner> b;
  std::optional<ref<char>> c;
  std::variant<int, ref<int>> d;
  std::map<std::string, inner> e;
  std::pair<int, ref<int>> f;
  std::tuple<ref<int>, inner> g;
  std::array<ref<int>, 2> h;
  std::string i;
  std::vector<everywhere> j;
  std::set<ref<int>> k;
  std::unique_ptr<inner> l;
};
class listed {
  int before_ = 0;
  ref<int> port_;

 public:
  int id() const { return port_.id; }
  VICEROY_FIELDS(listed, before_, port_);
};
struct stays {
  std::unique_ptr<int> a;
  ref<int> port;
  using local = std::true_type;
};
struct none {
  int a;
  std::vector<none> kids;
  std::map<int, std::string> b;
};

}  // namespace ports_test

template <class M>
struct viceroy::opaque_layout<ports_test::ref<M>> {
  static constexpr std::string_view name = "ref";
};
template <class M>
inline constexpr bool viceroy::is_port_ref<ports_test::ref<M>> = true;

namespace {

using namespace ports_test;
using viceroy::for_each_port;
using viceroy::has_ports;

static_assert(has_ports<everywhere> && has_ports<listed> && has_ports<stays> && has_ports<inner> &&
              has_ports<ref<int>>);
static_assert(has_ports<std::vector<everywhere>>);
static_assert(!has_ports<none> && !has_ports<int> && !has_ports<std::vector<none>>);

}  // namespace

TEST_CASE("ports are visited wherever they stand, in the order of the fields") {
  everywhere m;
  m.b.resize(2);
  m.c.emplace();
  m.d = ref<int>();
  m.e["key"] = {};
  m.j.resize(1);
  m.k.insert({});
  m.l = std::make_unique<inner>();
  int count = 0;
  for_each_port(m, [&](auto& port) { port.id = ++count; });
  CHECK(count == 11 + 6 + 1);
  CHECK(m.a.id == 1);
  CHECK(m.b[1].port.id == 3);
  CHECK(m.c->id == 4);
  CHECK(std::get<1>(m.d).id == 5);
  CHECK(m.e["key"].port.id == 6);
  CHECK(m.f.second.id == 7);
  CHECK(std::get<1>(m.g).port.id == 9);
  CHECK(m.h[1].id == 11);
  CHECK(m.j[0].a.id == 12);
  CHECK(m.k.begin()->id == 0);
  CHECK(m.l->port.id == 18);

  int again = 0;
  for_each_port(std::as_const(m), [&](const auto& port) { CHECK(port.id == ++again); });
  CHECK(again == count);
}

TEST_CASE("what is not there is not visited") {
  everywhere m;
  m.d = 5;
  int count = 0;
  for_each_port(m, [&](auto&) { ++count; });
  CHECK(count == 6);
}

TEST_CASE("ports in listed members and in local messages are found") {
  listed a;
  for_each_port(a, [](auto& port) { port.id = 8; });
  CHECK(a.id() == 8);
  stays b{};
  for_each_port(b, [](auto& port) { port.id = 9; });
  CHECK(b.port.id == 9);
}

TEST_CASE("a message without ports costs no visit") {
  none m{1, {none()}, {}};
  for_each_port(m, [](auto& port) { port.never_instantiated(); });
  CHECK(m.kids.size() == 1);
}
