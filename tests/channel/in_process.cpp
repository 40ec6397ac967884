#include "viceroy/channel/in_process.hpp"

#include <string>
#include <vector>

#include "world.hpp"

using namespace world;

TEST_CASE("messages cross in order, whatever the step") {
  for (const std::size_t bytes : {1u, 7u, 100u, 100'000u}) {
    diary left;
    diary right;
    vr::in_process_pair pair(someone(), left, someone(), right);
    for (int i = 0; i < 20; ++i) {
      const auto text = text_message(std::to_string(i));
      CHECK(pair.left().post(to_actor(i % 3 == 0 ? "a" : "b"), vr::payload_view(text)) ==
            vr::post_result::posted);
    }
    pair.left().flush();
    for (;;) {
      pair.right().flush();
      if (!pair.step(bytes)) break;
    }
    REQUIRE(right.messages.size() == 20);
    for (int i = 0; i < 20; ++i) CHECK(right.messages[static_cast<std::size_t>(i)].body == std::to_string(i));
    CHECK(left.opens == 1);
    CHECK(right.opens == 1);
    CHECK(pair.left().connected());
    CHECK(is_only(pair.left().peer(), vr::address::in_process(2)));
  }
}

TEST_CASE("a close reaches both sides once, and what was posted before arrives") {
  diary left;
  diary right;
  vr::in_process_pair pair(someone(), left, someone(), right);
  pair.settle();
  const auto text = text_message("last");
  pair.left().post(to_actor(), vr::payload_view(text));
  pair.left().close("enough");
  CHECK(pair.left().post(to_actor(), vr::payload_view(text)) == vr::post_result::closed);
  pair.settle();
  CHECK(right.messages.size() == 1);
  REQUIRE(left.ends.size() == 1);
  REQUIRE(right.ends.size() == 1);
  CHECK(left.ends.front() == "this process closed the link to inproc:2: enough");
  CHECK(right.ends.front() == "the peer inproc:1 closed the link: enough");
  CHECK(left.back.empty());
}

TEST_CASE("what was posted to an application that refuses comes back with the sentence") {
  diary left;
  diary right;
  vr::in_process_pair pair(someone("test", 1), left, someone("test", 2), right);
  const auto text = text_message("lost?");
  pair.left().post(to_actor(), vr::payload_view(text));
  pair.settle();
  REQUIRE(left.back.size() == 1);
  CHECK(left.back.front().body == "lost?");
  CHECK(left.back_cause.find("differs in field n: manifest of 2 against manifest of 1") != std::string::npos);
  CHECK(right.arrivals == 0);
  CHECK(left.kinds == std::vector{vr::errc::refused});
  CHECK(right.kinds == std::vector{vr::errc::refused});
}
