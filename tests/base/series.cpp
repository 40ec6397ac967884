#include "viceroy/base/series.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace vr = viceroy;

namespace {

template <class T>
std::string joined(const vr::series<T>& all) {
  std::string text;
  for (const T& each : all) text += each;
  return text;
}

}  // namespace

TEST_CASE("a series grows, and its values keep their order") {
  vr::series<std::string> all;
  CHECK(all.empty());
  for (char c = 'a'; c != 'k'; ++c) CHECK(all.push_back(std::string(1, c)) == std::string(1, c));
  CHECK(all.size() == 10);
  CHECK(joined(all) == "abcdefghij");
  all.push_back(all[0]);
  CHECK(all.back() == "a");
  all.pop_back();
  all.erase("c");
  all.erase("never there");
  all.erase_if([](const std::string& each) { return each > "g"; });
  CHECK(joined(all) == "abdefg");
  all.erase_first(2);
  CHECK(joined(all) == "defg");
  all.clear();
  CHECK(all.empty());
  CHECK(all.begin() == all.end());
}

TEST_CASE("a series loses what equals one of its own values, and nothing else") {
  vr::series<std::string> all;
  for (const char* each : {"a", "b", "a", "b"}) all.push_back(each);
  all.erase(all[0]);
  CHECK(joined(all) == "bb");
}

TEST_CASE("a series is copied with its values, and moved without") {
  vr::series<std::string> first;
  for (const char* each : {"a", "b", "c", "d", "e"}) first.push_back(each);
  vr::series<std::string> second = first;
  second.push_back("f");
  CHECK(joined(first) == "abcde");
  CHECK(joined(second) == "abcdef");
  const std::string* const where = second.begin();
  first = std::move(second);
  CHECK(first.begin() == where);
  vr::series<std::string>& same = first;
  first = same;
  CHECK(joined(first) == "abcdef");
}

TEST_CASE("a series owns what cannot be copied") {
  int living = 0;
  struct counts {
    explicit counts(int& n) : number(&n) { ++n; }
    ~counts() { --*number; }
    counts(const counts&) = delete;
    counts& operator=(const counts&) = delete;
    int* number;
  };
  {
    vr::series<std::unique_ptr<counts>> all;
    for (int i = 0; i != 9; ++i) all.push_back(std::make_unique<counts>(living));
    CHECK(living == 9);
    int n = 0;
    all.erase_if([&](const auto&) { return n++ % 2 == 0; });
    CHECK(living == 4);
  }
  CHECK(living == 0);
}

TEST_CASE("a series whose copying fails in the middle leaves nothing behind") {
  int living = 0;
  struct brittle {
    explicit brittle(int& n) : number(&n) { ++n; }
    brittle(const brittle& other) : number(other.number) {
      if (*number == 5) throw std::runtime_error("no more");
      ++*number;
    }
    brittle(brittle&& other) noexcept : number(other.number) { ++*number; }
    brittle& operator=(const brittle&) = delete;
    ~brittle() { --*number; }
    int* number;
  };
  {
    vr::series<brittle> all;
    for (int i = 0; i != 3; ++i) all.push_back(brittle(living));
    CHECK_THROWS_AS(vr::series<brittle>{all}, std::runtime_error);
    CHECK(living == 3);
  }
  CHECK(living == 0);
}
