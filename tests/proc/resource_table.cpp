#include "viceroy/proc/resource_table.hpp"

#include "proc/fake_world.hpp"

using namespace fake;
using vr::status;

namespace {

constexpr status every[] = {status::not_exist, status::initializing, status::running, status::stopping,
                            status::stopped,   status::failed,       status::timeout};

struct table_world : world {
  vr::label id(const std::string& text) { return vr::label::parse(text); }
  client asker{*this, "asker"};
  client owner{*this, "owner"};
  vr::resource_table table;
};

}  // namespace

TEST_CASE("a status only goes up, and a terminal one is frozen") {
  for (const status from : every) {
    for (const status to : every) {
      CAPTURE(vr::text_of(from));
      CAPTURE(vr::text_of(to));
      const bool expected = to > from && from != status::not_exist && !vr::is_terminal(from);
      CHECK(vr::resource_table::legal(from, to) == expected);
    }
  }
}

TEST_CASE("a step that is not legal changes nothing and tells nobody") {
  table_world w;
  auto* const e = w.table.create(w.id("a"), 0, w.owner.bind());
  REQUIRE(e);
  CHECK(w.table.advance(w.asker.cx, *e, status::stopped, "over"));
  const auto generation = e->generation;
  CHECK_FALSE(w.table.advance(w.asker.cx, *e, status::failed, "again"));
  CHECK(e->what.sentence == "over");
  CHECK(e->generation == generation);
  w.run();
  CHECK(w.owner.heard().empty());  // it never ran
}

TEST_CASE("waiters hear once, stoppers at the end, the owner only of what ran") {
  table_world w;
  w.table.wait(w.asker.cx, w.id("a"), w.asker.bind());
  auto* const e = w.table.create(w.id("a"), 4, w.owner.bind());
  CHECK(w.table.create(w.id("a"), 5, {}) == nullptr);
  w.run();
  CHECK(w.asker.heard().empty());
  w.table.advance(w.asker.cx, *e, status::running);
  w.run();
  CHECK(w.asker.heard().size() == 1);
  CHECK(w.table.end(w.asker.cx, w.id("a"), w.asker.bind()) == e);
  w.table.advance(w.asker.cx, *e, status::stopping);
  w.run();
  CHECK(w.asker.heard().empty());
  CHECK_FALSE(w.table.all_ended());
  w.table.advance(w.asker.cx, *e, status::failed, "why");
  w.run();
  const auto end = w.asker.heard();
  REQUIRE(end.size() == 1);
  CHECK(end.front().sentence == "why");
  CHECK(w.owner.heard().size() == 1);
  CHECK(w.table.all_ended());
}

TEST_CASE("more waiters than the limit are answered with what is known") {
  table_world w;
  for (std::size_t i = 0; i < vr::limit::resource_waiters; ++i)
    w.table.wait(w.asker.cx, w.id("a"), w.asker.bind());
  w.run();
  CHECK(w.asker.heard().empty());
  w.table.wait(w.asker.cx, w.id("a"), w.asker.bind());
  w.run();
  const auto one = w.asker.heard();
  REQUIRE(one.size() == 1);
  CHECK(one.front().status == status::not_exist);
  CHECK(one.front().sentence.find("limit::resource_waiters") != std::string::npos);
}

TEST_CASE("of what has ended the oldest is forgotten beyond the limit") {
  table_world w;
  for (std::size_t i = 0; i <= vr::limit::ended_resources; ++i)
    w.table.advance(w.asker.cx, *w.table.create(w.id("r" + std::to_string(i)), 0, {}), status::stopped);
  CHECK(w.table.find(w.id("r0")) == nullptr);
  CHECK(w.table.find(w.id("r1")) != nullptr);
  CHECK(w.table.list().size() == vr::limit::ended_resources);
  CHECK(w.table.all_ended());
}
