// Strangers at the doors of a living mesh: garbage, half a frame, another application; the mesh is unharmed.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <functional>
#include <memory>

#include "system/app.hpp"
#include "system/processes.hpp"
#include "viceroy/channel/hello.hpp"
#include "viceroy/host/host_agent.hpp"
#include "viceroy/host/proc_spec.hpp"

using namespace system_test;
using vr::transport;

namespace {

// A stranger's connection to an address that a process serves.
class stranger {
 public:
  explicit stranger(const vr::address& at) {
    const std::string text(at.text());
    if (at.transport() == transport::tcp) {
      fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':') + 1))));
      REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    } else {
      fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_un to{};
      to.sun_family = AF_UNIX;
      const std::string name = text.substr(text.find('@') + 1);
      std::memcpy(to.sun_path + 1, name.data(), name.size());
      const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
      REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&to), size) == 0);
    }
  }
  stranger(const stranger&) = delete;
  stranger& operator=(const stranger&) = delete;
  ~stranger() { ::close(fd_); }

  void say(const std::vector<std::byte>& bytes) const {
    static_cast<void>(!::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  void hang_up() const { ::shutdown(fd_, SHUT_WR); }
  // Everything it is told until the other end closes, or for 15 s (a hello has limits::connect).
  std::string hear() const {
    std::string all;
    pollfd watched{fd_, POLLIN, 0};
    char buffer[4096];
    while (::poll(&watched, 1, 15'000) == 1) {
      const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
      if (got <= 0) return all;
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all + "it was not hung up on";
  }

 private:
  int fd_ = -1;
};

std::vector<std::byte> noise(std::size_t size, unsigned seed) {
  std::vector<std::byte> all(size);
  for (std::byte& b : all) b = static_cast<std::byte>((seed = seed * 1664525 + 1013904223) >> 24);
  return all;
}
std::vector<std::byte> hello_of(const char* application, std::optional<vr::mesh_key> key = std::nullopt,
                                std::uint64_t manifest_hash = 3) {
  vr::link_hello h;
  h.session = 1;
  h.incarnation = 2;
  h.manifest_hash = manifest_hash;
  h.application = application;
  return vr::written_hello(h, key);
}

// A frame as docs/wire.md has it.
struct by_hand {
  std::vector<std::byte> bytes;

  template <class Number>
  by_hand& put(Number n) {
    for (std::size_t i = 0; i != sizeof n; ++i) bytes.push_back(static_cast<std::byte>(n >> (8 * i)));
    return *this;
  }
  by_hand& text(std::string_view t) {
    for (const char c : t) bytes.push_back(static_cast<std::byte>(c));
    return *this;
  }
  static by_hand frame(std::uint32_t kind, std::uint64_t sequence, std::uint32_t length,
                       std::uint64_t acknowledged = 0) {
    return by_hand().put(length).put(kind).put(sequence).put(acknowledged);
  }
  // One that is for number `to` and from nobody.
  static by_hand message(std::uint32_t to, std::uint32_t body, std::uint32_t length, std::uint16_t flags = 0,
                         std::uint64_t reply = 5) {
    by_hand all = frame(1, 1, length);
    all.put(to).put(std::uint32_t{0}).put(std::uint64_t{1}).put(std::uint64_t{0}).put(std::uint64_t{0});
    all.put(~std::uint64_t{0}).put(reply);                    // port
    for (int i = 0; i != 3; ++i) all.put(~std::uint64_t{0});  // type, sequence, trace
    return all.put(std::uint64_t{0}).put(flags).put(std::uint16_t{64}).put(body).put(std::uint64_t{0});
  }
};

// What the application's manifest is known by, as the acceptor's hello tells anybody of this user.
std::uint64_t manifest_hash_at(const vr::address& at) {
  const stranger s(at);
  s.say(hello_of("viceroy_system_tests"));
  s.hang_up();
  const std::string heard = s.hear();
  REQUIRE(heard.size() >= sizeof(vr::preamble) + 24);
  std::uint64_t hash = 0;
  std::memcpy(&hash, heard.data() + sizeof(vr::preamble) + 16, sizeof hash);
  return hash;
}

// Runs a mesh, lets strangers at every address that it serves, and checks that it works as before.
void mesh_meets(transport over, const std::function<void(const vr::address&)>& meet) {
  const nothing_left check;
  on_a_runtime([&](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt, over);
    auto mesh = co_await whole_mesh(client, vr::dim("hosts", 1), vr::dim("gpus", 2), over);
    auto before = co_await mesh.actors.call<where>(client);
    for (const vr::address& at :
         {mesh.actors.values()[0].id().proc().address(), mesh.hosts.values()[0].proc().address()}) {
      meet(at);
      auto after = co_await mesh.actors.call<where>(client);
      CHECK(after[0].pid == before[0].pid);
      CHECK(after[1].pid == before[1].pid);
      auto more = co_await mesh.procs.spawn<probe>(client, "more");
      CHECK(more.values().size() == 2);
    }
    co_await mesh.hosts.shutdown(client);
  });
}

}  // namespace

TEST_CASE("garbage is hung up on, in any amount, and harms nobody") {
  for (const auto over : {transport::unix_domain, transport::tcp})
    mesh_meets(over, [](const vr::address& at) {
      for (const std::size_t size : {1u, 47u, 48u, 49u, 4096u, 1u << 20}) {
        const stranger s(at);
        s.say(noise(size, static_cast<unsigned>(size)));
        s.hang_up();
        const std::string heard = s.hear();
        CHECK_FALSE(has(heard, "not hung up"));
      }
      const stranger http(at);
      http.say(vr::written_hello({}, std::nullopt));
      const stranger silent(at);  // says nothing at all, and stays
      std::vector<std::unique_ptr<stranger>> crowd;
      for (int i = 0; i != 100; ++i) crowd.push_back(std::make_unique<stranger>(at));
    });
}

TEST_CASE("a truncated hello, and half a frame behind a good one, end that link alone") {
  mesh_meets(transport::unix_domain, [](const vr::address& at) {
    const auto whole = hello_of("viceroy_system_tests");
    for (const std::size_t size : {std::size_t{20}, std::size_t{48}, whole.size() - 1}) {
      const stranger s(at);
      s.say({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
      s.hang_up();
      CHECK_FALSE(has(s.hear(), "not hung up"));
    }
    for (const std::size_t size : {1u, 23u, 24u, 200u}) {
      const stranger s(at);
      s.say(whole);
      s.say(noise(size, static_cast<unsigned>(size)));
      s.hang_up();
      CHECK_FALSE(has(s.hear(), "not hung up"));
    }
  });
}

TEST_CASE("over tcp nothing is read of a peer without the mesh's key") {
  mesh_meets(transport::tcp, [](const vr::address& at) {
    for (const auto& key : {std::optional<vr::mesh_key>(), std::optional<vr::mesh_key>(vr::mesh_key{})}) {
      const stranger s(at);
      s.say(hello_of("viceroy_system_tests", key));
      const std::string heard = s.hear();
      CHECK_FALSE(has(heard, "not hung up"));
      REQUIRE(heard.size() == sizeof(vr::preamble));
      CHECK(heard[6] == 2);  // a refusal
      CHECK(heard[7] == static_cast<char>(vr::link_refusal::key));
    }
  });
}

TEST_CASE("another application is refused with a sentence that names both") {
  mesh_meets(transport::unix_domain, [](const vr::address& at) {
    const stranger s(at);
    s.say(hello_of("somebody_else"));
    s.hang_up();
    const std::string heard = s.hear();
    CHECK_FALSE(has(heard, "not hung up"));
    CHECK_MESSAGE(has(heard, "somebody_else"), heard);
    CHECK_MESSAGE(has(heard, "viceroy_system_tests"), heard);
  });
}

TEST_CASE(
    "behind a right greeting every frame that contradicts the protocol closes that link with its reason") {
  constexpr auto length = std::uint32_t{96};
  const std::pair<by_hand, const char*> frames[] = {
      {by_hand::frame(1, 1, 0xffffffff), "a frame of 4294967295 bytes is larger than 1073741824"},
      {by_hand::frame(1, 1, 95), "a message shorter than its header"},
      {by_hand::frame(9, 0, 0), "a frame of unknown kind"},
      {by_hand::frame(0x101, 0, 0), "a frame with unknown bits in its header"},
      {by_hand::frame(1, 0, length), "a frame is out of sequence: 0 came, 1 was expected"},
      {by_hand::frame(1, 2, length), "a frame is out of sequence: 2 came, 1 was expected"},
      {by_hand::frame(1, ~std::uint64_t{0}, length), "a frame is out of sequence: 18446744073709551615 came"},
      {by_hand::frame(1, 1, length, 7), "it acknowledges message 7 after 0, and was sent 0"},
      {by_hand::frame(8, 1, 0), "a message without an envelope, and none before it"},
      {by_hand::frame(5, 0, 1).text("x"), "a frame that has no place on an open link"},
      {by_hand::frame(7, 0, 4097), "a reason longer than limit::reason_bytes"},
      {by_hand::frame(2, 0, 6).put(2u).text("\2a"), "it defines a number out of sequence"},
      {by_hand::frame(2, 0, 6).put(1u).text("\2 "), "it defines a text that is no name"},
      {by_hand::frame(2, 0, 6).put(1u).text("\4a"), "a definition of unknown kind"},
      {by_hand::message(3, 0, length), "a message uses a number that was not defined"},
      {by_hand::message(0, 1, length), "a message's body is longer than its frame"},
      {by_hand::message(0, ~0u, length), "a message's body is longer than its frame"},
      {by_hand::message(0, 0, length + 1).text("x"), "a message is shorter than its frame"},
      {by_hand::message(0, 0, length, 16), "a message has flags that mean nothing"},
      {by_hand::message(0, 0, length, 0, ~std::uint64_t{0}),
       "a message's answer is for a handler, and no port"},
  };
  mesh_meets(transport::unix_domain, [&](const vr::address& at) {
    const auto greeting = hello_of("viceroy_system_tests", std::nullopt, manifest_hash_at(at));
    for (const auto& [frame, reason] : frames) {
      const stranger s(at);
      s.say(greeting);
      s.say(frame.bytes);
      const std::string heard = s.hear();
      CHECK_MESSAGE(has(heard, reason), heard);
      CHECK_FALSE(has(heard, "not hung up"));
    }
    const stranger polite(at);  // what is for nobody, from nobody, is dropped
    polite.say(greeting);
    polite.say(by_hand::message(0, 0, length).bytes);
    polite.say(by_hand::frame(8, 2, 3).text("abc").bytes);
    polite.say(by_hand::frame(7, 2, 3).text("bye").bytes);
    CHECK_FALSE(has(polite.hear(), "a message"));
  });
}

TEST_CASE("a number that is no transport is refused by the process that should serve it, which goes on") {
  const nothing_left check;
  on_a_runtime([](vr::runtime<app>& rt) -> vr::task<void> {
    auto client = client_of(rt);
    auto mesh = co_await whole_mesh(client, vr::dim("hosts", 1), vr::dim("gpus", 1));
    const vr::actor_ref<vr::host_agent> agent(mesh.hosts.values()[0]);
    for (const bool in_process : {true, false}) {
      auto [port, inbox] = client.open_port<vr::rank_status>();
      vr::proc_spec spec;
      spec.transport = static_cast<transport>(200);
      spec.in_process = in_process;
      const auto name = vr::label::parse(in_process ? "inside" : "child");
      agent.send<vr::create_or_update<vr::proc_spec>>(client, name, 0u, spec,
                                                      vr::port_ref<vr::rank_status>());
      agent.send<vr::get_rank_status>(client, name, port.bind());
      const vr::rank_status told = co_await inbox.recv();
      CHECK(told.status == vr::status::failed);
      CHECK_MESSAGE(has(told.sentence, "nothing can be served over unknown"), told.sentence);
    }
    co_await mesh.actors.call<where>(client);
    co_await mesh.hosts.shutdown(client);
  });
}
