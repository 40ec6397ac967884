#include "viceroy/proc/application.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace application_test {

struct add {
  long n;
};
struct get {};
struct tag {
  using local = std::true_type;
  int* where;
};
struct start {
  std::string name;
  long from;
};
struct counter {
  using handles = vr::messages<add, get>;
  using params = start;
  start with;
  explicit counter(start s) : with(std::move(s)) {
    if (with.from < 0) throw std::invalid_argument("from is negative");
  }
  void handle(vr::context<counter>&, add m) { with.from += m.n; }
  long handle(vr::context<counter>&, get) { return with.from; }
};
struct other {
  using handles = vr::messages<get, tag>;
  std::string handle(vr::context<other>&, get) { return "other"; }
  void handle(vr::context<other>&, tag m) { ++*m.where; }
};

using app = vr::application<"app", vr::actors<counter, other>>;
using same = vr::application<"app", vr::actors<other, counter>>;
using less = vr::application<"app", vr::actors<counter>>;
using none = vr::application<"none", vr::actors<>>;
constexpr const vr::application_table& table = vr::remote<app>::table;

static_assert(table.name == "app");
static_assert(table.actors.size() == 2);
static_assert(vr::remote<none>::table.actors.empty());
// The order of actors is no difference; what they say is.
static_assert(table.manifest_hash == vr::remote<same>::table.manifest_hash);
static_assert(table.manifest_hash != vr::remote<less>::table.manifest_hash);

template <class M>
vr::bytes encoded(const M& m) {
  vr::encoded out = vr::encode_message(m);
  return vr::bytes(std::move(out.body));
}

}  // namespace application_test

using namespace application_test;

TEST_CASE("The registry finds the actors of the application by type, and no others") {
  REQUIRE(table.find(vr::detail::actor_tag<counter>));
  CHECK(table.find(vr::detail::actor_tag<counter>)->ops->name == "application_test::counter");
  CHECK(table.find(vr::detail::actor_tag<other>)->type == vr::detail::actor_tag<other>);
  CHECK(table.find(0) == nullptr);
  CHECK(vr::remote<less>::table.find(vr::detail::actor_tag<other>) == nullptr);
  CHECK(vr::remote<none>::table.find(vr::detail::actor_tag<other>) == nullptr);
}

TEST_CASE("An actor that is not in the application is refused by name, with the cure") {
  by_hand::world w;
  CHECK_THROWS_WITH_AS(vr::gspawn(vr::remote<less>::table, w.home, vr::detail::actor_tag<other>,
                                  "application_test::other", vr::label::parse("o"), vr::bytes()),
                       "actor application_test::other is not in application \"app\" of proc inproc:1,root; "
                       "add it to the application's actors list",
                       vr::error);
}

TEST_CASE("The manifest says what the application says, and tells in one sentence how another differs") {
  const std::string text = table.manifest_text();
  CHECK(text.find("application_test::add") != std::string::npos);
  CHECK(text.find("application_test::tag") == std::string::npos);  // it never leaves its process
  const std::string said = vr::explain_difference(text, vr::remote<less>::table.manifest_text());
  CHECK(said.find("application_test::other") != std::string::npos);
  CHECK(said.find('\n') == std::string::npos);
}

TEST_CASE(
    "gspawn makes an actor from bytes; bytes that are no params, a thrown constructor and a taken name are "
    "errors") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  const auto spawn = [&](const char* name, const vr::bytes& params) -> vr::mailbox& {
    return vr::gspawn(table, w.home, vr::detail::actor_tag<counter>, "application_test::counter",
                      vr::label::parse(name), params);
  };
  const vr::actor_ref<counter> ref(spawn("c", encoded(start{"c", 40})).id());
  ref.send<add>(client, 2);
  CHECK(w.run<long>(ref.call<get>(client)) == 42);
  const auto before = w.home.living();
  CHECK(by_hand::kind_of([&] { spawn("d", vr::bytes()); }) == vr::errc::bad_input);
  CHECK(by_hand::kind_of([&] { spawn("d", encoded(std::pair<start, int>({"d", 1}, 2))); }) ==
        vr::errc::bad_input);
  CHECK_THROWS_WITH_AS(spawn("d", encoded(start{"d", -1})), "from is negative", std::invalid_argument);
  CHECK(by_hand::kind_of([&] { spawn("c", encoded(start{"c", 1})); }) == vr::errc::already_exists);
  CHECK(w.home.living() == before);
}
