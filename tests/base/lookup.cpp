#include "viceroy/base/lookup.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <random>
#include <string>

namespace vr = viceroy;

namespace {

// All of its keys meet in one bucket.
struct crowded {
  int number;
  bool operator==(const crowded&) const = default;
};

}  // namespace

template <>
struct std::hash<crowded> {
  std::size_t operator()(const crowded&) const noexcept { return 7; }
};

TEST_CASE("a value is found by its key, and stays where it is") {
  vr::lookup<int, std::string> all;
  CHECK(all.empty());
  CHECK(all.find(1) == nullptr);
  CHECK_FALSE(all.erase(1));
  std::string* const one = all.add(1, "one");
  CHECK(all.add(1, "another") == nullptr);
  for (int i = 2; i != 100; ++i) all[i] = std::to_string(i);
  CHECK(all.size() == 99);
  CHECK(all.find(1) == one);
  CHECK(*one == "one");
  CHECK(all.contains(99));
  CHECK(all.erase(99));
  CHECK_FALSE(all.contains(99));
  all.clear();
  CHECK(all.empty());
  CHECK(all.find(1) == nullptr);
}

TEST_CASE("entries are visited in the order in which they came") {
  vr::lookup<std::string_view, int> all;
  for (const char* each : {"c", "a", "d", "b"}) all.add(each, 0);
  all.erase("d");
  all.add("d", 0);
  std::string text;
  for (auto& [key, value] : all) {
    text += key;
    value = 1;
  }
  CHECK(text == "cabd");
  all.erase_if([](const auto& each) { return each.key == "c" || each.key == "b"; });
  CHECK((*all.begin()).key == "a");
  CHECK(all.size() == 2);
}

TEST_CASE("a lookup holds what cannot be copied, and keys that meet in one bucket") {
  vr::lookup<crowded, std::unique_ptr<int>> all;
  for (int i = 0; i != 20; ++i) all.add(crowded{i}, std::make_unique<int>(i));
  for (int i = 0; i < 20; i += 3) CHECK(all.erase(crowded{i}));
  for (int i = 0; i != 20; ++i) {
    const std::unique_ptr<int>* const found = all.find(crowded{i});
    CHECK((found != nullptr) == (i % 3 != 0));
    if (found) CHECK(**found == i);
  }
}

TEST_CASE("a lookup does what a map does") {
  std::mt19937 draw(1);
  vr::lookup<unsigned, unsigned> ours;
  std::map<unsigned, unsigned> theirs;
  for (unsigned step = 0; step != 20'000; ++step) {
    const auto key = static_cast<unsigned>(draw() % 300);
    if (draw() % 2 == 0) {
      CHECK((ours.add(key, step) != nullptr) == theirs.try_emplace(key, step).second);
    } else {
      CHECK(ours.erase(key) == (theirs.erase(key) != 0));
    }
    REQUIRE(ours.size() == theirs.size());
  }
  for (const auto& [key, value] : theirs) CHECK(*ours.find(key) == value);
}
