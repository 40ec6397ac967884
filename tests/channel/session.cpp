#include "viceroy/channel/session.hpp"

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "world.hpp"

using namespace world;

namespace {

// A link that is nothing but the address a session hands to its owner.
struct no_link final : vr::link {
  vr::post_result post(const vr::envelope&, const vr::payload_view&) override {
    return vr::post_result::closed;
  }
  void flush() override {}
  void close(const std::string&) override {}
  bool connected() const override { return false; }
  std::size_t waiting_bytes() const override { return 0; }
  const vr::series<vr::address>& peer() const override { return nobody; }
  vr::series<vr::address> nobody;
};

struct one_end {
  explicit one_end(vr::session::side side, std::optional<vr::mesh_key> key = {}, vr::identity who = someone())
      : self(std::move(who)),
        talk(side, self, key, "the peer", only(vr::address::parse("unix:@served")), road, heard) {}

  // Takes what waits to leave.
  std::vector<std::byte> taken() {
    std::vector<std::byte> out;
    std::array<iovec, 8> pieces;
    while (const int count = talk.out().gather(pieces)) {
      std::size_t moved = 0;
      for (int i = 0; i < count; ++i) {
        const auto& piece = pieces[static_cast<std::size_t>(i)];
        const auto* from = static_cast<const std::byte*>(piece.iov_base);
        out.insert(out.end(), from, from + piece.iov_len);
        moved += piece.iov_len;
      }
      talk.out().sent(moved);
    }
    return out;
  }
  std::string why() const { return talk.ended() == nullptr ? "" : talk.ended()->what(); }

