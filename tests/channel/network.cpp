#include "viceroy/channel/network.hpp"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "world.hpp"

using namespace world;

namespace {

constexpr std::array both{vr::transport::unix_domain, vr::transport::tcp};

// A plain socket that speaks whatever a test wants, against a network.
struct stranger {
  explicit stranger(const vr::address& where)
      : at(vr::socket_address::of(where)), fd(vr::open_socket(at.family())) {
    const int failed = ::connect(fd.get(), at.get(), at.size);
    const bool fine = failed == 0 || errno == EINPROGRESS;
    REQUIRE(fine);
  }
  explicit stranger(vr::owned_descriptor accepted) : fd(std::move(accepted)) {}

  // Writes as soon as the socket is connected.
  void say(std::string_view bytes) {
    pollfd ready{fd.get(), POLLOUT, 0};
    REQUIRE(::poll(&ready, 1, 10'000) == 1);
    REQUIRE(::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
  }
  void say(std::span<const std::byte> bytes) {
    say(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  // Reads what is there now. Returns: false at the end.
  bool hear() {
    std::array<char, 65536> room;
    const ssize_t got = ::recv(fd.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (got > 0) heard.append(room.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && errno == EAGAIN);
  }

  vr::socket_address at;
  vr::owned_descriptor fd;
  std::string heard;
};

std::vector<std::byte> hello_of(const vr::identity& who, std::uint64_t session = 5) {
  return vr::written_hello({session, 1, who.manifest_hash, who.application, {}}, who.key);
}

bool contains(const std::string& text, std::string_view part) {
  const bool found = text.find(part) != std::string::npos;
  CAPTURE(text);
  CAPTURE(part);
  CHECK(found);
  return found;
}

void post(vr::link& on, std::string_view text, std::string_view to = "echo") {
  const auto content = text_message(text);
  REQUIRE(on.post(to_actor(to), vr::payload_view(content)) == vr::post_result::posted);
}

// Sets the soft limit of descriptors while it lives.
struct descriptor_limit {
  explicit descriptor_limit(rlim_t soft) {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit now{std::min(soft, before.rlim_max), before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &now) == 0);
  }
  ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &before); }
  rlimit before{};
};

}  // namespace

TEST_CASE("a message and its answer cross a link of either transport") {
  for (const auto over : both) {
    CAPTURE(vr::text(over));
    two_ends ends;
    const auto where = ends.right.serve(over);
    const auto home = ends.left.serve(over);
    ends.heard_right.on_arrived = [](vr::link& road, const vr::envelope& e, const vr::arrival& m) {
      vr::envelope answer = e;
      std::swap(answer.to, answer.from);
      const auto text = text_message("re: " + text_of(m.body));
      CHECK(road.post(answer, vr::payload_view(text)) == vr::post_result::posted);
    };
    const auto road = ends.left.dial(where);
    CHECK_FALSE(road->connected());
    CHECK(is_only(road->peer(), where));
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
    CHECK(is_only(road->peer(), where));
    CHECK(is_only(ends.heard_right.last->peer(), home));
    CHECK(ends.left.idle());
  }
}

TEST_CASE("messages of all sizes arrive in the order they were posted") {
  for (const auto over : both) {
    two_ends ends;
    const auto road = ends.left.dial(ends.right.serve(over));
    constexpr std::size_t count = 3000;
    const std::string content(70'000, 'x');
    std::size_t next = 0;
    ends.heard_right.keep = false;
    ends.heard_right.on_arrived = [&](vr::link&, const vr::envelope& e, const vr::arrival& m) {
      CHECK(e.trace == next);
      CHECK(m.body.size() == (next * 37) % content.size());
      ++next;
    };
    for (std::size_t i = 0; i < count; ++i) {
      auto header = to_actor(i % 5 == 0 ? "a" : "b", i % 3);
      header.trace = i;
      const auto m = text_message(std::string_view(content).substr(0, (i * 37) % content.size()));
      while (road->post(header, vr::payload_view(m)) == vr::post_result::busy) ends.io.run_one();
    }
    REQUIRE(ends.until([&] { return next == count; }));
    CHECK(ends.until([&] { return ends.left.idle(); }));
  }
}

TEST_CASE("three hundred dials at the same time all succeed") {
  const descriptor_limit enough(4096);
  for (const auto over : both) {
    two_ends ends;
    const auto where = ends.right.serve(over);
    std::vector<vr::shared<vr::link>> roads;
    for (int i = 0; i < 300; ++i) {
      roads.push_back(ends.left.dial(where));
      post(*roads.back(), std::to_string(i));
    }
    REQUIRE(ends.until([&] { return ends.heard_right.arrivals == 300; }));
    REQUIRE(ends.until([&] { return ends.heard_left.opens == 300; }));
    CHECK(ends.heard_left.ends.empty());
  }
}

TEST_CASE("a large part leaves from where it lies and is shared where it arrives") {
  for (const auto over : both) {
    two_ends ends;
    const auto road = ends.left.dial(ends.right.serve(over));
    const auto owner = std::make_shared<std::string>(8u << 20, 'x');
    (*owner)[5] = 'y';
    auto m = text_message("with parts");
    m.parts = {vr::bytes(owner, std::as_bytes(std::span(*owner))),
               vr::bytes::copy(std::string(100'000, 'z'))};
    CHECK(road->post(to_actor(), vr::payload_view(m)) == vr::post_result::posted);
    CHECK(road->waiting_bytes() > owner->size());
    post(*road, "after");
    m = {};
    CHECK(owner.use_count() == 2);  // the link shares it
    REQUIRE(ends.until([&] { return ends.heard_right.arrivals == 2; }));
    REQUIRE(ends.until([&] { return ends.left.idle(); }));
    CHECK(owner.use_count() == 1);
    const auto& parts = ends.heard_right.messages[0].parts;
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].text() == *owner);
    CHECK(parts[1].size() == 100'000);
    CHECK(parts[1].data() == parts[0].data() + parts[0].size());  // both lie in the frame's own buffer
    CHECK(ends.heard_right.messages[1].body == "after");
  }
}

TEST_CASE("a dial to nobody returns what was posted, and says what the kernel said") {
  for (const auto over : both) {
    two_ends ends;
    const auto where = ends.right.serve(over);
    ends.right.stop_serving(where);
    const auto road = ends.left.dial(where);
    CHECK(ends.heard_left.ends.empty());
    post(*road, "one");
    post(*road, "two");
    REQUIRE(ends.until([&] { return !ends.heard_left.ends.empty(); }));
    CHECK(ends.heard_left.ends.size() == 1);
    contains(ends.heard_left.ends[0],
             std::string(where.text()) + " could not be reached: Connection refused (ECONNREFUSED)");
    CHECK(ends.heard_left.kinds[0] == vr::errc::transport_lost);
    REQUIRE(ends.heard_left.back.size() == 2);
    CHECK(ends.heard_left.back[0].body == "one");
    CHECK(ends.heard_left.back[1].body == "two");
    CHECK(ends.heard_left.back[1].header.to == to_actor().to);
    CHECK(ends.heard_left.back_cause == ends.heard_left.ends[0]);
    const auto text = text_message("late");
    CHECK(road->post(to_actor(), vr::payload_view(text)) == vr::post_result::closed);
    CHECK(ends.left.idle());
  }
}

TEST_CASE("addresses that cannot be dialled or served say why") {
  two_ends ends;
  for (const auto* where : {"inproc:1", "tcp:no.such.host:1", "shm:x"})
    ends.left.dial(vr::address::parse(where));
  REQUIRE(ends.until([&] { return ends.heard_left.ends.size() == 3; }));
  std::sort(ends.heard_left.ends.begin(), ends.heard_left.ends.end());
  contains(ends.heard_left.ends[0], "inproc:1: in_process has no sockets");
  contains(ends.heard_left.ends[1], "shm:x: shared_memory has no sockets");
  contains(ends.heard_left.ends[2], "tcp:no.such.host:1 names its host; write the host's number instead");
  CHECK_THROWS_WITH_AS(ends.right.serve(vr::transport::tls),
                       "nothing can be served over tls: it has no sockets", vr::error);
  const auto where = ends.right.serve(vr::transport::unix_domain);
  CHECK_THROWS_WITH_AS(
      ends.left.serve(where),
      (std::string(where.text()) + " could not be served: Address already in use (EADDRINUSE)").c_str(),
      vr::error);
  auto keyless = someone();
  keyless.key.reset();
  two_ends poor(keyless, keyless);
  CHECK_THROWS_AS(poor.right.serve(vr::transport::tcp), vr::error);
  poor.left.dial(vr::address::tcp("127.0.0.1", 1));
  REQUIRE(poor.until([&] { return poor.heard_left.ends.size() == 1; }));
  contains(poor.heard_left.ends[0], "no mesh key");
}

TEST_CASE("over tcp a wrong key is refused on both sides, and nothing was told") {
  auto other = someone();
  other.key = key_of(2);
  two_ends ends(other, someone());
  const auto road = ends.left.dial(ends.right.serve(vr::transport::tcp));
  post(*road, "secret");
  REQUIRE(ends.until([&] { return !ends.heard_left.ends.empty() && !ends.heard_right.ends.empty(); }));
  contains(ends.heard_left.ends[0], "refused this process: it has another mesh key");
  contains(ends.heard_right.ends[0], "it does not have this mesh's key");
  CHECK(ends.heard_left.kinds[0] == vr::errc::refused);
  CHECK(ends.heard_left.back.size() == 1);
  CHECK(ends.heard_right.arrivals == 0);
  CHECK(ends.heard_right.opens == 0);
}

TEST_CASE("another application is refused with the difference explained to both sides, each as it sees it") {
  for (const auto over : both) {
    two_ends ends(someone("test", 1), someone("test", 2));
    const auto road = ends.left.dial(ends.right.serve(over));
    post(*road, "early");
    REQUIRE(ends.until([&] { return !ends.heard_left.ends.empty() && !ends.heard_right.ends.empty(); }));
    const std::string sentence = "message add differs in field n: manifest of 2 against manifest of 1";
    contains(ends.heard_left.ends[0], sentence);
    contains(ends.heard_right.ends[0], "message add differs in field n: manifest of 1 against manifest of 2");
    REQUIRE(ends.heard_left.back.size() == 1);
    contains(ends.heard_left.back_cause, sentence);
    CHECK(ends.heard_right.arrivals == 0);
    CHECK(ends.heard_left.opens + ends.heard_right.opens == 0);
  }
}

TEST_CASE("a stranger's bytes close its connection and harm no other") {
  for (const auto over : both) {
    two_ends ends;
    const auto where = ends.right.serve(over);
    const auto road = ends.left.dial(where);
    REQUIRE(ends.until([&] { return road->connected(); }));
    const std::size_t before = open_descriptors();
    {
      stranger web(where);
      web.say("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
      REQUIRE(ends.until([&] { return ends.heard_right.ends.size() == 1; }));
      contains(ends.heard_right.ends[0], "the first bytes were 'GET / HT', not a Viceroy hello");
      CHECK(ends.heard_right.kinds[0] == vr::errc::bad_input);
      auto said = hello_of(someone());
      said[4] = std::byte{9};
      stranger newer(where);
      newer.say(said);
      REQUIRE(ends.until([&] { return ends.heard_right.ends.size() == 2; }));
      contains(ends.heard_right.ends[1], "it speaks version 9 of the protocol");
      REQUIRE(ends.until([&] { return !newer.hear(); }));
      REQUIRE(newer.heard.size() == sizeof(vr::preamble));
      CHECK(newer.heard[7] == static_cast<char>(vr::link_refusal::version));
      stranger silent(where);
      REQUIRE(ends.until([&] {
        ends.io.poll();
        return open_descriptors() >= before + 4;  // three strangers and the last one's other end
      }));
    }
    REQUIRE(ends.until([&] { return ends.heard_right.ends.size() == 3; }));
    contains(ends.heard_right.ends[2], "was lost: its other end was closed");
    post(*road, "still here");
    REQUIRE(ends.until([&] { return ends.heard_right.arrivals == 1; }));
    REQUIRE(ends.until([&] { return open_descriptors() == before; }));
  }
}

TEST_CASE("another user is turned away over unix, before a word of it is read") {
  if (::geteuid() != 0) return;  // only root can be someone else
  two_ends ends;
  const auto where = ends.right.serve(vr::transport::unix_domain);
  REQUIRE(::seteuid(65534) == 0);
  std::optional<stranger> nobody(where);
  REQUIRE(::seteuid(0) == 0);
  nobody->say(hello_of(someone()));
  REQUIRE(ends.until([&] { return ends.heard_right.ends.size() == 1; }));
  contains(ends.heard_right.ends[0], "is no peer: it runs as user 65534, this process as 0");
  CHECK(ends.heard_right.kinds[0] == vr::errc::refused);
  CHECK(ends.heard_right.opens == 0);
  nobody->hear();
  REQUIRE(nobody->heard.size() == sizeof(vr::preamble));
  CHECK(nobody->heard[7] == static_cast<char>(vr::link_refusal::user));
}

TEST_CASE("a peer that closes within a frame is said to have done so") {
  two_ends ends;
  const auto where = ends.right.serve(vr::transport::unix_domain);
  {
    stranger rude(where);
    rude.say(hello_of(someone()));
    vr::frame_header header;
    header.length = 1000;
    header.sequence = 1;
    std::array<std::byte, sizeof header + 10> begun{};
    vr::store_struct(begun.data(), header);
    rude.say(begun);
    REQUIRE(ends.until([&] { return ends.heard_right.opens == 1; }));
  }
  REQUIRE(ends.until([&] { return ends.heard_right.ends.size() == 1; }));
  contains(ends.heard_right.ends[0], " within a frame, after 34 bytes of it");
  CHECK(ends.heard_right.kinds[0] == vr::errc::transport_lost);
}

TEST_CASE("a large frame that breaks off does no harm either") {
  two_ends ends;
  const auto where = ends.right.serve(vr::transport::unix_domain);
  {
    stranger rude(where);
    rude.say(hello_of(someone()));
    vr::frame_header header;
    header.length = 900'000'000;
    header.sequence = 1;
    std::vector<std::byte> begun(100'000);
    vr::store_struct(begun.data(), header);
    rude.say(begun);
    REQUIRE(ends.until([&] { return ends.heard_right.opens == 1; }));
  }
  REQUIRE(ends.until([&] { return ends.heard_right.ends.size() == 1; }));
  contains(ends.heard_right.ends[0], "within a frame, after 100000 bytes");
}

TEST_CASE("a peer that does not read makes posts busy at the limit, and then everything comes back") {
  two_ends ends;
  auto where = vr::address::random_unix();
  vr::owned_descriptor deaf = vr::listen_on(where);
  const auto road = ends.left.dial(where);
  vr::encoded m;
  m.body.resize(1u << 20);
  std::size_t posted = 0;
  auto result = vr::post_result::posted;
  while ((result = road->post(to_actor(), vr::payload_view(m))) == vr::post_result::posted) {
    ++posted;
    REQUIRE(posted < 100);
  }
  CHECK(result == vr::post_result::busy);
  CHECK(road->waiting_bytes() > vr::limit::link_buffer_bytes);
  CHECK(road->waiting_bytes() < vr::limit::link_buffer_bytes + (2u << 20));
  CHECK(ends.heard_left.ends.empty());
  ends.heard_left.keep = false;
  deaf.close();
  REQUIRE(ends.until([&] { return ends.heard_left.ends.size() == 1; }));
  CHECK(ends.heard_left.back.size() == posted);
  CHECK_FALSE(ends.left.idle() == false);
}

TEST_CASE("a handshake that does not come is given up at its limit") {
  auto hasty = someone();
  hasty.limits.connect = std::chrono::milliseconds(30);
  two_ends ends(hasty, hasty);
  auto where = vr::address::random_unix();
  const vr::owned_descriptor deaf = vr::listen_on(where);
  const auto road = ends.left.dial(where);
  post(*road, "waiting");
  const stranger silent(ends.right.serve(vr::transport::unix_domain));
  REQUIRE(ends.until([&] { return !ends.heard_left.ends.empty() && !ends.heard_right.ends.empty(); }));
  contains(ends.heard_left.ends[0],
           std::string(where.text()) + " did not complete the handshake within 30 ms");
  contains(ends.heard_right.ends[0], "did not complete the handshake within 30 ms");
  CHECK(ends.heard_left.kinds[0] == vr::errc::timeout);
  CHECK(ends.heard_left.back.size() == 1);
}

TEST_CASE("a full backlog is waited for, until it has room or the limit comes") {
  auto hasty = someone();
  hasty.limits.connect = std::chrono::milliseconds(40);
  two_ends ends(hasty, hasty);
  auto where = vr::address::random_unix();
  const vr::owned_descriptor full = vr::listen_on(where);
  REQUIRE(::listen(full.get(), 0) == 0);
  std::vector<vr::owned_descriptor> waiting;
  const auto at = vr::socket_address::of(where);
  for (;;) {
    waiting.push_back(vr::open_socket(AF_UNIX));
    if (::connect(waiting.back().get(), at.get(), at.size) != 0) break;
  }
  CHECK(errno == EAGAIN);
  ends.left.dial(where);
  REQUIRE(ends.until([&] { return ends.heard_left.ends.size() == 1; }));
  contains(ends.heard_left.ends[0], "did not accept within 40 ms");
  const auto second = ends.left.dial(where);
  const vr::owned_descriptor one(::accept(full.get(), nullptr, nullptr));
  const vr::owned_descriptor two(::accept(full.get(), nullptr, nullptr));
  REQUIRE(ends.until([&] { return ends.heard_left.ends.size() == 2; }));
  contains(ends.heard_left.ends[1], "did not complete the handshake");
}

TEST_CASE("a close lets what was posted leave first, and tells the other side why") {
  for (const auto over : both) {
    two_ends ends;
    const auto road = ends.left.dial(ends.right.serve(over));
    REQUIRE(ends.until([&] { return road->connected() && ends.heard_right.opens == 1; }));
    const std::string content(1u << 20, 'x');
    ends.heard_right.keep = false;
    for (int i = 0; i < 20; ++i) post(*road, content);
    road->close("enough");
    CHECK_FALSE(road->connected());
    const auto late = text_message("late");
    CHECK(road->post(to_actor(), vr::payload_view(late)) == vr::post_result::closed);
    CHECK(ends.heard_left.ends.empty());
    REQUIRE(ends.until([&] { return !ends.heard_left.ends.empty() && !ends.heard_right.ends.empty(); }));
    CHECK(ends.heard_right.arrivals == 20);
    CHECK(ends.heard_left.back.empty());
    contains(ends.heard_left.ends[0], "this process closed the link to ");
    contains(ends.heard_left.ends[0], ": enough");
    contains(ends.heard_right.ends[0], "the peer ");
    contains(ends.heard_right.ends[0], " closed the link: enough");
    road->close("again");
    CHECK(ends.heard_left.ends.size() == 1);
  }
}

TEST_CASE("a peer that never reads cannot hold a close for longer than the limit") {
  auto hasty = someone();
  hasty.limits.drain = std::chrono::milliseconds(30);
  two_ends ends(hasty, hasty);
  const auto where = ends.right.serve(vr::transport::unix_domain);
  stranger deaf(where);
  deaf.say(hello_of(someone()));
  REQUIRE(ends.until([&] { return ends.heard_right.opens == 1; }));
  const std::string content(1u << 20, 'x');
  for (int i = 0; i < 5; ++i) post(*ends.heard_right.last, content);
  ends.right.close_all("leaving");
  CHECK_FALSE(ends.right.idle());
  REQUIRE(ends.until([&] { return ends.heard_right.ends.size() == 1; }));
  CHECK(ends.heard_right.back.size() == 5);
  CHECK(ends.right.idle());
}

TEST_CASE("callbacks may post, dial, close their own link and end the network") {
  for (const auto over : both) {
    io_loop io;
    diary heard;
    diary other_heard;
    auto here = std::make_unique<vr::network>(io, someone(), heard);
    vr::network there(io, someone(), other_heard);
    const auto home = here->serve(over);
    other_heard.on_arrived = [&](vr::link& road, const vr::envelope&, const vr::arrival& m) {
      post(road, text_of(m.body) + "!");
      if (text_of(m.body) == "close") road.close("as told");
      if (text_of(m.body) == "dial") post(*there.dial(home), "dialled");
    };
    vr::shared<vr::link> road = here->dial(there.serve(over));
    heard.on_arrived = [&](vr::link&, const vr::envelope&, const vr::arrival& m) {
      if (text_of(m.body) == "end!") here.reset();
    };
    for (const auto* text : {"dial", "close", "ignored"}) post(*road, text);
    const auto flush = [&] {
      there.flush();
      if (here) here->flush();
    };
    const auto until = [&](auto&& so) {
      return run_until(io, [&] {
        flush();
        return so();
      });
    };
    REQUIRE(until([&] { return heard.ends.size() == 1 && heard.arrivals == 3; }));
    CHECK(other_heard.arrivals == 2);
    contains(heard.ends[0], "as told");
    road = here->dial(there.served()[0]);
    heard.messages.clear();
    for (const auto* text : {"a", "end", "b"}) post(*road, text);
    REQUIRE(until([&] { return here == nullptr; }));
    CHECK(heard.messages.back().body == "end!");
    CHECK(heard.ends.size() == 1);  // it went silently
    const auto late = text_message("late");
    CHECK(road->post(to_actor(), vr::payload_view(late)) == vr::post_result::closed);
    CHECK_FALSE(road->connected());
    road->flush();
    road->close("nothing");
    REQUIRE(until([&] { return other_heard.ends.size() >= 2; }));
  }
}

TEST_CASE("poll hears what a link that was busy has, without the io_context") {
  two_ends ends;
  const auto road = ends.left.dial(ends.right.serve(vr::transport::unix_domain));
  post(*road, "first");
  REQUIRE(ends.until([&] { return ends.heard_right.arrivals == 1; }));
  post(*road, "second");
  ends.left.flush();
  CHECK(ends.right.poll());
  CHECK(ends.heard_right.arrivals == 2);
  CHECK_FALSE(ends.right.poll());
  ends.heard_right.on_arrived = [&](vr::link&, const vr::envelope&, const vr::arrival&) {
    CHECK_FALSE(ends.right.poll());
  };
  post(*road, "third");
  ends.left.flush();
  CHECK(ends.right.poll());
}

TEST_CASE("what is served no more may be named by the list of what is served") {
  two_ends ends;
  const auto first = ends.right.serve(vr::transport::unix_domain);
  const auto second = ends.right.serve(vr::transport::unix_domain);
  ends.right.stop_serving(ends.right.served()[0]);
  const auto gone = ends.left.dial(first);
  const auto road = ends.left.dial(second);
  REQUIRE(ends.until([&] { return road->connected() && !ends.heard_left.ends.empty(); }));
  contains(ends.heard_left.ends[0], first.text());
  CHECK_FALSE(gone->connected());
}

TEST_CASE("a path is a file while it is served, a dead one is taken over, a live one is not") {
  const std::string path = "/tmp/viceroy-test-" + std::to_string(::getpid());
  const auto where = vr::address::parse("unix:" + path);
  struct stat file{};
  {
    auto mutable_where = where;
    const vr::owned_descriptor killed = vr::listen_on(mutable_where);  // its file stays behind
  }
  REQUIRE(::stat(path.c_str(), &file) == 0);
  {
    two_ends ends;
    CHECK(ends.right.serve(where) == where);
    CHECK_THROWS_AS(ends.left.serve(where), vr::error);
    post(*ends.left.dial(where), "hello");
    REQUIRE(ends.until([&] { return ends.heard_right.arrivals == 1; }));
  }
  CHECK(::stat(path.c_str(), &file) != 0);
}

TEST_CASE("without descriptors accepting pauses, says so once, and goes on when there are some") {
  static std::vector<std::string> notices;
  auto who = someone();
  who.notice = [](const std::string& sentence) { notices.push_back(sentence); };
  two_ends ends(someone(), who);
  const auto where = ends.right.serve(vr::transport::unix_domain);
  const auto road = ends.left.dial(where);
  REQUIRE(ends.until([&] { return road->connected(); }));
  stranger caller(where);
  {
    const descriptor_limit none(3);
    REQUIRE(ends.until([&] { return !notices.empty(); }));
    contains(notices[0],
             std::string(where.text()) + " accepts nothing for now: Too many open files (EMFILE)");
    post(*road, "meanwhile");
    REQUIRE(ends.until([&] { return ends.heard_right.arrivals == 1; }));
  }
  stranger second(where), third(where);
  {
    const descriptor_limit one_more(open_descriptors() + 1);  // each that is taken in uses up what there is
    caller.say(hello_of(someone()));
    REQUIRE(ends.until([&] { return ends.heard_right.opens == 2; }));
    post(*road, "meanwhile");
    REQUIRE(ends.until([&] { return ends.heard_right.arrivals == 2; }));
  }
  third.say(hello_of(someone()));
  REQUIRE(ends.until([&] { return ends.heard_right.opens == 3; }));
  CHECK(notices.size() == 1);
}

TEST_CASE("strangers who say nothing are bounded, and keep nobody out for ever") {
  const descriptor_limit enough(8192);
  auto hasty = someone();
  hasty.limits.connect = std::chrono::milliseconds(300);
  two_ends ends(someone(), hasty);
  const auto where = ends.right.serve(vr::transport::unix_domain);
  std::vector<stranger> silent;
  for (std::size_t i = 0; i < vr::limit::half_open + 50; ++i) silent.emplace_back(where);
  const std::size_t before = open_descriptors();
  auto road = ends.left.dial(where);
  std::size_t most = 0, dialled = 1;
  REQUIRE(ends.until([&] {
    most = std::max(most, open_descriptors());
    if (ends.heard_left.ends.size() == dialled) {  // among so many it was too slow for the limit itself
      road = ends.left.dial(where);
      ++dialled;
    }
    return road->connected();
  }));
  CHECK(most <= before + vr::limit::half_open + 1);
  CHECK(ends.heard_right.ends.size() >= 50);
}

TEST_CASE("everything is closed when the networks are gone") {
  const std::size_t before = open_descriptors();
  for (const auto over : both) {
    two_ends ends;
    const auto where = ends.right.serve(over);
    std::vector<vr::shared<vr::link>> roads;
    for (int i = 0; i < 10; ++i) {
      roads.push_back(ends.left.dial(where));
      post(*roads.back(), "hello");
    }
    REQUIRE(ends.until([&] { return ends.heard_right.arrivals == 10; }));
    roads[0]->close("one");
    ends.left.dial(where);  // still connecting when it all ends
    ends.right.close_all("all");
  }
  CHECK(open_descriptors() == before);
}
