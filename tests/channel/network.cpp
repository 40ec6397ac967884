#include "viceroy/channel/network.hpp"

#include <sys/resource.h>

#include <memory>
#include <string>
#include <vector>

#include "world.hpp"

using namespace world;

namespace {

vr::address serve(vr::network& on, vr::transport over) { return on.serve(over); }

}  // namespace

TEST_CASE("a message and its answer cross a link of either transport") {
  for (const auto over : {vr::transport::unix_domain, vr::transport::tcp}) {
    CAPTURE(vr::text(over));
    two_ends ends;
    const auto where = serve(ends.right, over);
    const auto home = serve(ends.left, over);
    ends.heard_right.on_arrived = [](vr::link& road, const vr::envelope& e, const vr::arrival& m) {
      vr::envelope answer = e;
      std::swap(answer.to, answer.from);
      const auto text = text_message("re: " + text_of(m.body));
      CHECK(road.post(answer, vr::payload_view(text)) == vr::post_result::posted);
    };
    const auto road = ends.left.dial(where);
    CHECK_FALSE(road->connected());
    CHECK(road->peer() == std::vector{where});
    const auto hello = text_message("hello");
    auto header = to_actor();
    header.shape = vr::shape::parse("{a=2, b=3}");
    header.rank = 4;
    header.flags = vr::envelope_flags::cast | vr::envelope_flags::traced;
    header.sequence = 11;
    header.trace = 12;
    header.reply = 13;
    header.lane = 1;
    header.hops = 5;
    CHECK(road->post(header, vr::payload_view(hello)) == vr::post_result::posted);
    REQUIRE(ends.until([&] { return ends.heard_left.arrivals == 1; }));
    CHECK(ends.heard_left.opens == 1);
    CHECK(ends.heard_right.opens == 1);
    REQUIRE(ends.heard_right.messages.size() == 1);
    const auto& got = ends.heard_right.messages.front();
    CHECK(got.body == "hello");
    CHECK(got.header.to == header.to);
    CHECK(got.header.from == header.from);
    CHECK(got.header.port == header.port);
    CHECK(got.header.reply == 13);
    CHECK(got.header.type == 3);
    CHECK(got.header.sequence == 11);
    CHECK(got.header.trace == 12);
    CHECK(got.header.shape == header.shape);
    CHECK(got.header.rank == 4);
    CHECK(got.header.flags == header.flags);
    CHECK(got.header.hops == 5);
    CHECK(got.header.lane == 1);
    CHECK(ends.heard_left.messages.front().body == "re: hello");
    CHECK(road->connected());
    CHECK(road->peer() == std::vector{where});
    CHECK(ends.heard_right.last->peer() == std::vector{home});
    CHECK(ends.left.idle());
  }
}
