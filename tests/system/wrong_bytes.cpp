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
std::vector<std::byte> hello_of(const char* application, std::optional<vr::mesh_key> key = std::nullopt) {
  vr::link_hello h;
  h.session = 1;
  h.incarnation = 2;
  h.manifest_hash = 3;
  h.application = application;
  return vr::written_hello(h, key);
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
