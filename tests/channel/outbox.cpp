#include "viceroy/channel/outbox.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "viceroy/wire/frame.hpp"

namespace vr = viceroy;

namespace {

// Appends a message frame with a body of that size and parts of those sizes.
void append(vr::outbox& to, std::uint64_t number, std::size_t body,
            const std::vector<vr::bytes>& parts = {}) {
  vr::message_header m;
  m.body = static_cast<std::uint32_t>(body);
  m.parts = static_cast<std::uint32_t>(parts.size());
  std::vector<std::byte> content(sizeof m + body + parts.size() * 4);
  vr::store_struct(content.data(), m);
  vr::frame_header header;
  header.sequence = number;
  to.append_frame(header, content);
  for (const auto& part : parts) to.append_part(part);
}

std::vector<std::uint64_t> unsent(const vr::outbox& box) {
  std::vector<std::uint64_t> numbers;
  box.frames([&](bool left, const vr::frame_header& header, auto, auto) {
    if (!left) numbers.push_back(header.sequence);
  });
  return numbers;
}

std::size_t offered(const vr::outbox& box) {
  std::array<iovec, 16> pieces;
  const int count = box.gather(pieces);
  std::size_t sum = 0;
  for (int i = 0; i < count; ++i) sum += pieces[static_cast<std::size_t>(i)].iov_len;
  return sum;
}

constexpr std::size_t frame_bytes = sizeof(vr::frame_header) + sizeof(vr::message_header);

}  // namespace

TEST_CASE("a frame has left with its last byte, parts included, however the kernel takes it") {
  for (std::size_t at_once = 1; at_once < 300; at_once += 7) {
    vr::outbox box;
    append(box, 1, 10);
    append(box, 2, 0, {vr::bytes::copy("0123456789"), vr::bytes(), vr::bytes::copy("ab")});
    append(box, 3, 5);
    const std::size_t first = frame_bytes + 10;
    const std::size_t second = first + frame_bytes + 12 + 12;
    const std::size_t all = second + frame_bytes + 5;
    CHECK(box.waiting_bytes() == all);
    CHECK(offered(box) == all);
    for (std::size_t gone = 0; gone < all;) {
      const std::vector<std::uint64_t> expected = gone < first    ? std::vector<std::uint64_t>{1, 2, 3}
                                                  : gone < second ? std::vector<std::uint64_t>{2, 3}
                                                                  : std::vector<std::uint64_t>{3};
      REQUIRE(unsent(box) == expected);
      const std::size_t now = std::min(at_once, all - gone);
      box.sent(now);
      gone += now;
      REQUIRE(box.waiting_bytes() == all - gone);
    }
    CHECK(unsent(box).empty());
    CHECK(box.empty());
  }
}

TEST_CASE("what was sent is moved out of the buffer, and what waits stays whole") {
  vr::outbox box;
  std::uint64_t number = 0;
  std::uint64_t gone = 0;
  const std::size_t each = frame_bytes + 1000;
  for (int i = 0; i < 5000; ++i) append(box, ++number, 1000);
  const auto batch = box.batch();
  for (int turn = 0; turn < 20'000; ++turn) {
    append(box, ++number, 1000);
    box.sent(each);
    ++gone;
  }
  CHECK(box.batch() > batch);
  const auto left = unsent(box);
  REQUIRE(left.size() == 5000);
  CHECK(left.front() == gone + 1);
  CHECK(left.back() == number);
  CHECK(box.waiting_bytes() == 5000 * each);
}

TEST_CASE("what is held back leaves when it is released, and can be returned until then") {
  vr::outbox box;
  box.append("hello", 5);
  box.skip_to_here();
  box.keep();
  box.hold_from_here();
  append(box, 1, 3);
  CHECK(offered(box) == 5);
  box.sent(5);
  CHECK(offered(box) == 0);
  CHECK_FALSE(box.empty());
  box.let_go();
  box.sent(offered(box));
  CHECK(unsent(box) == std::vector<std::uint64_t>{1});
  box.release();
  CHECK(unsent(box).empty());
}

TEST_CASE("last words follow whole frames only") {
  vr::outbox box;
  append(box, 1, 10);
  append(box, 2, 10);
  box.sent(frame_bytes + 10);
  CHECK(box.drop_unsent());
  CHECK(box.empty());
  append(box, 3, 10);
  box.sent(1);
  CHECK_FALSE(box.drop_unsent());
  CHECK(box.empty());
  vr::outbox greeting;
  greeting.append("hello", 5);
  greeting.skip_to_here();
  append(greeting, 1, 10);
  greeting.sent(2);
  CHECK(greeting.drop_unsent());
  CHECK(greeting.waiting_bytes() == 3);
}

TEST_CASE("parts are owned until they have left, and no longer") {
  const auto owner = std::make_shared<std::string>(1000, 'x');
  vr::outbox box;
  append(box, 1, 0, {vr::bytes(owner, std::as_bytes(std::span(*owner)))});
  CHECK(owner.use_count() == 2);
  append(box, 2, 0);
  box.sent(frame_bytes + 4 + 1000);
  CHECK(owner.use_count() == 1);
  CHECK(unsent(box) == std::vector<std::uint64_t>{2});
}
