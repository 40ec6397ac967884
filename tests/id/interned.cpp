#include "viceroy/id/interned.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <barrier>
#include <set>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "viceroy/id/hash.hpp"

namespace vr = viceroy;

namespace {

struct numbered : vr::interned_text {
  int number;
};
struct threaded : vr::interned_text {};
struct colliding : vr::interned_text {};

const numbered* intern(std::string_view text, int number) {
  return vr::interned_table<numbered>::global.intern(vr::hash_bytes(text), vr::same_text{text}, text, number);
}

}  // namespace

static_assert(std::is_trivially_destructible_v<vr::interned_table<numbered>>);

TEST_CASE("equal texts are one record, and the first to intern decides what is in it") {
  const numbered* first = intern("one", 1);
  CHECK(first->view() == "one");
  CHECK(first->number == 1);
  CHECK(intern("one", 2) == first);
  CHECK(first->number == 1);
  CHECK(intern("other", 2) != first);
}

TEST_CASE("looking a text up makes no record") {
  const auto before = vr::interned_names();
  CHECK(vr::interned_table<numbered>::global.find(vr::hash_bytes("absent"), vr::same_text{"absent"}) ==
        nullptr);
  CHECK(vr::interned_names() == before);
  intern("present", 0);
  CHECK(vr::interned_names() == before + 1);
  intern("present", 0);
  CHECK(vr::interned_names() == before + 1);
}

TEST_CASE("records stay where they are while the table grows") {
  std::vector<const numbered*> all;
  for (int i = 0; i < 20'000; ++i) all.push_back(intern("growing " + std::to_string(i), i));
  for (int i = 0; i < 20'000; ++i) {
    const numbered* again = intern("growing " + std::to_string(i), -1);
    REQUIRE(again == all[static_cast<std::size_t>(i)]);
    REQUIRE(again->number == i);
  }
}

TEST_CASE("texts with one and the same hash are told apart") {
  std::set<const colliding*> seen;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      const std::string text = std::to_string(i);
      seen.insert(vr::interned_table<colliding>::global.intern(~std::uint64_t{0}, vr::same_text{text}, text));
    }
  }
  CHECK(seen.size() == 200);
}

TEST_CASE("threads that intern the same texts at the same time get the same records") {
  constexpr int threads = 4;
  constexpr int texts = 3000;
  std::vector<std::vector<const threaded*>> found(threads);
  std::barrier<> start(threads);
  std::vector<std::thread> running;
  for (auto& mine : found) {
    running.emplace_back([&start, &mine] {
      start.arrive_and_wait();
      for (int i = 0; i < texts; ++i) {
        const std::string text = "contended " + std::to_string(i);
        mine.push_back(
            vr::interned_table<threaded>::global.intern(vr::hash_bytes(text), vr::same_text{text}, text));
      }
    });
  }
  for (auto& each : running) each.join();
  for (const auto& mine : found) CHECK(mine == found.front());
  CHECK(std::set<const threaded*>(found[0].begin(), found[0].end()).size() == texts);
  CHECK(std::all_of(found[0].begin(), found[0].end(), [](const threaded* r) { return r->size > 10; }));
}
