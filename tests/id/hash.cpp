#include "viceroy/id/hash.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace vr = viceroy;

TEST_CASE("a hash is the same at compile time and at run time") {
  constexpr std::uint64_t then = vr::hash_bytes("the quick brown fox jumps", 7);
  const std::string now = "the quick brown fox jumps";
  CHECK(vr::hash_bytes(now, 7) == then);
}

TEST_CASE("the hash of some bytes is fixed, for it may be written down") {
  CHECK(vr::hash_bytes("") == vr::hash_bytes(std::string_view{}));
  CHECK(vr::hash_bytes("viceroy") == 0xdb159f9f98a13c91);
}

TEST_CASE("texts that differ in one bit, in length or in seed have other hashes") {
  std::set<std::uint64_t> seen;
  std::size_t made = 0;
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string text(size, '\0');  // zeros of every length: the length itself must count
    seen.insert(vr::hash_bytes(text));
    ++made;
    for (std::size_t bit = 0; bit < 8 * size; ++bit) {
      text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
      seen.insert(vr::hash_bytes(text));
      ++made;
      text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
    }
  }
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    seen.insert(vr::hash_bytes("client", seed));
    ++made;
  }
  CHECK(seen.size() == made);
}

TEST_CASE("numbers in a row fill both ends of a table evenly") {
  int low[64] = {};
  int high[64] = {};
  for (std::uint64_t i = 0; i < 64'000; ++i) {
    const auto hash = vr::hash_number(i, 12345);
    ++low[hash & 63];
    ++high[hash >> 58];
  }
  for (int i = 0; i < 64; ++i) {
    CHECK(low[i] > 800);  // 1000 expected; the deviation is about 32
    CHECK(low[i] < 1200);
    CHECK(high[i] > 800);
    CHECK(high[i] < 1200);
  }
}

TEST_CASE("the order of mixed numbers matters") {
  CHECK(vr::hash_number(1, vr::hash_number(2)) != vr::hash_number(2, vr::hash_number(1)));
}
