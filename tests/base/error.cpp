#include "viceroy/base/error.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <system_error>

namespace vr = viceroy;

TEST_CASE("An error is a std::system_error whose text is exactly its sentence") {
  const vr::error e(vr::errc::refused, "the peer is another user");
  const std::system_error& base = e;
  CHECK(std::string(base.what()) == "the peer is another user");
  const bool same = base.code() == vr::errc::refused;
  CHECK(same);
  CHECK(base.code().category().name() == std::string("viceroy"));
  CHECK(e.kind() == vr::errc::refused);
}

TEST_CASE("Every kind of error has words of its own") {
  std::set<std::string> words;
  for (int n = 1; n <= static_cast<int>(vr::errc::not_here); ++n)
    words.insert(vr::viceroy_category().message(n));
  CHECK(words.size() == static_cast<std::size_t>(vr::errc::not_here));
  CHECK_FALSE(words.contains("unknown"));
  CHECK(vr::viceroy_category().message(0) == "unknown");
}

TEST_CASE("A copy of an error keeps its sentence") {
  const vr::error first(vr::errc::busy, std::string(100, 'x'));
  vr::error second(vr::errc::inert, "other");
  second = first;
  CHECK(second.what() == std::string(100, 'x'));
  CHECK(second.kind() == vr::errc::busy);
}