  const vr::identity self;
  no_link road;
  diary heard;
  vr::session talk;
};

void post(one_end& from, std::string_view text, std::string_view to = "echo") {
  const auto content = text_message(text);
  REQUIRE(from.talk.post(to_actor(to), vr::payload_view(content)) == vr::post_result::posted);
}

// A hello, definitions, and three messages, the second with two parts.
std::vector<std::byte> a_conversation() {
  one_end dialler(vr::session::side::dialler);
  post(dialler, "one");
  auto with_parts = text_message("two");
  with_parts.parts.push_back(vr::bytes::copy("first part"));
  with_parts.parts.push_back(vr::bytes::copy("second"));
  auto header = to_actor("other", 5);
  header.shape = vr::shape::parse("{gpus=8}");
  header.flags = vr::envelope_flags::cast;
  REQUIRE(dialler.talk.post(header, vr::payload_view(with_parts)) == vr::post_result::posted);
  post(dialler, "three");
  post(dialler, "four");
  return dialler.taken();
}

// An acceptor whose link is open, to be told frames that no session would write.
struct opened_end : one_end {
  opened_end() : one_end(vr::session::side::acceptor) {
    one_end dialler(vr::session::side::dialler);
    talk.consume(dialler.taken());
    REQUIRE(talk.opened());
  }
  void tell(vr::frame_header header, std::span<const std::byte> content, bool honest_length = true) {
    if (honest_length) header.length = static_cast<std::uint32_t>(content.size());
    std::vector<std::byte> all(sizeof header);
    vr::store_struct(all.data(), header);
    all.insert(all.end(), content.begin(), content.end());
    talk.consume(all);
  }
  void define(std::uint32_t number, vr::name_kind kind, std::string_view text) {
    std::vector<std::byte> content(5);
    vr::store_struct(content.data(), number);
    vr::store_struct(content.data() + 4, kind);
    const auto name = std::as_bytes(std::span(text));
    content.insert(content.end(), name.begin(), name.end());
    tell(header_of(vr::frame_kind::define), content);
  }
  void message(const vr::message_header& m, std::size_t more = 0) {
    std::vector<std::byte> content(sizeof m + more);
    vr::store_struct(content.data(), m);
    auto header = header_of(vr::frame_kind::message);
    ++header.sequence;
    tell(header, content);
  }
  vr::frame_header header_of(vr::frame_kind kind) const {
    vr::frame_header header;
    header.kind = kind;
    header.sequence = heard.arrivals;
    return header;
  }
};

bool says(const one_end& end, std::string_view part) {
  CAPTURE(end.why());
  const bool found = end.why().find(part) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEST_CASE("a conversation arrives as it was said") {
  one_end acceptor(vr::session::side::acceptor);
  const auto said = a_conversation();
  CHECK(acceptor.talk.consume(said) == said.size());
  REQUIRE(acceptor.heard.messages.size() == 4);
  CHECK(acceptor.heard.messages[0].body == "one");
  CHECK(acceptor.heard.messages[1].body == "two");
  REQUIRE(acceptor.heard.messages[1].parts.size() == 2);
  CHECK(acceptor.heard.messages[1].parts[0].text() == "first part");
  CHECK(acceptor.heard.messages[1].parts[1].text() == "second");
  CHECK(acceptor.heard.messages[1].header.to.index() == 5);
  CHECK(acceptor.heard.messages[1].header.shape.text() == "{gpus=8}");
  CHECK(acceptor.heard.messages[2].body == "three");
  CHECK(acceptor.heard.messages[3].body == "four");
  CHECK(acceptor.heard.messages[3].header.to == to_actor().to);
  CHECK(acceptor.talk.peer().application == "test");
}

TEST_CASE("a message like the one before costs a frame's header and its body") {
  one_end dialler(vr::session::side::dialler);
  dialler.taken();
  post(dialler, "one");
  const std::size_t first = dialler.talk.out().waiting_bytes();
  post(dialler, "two");
  CHECK(dialler.talk.out().waiting_bytes() - first == sizeof(vr::frame_header) + 3);
}

TEST_CASE("a beginning of a conversation is waited for, whatever its length") {
  const auto said = a_conversation();
  for (std::size_t cut = 0; cut < said.size(); ++cut) {
    one_end acceptor(vr::session::side::acceptor);
    const std::size_t used = acceptor.talk.consume(std::span(said).first(cut));
    REQUIRE(used <= cut);
    REQUIRE(acceptor.talk.ended() == nullptr);
    acceptor.talk.consume(std::span(said).subspan(used));
    REQUIRE(acceptor.heard.messages.size() == 4);
  }
}

TEST_CASE("a wrong byte anywhere ends the link or changes no more than a message's content") {
  const auto said = a_conversation();
  for (std::size_t at = 0; at < said.size(); ++at) {
    for (const int change : {0x01, 0x80, 0xff}) {
      auto wrong = said;
      wrong[at] ^= static_cast<std::byte>(change);
      one_end acceptor(vr::session::side::acceptor, {});
      acceptor.talk.consume(wrong);
      REQUIRE(acceptor.heard.arrivals <= 4);
      if (acceptor.talk.ended() != nullptr) REQUIRE_FALSE(acceptor.why().empty());
    }
  }
}

TEST_CASE("what is no Viceroy hello is refused with what came") {
  const std::vector<std::pair<std::string, std::string>> strangers{
      {"GET / HTTP/1.1\r\n\r\n", "the first bytes were 'GET / HT', not a Viceroy hello"},
      {"X", "the first bytes were 'X', not"},
      {std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8),
       "the first bytes were '" + std::string(8, '?') + "', not"},
      {"VRZ1", "the first bytes were 'VRZ1', not"},
      {std::string("VRY1\x07\x00", 6), "it speaks version 7 of the protocol, this process version 1"},
  };
  for (const auto& [bytes, sentence] : strangers) {
    one_end acceptor(vr::session::side::acceptor, key_of(1));
    acceptor.talk.consume(std::as_bytes(std::span(bytes)));
    REQUIRE(acceptor.talk.ended() != nullptr);
    says(acceptor, sentence);
    CHECK(acceptor.heard.opens == 0);
  }
}

TEST_CASE("the key is judged before what follows it is looked at") {
  one_end stranger(vr::session::side::dialler, key_of(2));
  auto said = stranger.taken();
  std::fill(said.begin() + sizeof(vr::preamble), said.end(), std::byte{0xee});
  one_end acceptor(vr::session::side::acceptor, key_of(1));
  acceptor.talk.consume(std::span(said).first(sizeof(vr::preamble)));
  REQUIRE(acceptor.talk.ended() != nullptr);
  CHECK(acceptor.talk.ended()->kind() == vr::errc::refused);
  says(acceptor, "it does not have this mesh's key");
  REQUIRE(acceptor.talk.last_words().size() == sizeof(vr::preamble));
  stranger.talk.consume(acceptor.talk.last_words());
  says(stranger, "the peer refused this process: it has another mesh key");
  for (const std::size_t bit : {0u, 31u}) {
    auto nearly = key_of(1);
    nearly[bit] ^= std::byte{1};
    one_end other(vr::session::side::dialler, nearly);
    one_end strict(vr::session::side::acceptor, key_of(1));
    strict.talk.consume(other.taken());
    CHECK(strict.talk.ended() != nullptr);
  }
}

TEST_CASE("a dialler that needs a key tells nothing but its hello before the peer has shown it") {
  one_end dialler(vr::session::side::dialler, key_of(1));
  post(dialler, "secret");
  const auto said = dialler.taken();
  const auto first = vr::load_struct<vr::preamble>(said.data());
  CHECK(said.size() == sizeof first + first.length);
  one_end acceptor(vr::session::side::acceptor, key_of(1));
  acceptor.talk.consume(said);
  dialler.talk.consume(acceptor.taken());
  REQUIRE(dialler.talk.opened());
  acceptor.talk.consume(dialler.taken());
  CHECK(acceptor.heard.messages.size() == 1);
}

TEST_CASE("a hello that announces too much is refused before it is waited for") {
  one_end dialler(vr::session::side::dialler);
  auto said = dialler.taken();
  auto first = vr::load_struct<vr::preamble>(said.data());
  first.length = vr::limit::hello_bytes + 1;
  vr::store_struct(said.data(), first);
  one_end acceptor(vr::session::side::acceptor);
  acceptor.talk.consume(std::span(said).first(sizeof first));
  says(acceptor, "its hello of 65537 bytes is larger than 65536");
}

TEST_CASE("frames that contradict the protocol close the link with their reason") {
  const auto wrong = [](std::string_view sentence, auto&& tell) {
    opened_end end;
    end.define(1, vr::name_kind::proc, "unix:@a,p");
    end.define(1, vr::name_kind::label, "x");
    REQUIRE(end.talk.ended() == nullptr);
    tell(end);
    REQUIRE(end.talk.ended() != nullptr);
    says(end, sentence);
    CHECK(end.heard.arrivals == 0);
    // The peer is told the same.
    const auto words = end.talk.last_words();
    REQUIRE(words.size() > sizeof(vr::frame_header));
    CHECK(vr::load_struct<vr::frame_header>(words.data()).kind == vr::frame_kind::close);
    CHECK(text_of(words.subspan(sizeof(vr::frame_header))).find(sentence) != std::string::npos);
  };
  const auto frame = [](vr::frame_kind kind) {
    vr::frame_header header;
    header.kind = kind;
    return header;
  };
  wrong("defines a number twice", [](auto& e) { e.define(1, vr::name_kind::label, "y"); });
  wrong("out of sequence", [](auto& e) { e.define(3, vr::name_kind::label, "y"); });
  wrong("the number 0", [](auto& e) { e.define(0, vr::name_kind::label, "y"); });
  wrong("no name", [](auto& e) { e.define(2, vr::name_kind::label, "!"); });
  wrong("no name", [](auto& e) { e.define(2, vr::name_kind::proc, "unix:@a"); });
  wrong("is not an extent", [](auto& e) { e.define(1, vr::name_kind::shape, "{a=x}"); });
  wrong("without a name", [](auto& e) { e.define(2, vr::name_kind::label, ""); });
  wrong("unknown kind", [](auto& e) { e.define(2, static_cast<vr::name_kind>(9), "y"); });
  wrong("longer than limit::name_bytes",
        [](auto& e) { e.define(2, vr::name_kind::label, std::string(vr::limit::name_bytes, 'y')); });
  wrong("unknown kind", [&](auto& e) { e.tell(frame(static_cast<vr::frame_kind>(99)), {}); });
  wrong("unknown kind", [&](auto& e) { e.tell(frame(static_cast<vr::frame_kind>(0)), {}); });
  wrong("no place on an open link", [&](auto& e) { e.tell(frame(vr::frame_kind::manifest_request), {}); });
  wrong("no place on an open link", [&](auto& e) { e.tell(frame(vr::frame_kind::manifest), {}); });
  wrong("should be empty",
        [&](auto& e) { e.tell(frame(vr::frame_kind::forget), std::array<std::byte, 1>{}); });
  wrong("unknown bits", [&](auto& e) {
    auto h = frame(vr::frame_kind::forget);
    h.reserved_too = 1;
    e.tell(h, {});
  });
  wrong("larger than 1073741824", [&](auto& e) {
    auto h = frame(vr::frame_kind::message);
    h.length = 0xffffffff;
    h.sequence = 1;
    e.tell(h, {}, false);
  });
  wrong("out of sequence: 2 came, 1 was expected", [](auto& e) {
    e.heard.arrivals = 1;
    e.message({}, 0);
    e.heard.arrivals = 0;
  });
  wrong("acknowledges message 1", [&](auto& e) {
    auto h = frame(vr::frame_kind::forget);
    h.acknowledged = 1;
    e.tell(h, {});
  });
  wrong("shorter than its header", [&](auto& e) {
    auto h = frame(vr::frame_kind::message);
    h.sequence = 1;
    e.tell(h, std::array<std::byte, 5>{});
  });
  wrong("none before it", [&](auto& e) {
    auto h = frame(vr::frame_kind::again);
    h.sequence = 1;
    e.tell(h, {});
  });
  const auto message = [&](std::string_view sentence, std::size_t more, auto&& change) {
    wrong(sentence, [&](auto& e) {
      vr::message_header m;
      change(m);
      e.message(m, more);
    });
  };
  message("number that was not defined", 0, [](auto& m) { m.to_proc = 2; });
  message("number that was not defined", 0, [](auto& m) { m.from_name = 0xffffffff; });
  message("number that was not defined", 0, [](auto& m) { m.shape = 1; });
  message("flags that mean nothing", 0, [](auto& m) { m.flags = static_cast<vr::envelope_flags>(1 << 14); });
  message("flags that mean nothing", 0, [](auto& m) { m.reserved = 1; });
  message("body is longer", 3, [](auto& m) { m.body = 4; });
  message("shorter than its frame", 3, [](auto& m) { m.body = 2; });
  message("more parts than", 8, [](auto& m) { m.parts = 3; });
  message("more parts than", 8, [](auto& m) { m.parts = 0x40000000; });
  message("shorter than its frame", 8, [](auto& m) { m.parts = 1; });
}

TEST_CASE("parts that are longer than their frame close the link") {
  opened_end end;
  std::vector<std::byte> content(sizeof(vr::message_header) + 8);
  vr::message_header m;
  m.parts = 1;
  vr::store_struct(content.data(), m);
  vr::store_struct(content.data() + sizeof m, std::uint32_t{5});
  auto header = end.header_of(vr::frame_kind::message);
  header.sequence = 1;
  end.tell(header, content);
  says(end, "parts are longer than its frame");
}

TEST_CASE("applications that differ are refused with the sentence that names the field, each as it sees it") {
  one_end left(vr::session::side::dialler, {}, someone("test", 1));
  one_end right(vr::session::side::acceptor, {}, someone("test", 2));
  post(left, "early");
  right.talk.consume(left.taken());
  CHECK(right.talk.ended() == nullptr);
  left.talk.consume(right.taken());
  right.talk.consume(left.taken());
  says(right, "message add differs in field n: manifest of 1 against manifest of 2");
  left.talk.consume(right.talk.last_words());
  says(left, "message add differs in field n: manifest of 2 against manifest of 1");
  CHECK(left.talk.ended()->kind() == vr::errc::refused);
  CHECK(right.heard.arrivals == 0);
  int unsent = 0;
  left.talk.unsent([&](const vr::envelope& to, const vr::arrival& payload) {
    ++unsent;
    CHECK(to.to == to_actor().to);
    CHECK(text_of(payload.body) == "early");
  });
  CHECK(unsent == 1);
}

TEST_CASE("another application's name is a refusal even where the manifests agree") {
  one_end left(vr::session::side::dialler, {}, someone("a"));
  one_end right(vr::session::side::acceptor, {}, someone("b"));
  right.talk.consume(left.taken());
  says(right, "its application is 'a', this process's 'b'");
}

TEST_CASE("an explanation that throws still refuses") {
  auto who = someone("test", 2);
  who.explain = [](std::string_view, std::string_view) -> std::string {
    throw std::runtime_error("no words");
  };
  one_end left(vr::session::side::dialler, {}, someone("test", 1));
  one_end right(vr::session::side::acceptor, {}, who);
  right.talk.consume(left.taken());
  left.talk.consume(right.taken());
  right.talk.consume(left.taken());
  says(right, "no words");
}

TEST_CASE("messages that were written down and have not left can be read back") {
  one_end end(vr::session::side::dialler);
  post(end, "one");
  post(end, "two");
  auto with_parts = text_message("three");
  with_parts.parts.push_back(vr::bytes::copy("part"));
  REQUIRE(end.talk.post(to_actor("other"), vr::payload_view(with_parts)) == vr::post_result::posted);
  std::vector<std::string> seen;
  end.talk.unsent([&](const vr::envelope& to, const vr::arrival& payload) {
    seen.push_back(std::string(to.to.name().text()) + ' ' + text_of(payload.body));
    for (const auto& part : payload.parts) seen.back() += " + " + std::string(part.text());
  });
  CHECK(seen == std::vector<std::string>{"echo one", "echo two", "other three + part"});
}

TEST_CASE("a message that no frame can hold is refused where it is posted") {
  one_end end(vr::session::side::dialler);
  const auto waiting = end.talk.out().waiting_bytes();
  vr::encoded huge;
  const std::vector<std::byte> little(1);
  for (int i = 0; i < 5; ++i)  // a view may claim what nobody will read
    huge.parts.push_back(vr::bytes(std::make_shared<int>(), std::span(little.data(), std::size_t{1} << 28)));
  CHECK(end.talk.post(to_actor(), vr::payload_view(huge)) == vr::post_result::too_large);
  post(end, "small");
  CHECK(end.talk.out().waiting_bytes() > waiting);
  one_end acceptor(vr::session::side::acceptor);
  acceptor.talk.consume(end.taken());
  CHECK(acceptor.heard.messages.size() == 1);
}
