// spawn_baseline: the raw cost of starting n copies of this program that connect back and answer once.
#pragma once

#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace benchmarks {

namespace detail {

inline constexpr const char* spawn_baseline_variable = "VICEROY_SPAWN_BASELINE";
inline constexpr std::size_t spawn_baseline_bytes = 64;

inline sockaddr_un abstract_address(const std::string& name, socklen_t& size) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return address;
}

inline int require(int result, const char* call) {
  if (result < 0) throw std::runtime_error(std::string(call) + " failed: " + std::strerror(errno));
  return result;
}

}  // namespace detail

// Call first in main: in a started copy it connects, answers once, waits to be let go and returns the status
// to exit with.
inline std::optional<int> spawn_baseline_child() {
  const char* name = ::getenv(detail::spawn_baseline_variable);
  if (name == nullptr) return std::nullopt;
  socklen_t size = 0;
  const sockaddr_un address = detail::abstract_address(name, size);
  const int road = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char frame[detail::spawn_baseline_bytes] = {};
  if (::connect(road, reinterpret_cast<const sockaddr*>(&address), size) != 0) return 1;
  if (::write(road, frame, sizeof frame) != sizeof frame) return 1;              // hello
  if (::recv(road, frame, sizeof frame, MSG_WAITALL) != sizeof frame) return 1;  // the question
  if (::write(road, frame, sizeof frame) != sizeof frame) return 1;              // the answer
  return ::read(road, frame, sizeof frame) == 0 ? 0 : 1;
}

// Starts n copies with posix_spawn, and returns the time until every one has said hello and answered a
// question. Ending and reaping them is not part of it. Throws std::runtime_error where the system refuses.
inline std::chrono::nanoseconds spawn_baseline(int n) {
  const std::string name = "viceroy-baseline-" + std::to_string(::getpid());
  const int front = detail::require(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  socklen_t size = 0;
  const sockaddr_un address = detail::abstract_address(name, size);
  detail::require(::bind(front, reinterpret_cast<const sockaddr*>(&address), size), "bind");
  detail::require(::listen(front, n), "listen");
  ::setenv(detail::spawn_baseline_variable, name.c_str(), 1);

  const auto begin = std::chrono::steady_clock::now();
  std::vector<pid_t> children;
  char program[] = "spawn-baseline";
  char* words[] = {program, nullptr};
  for (int i = 0; i < n; ++i) {
    pid_t pid = -1;
    if (::posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, words, environ) != 0) {
      throw std::runtime_error("posix_spawn failed");
    }
    children.push_back(pid);
  }
  ::unsetenv(detail::spawn_baseline_variable);
  std::vector<pollfd> roads{{front, POLLIN, 0}};
  char frame[detail::spawn_baseline_bytes] = {};
  std::vector<int> frames_seen{0};
  for (int answered = 0; answered < n;) {
    detail::require(::poll(roads.data(), roads.size(), 60'000) - 1, "poll");
    for (std::size_t i = roads.size(); i-- > 1;) {
      if (roads[i].revents == 0) continue;
      if (::recv(roads[i].fd, frame, sizeof frame, MSG_WAITALL) != sizeof frame) {
        throw std::runtime_error("a copy ended early");
      }
      if (++frames_seen[i] == 2) {
        ++answered;
      } else if (::write(roads[i].fd, frame, sizeof frame) != sizeof frame) {
        throw std::runtime_error("a copy does not listen");
      }
    }
    if (roads[0].revents != 0) {
      roads.push_back(
          {detail::require(::accept4(front, nullptr, nullptr, SOCK_CLOEXEC), "accept4"), POLLIN, 0});
      frames_seen.push_back(0);
    }
  }
  const auto took = std::chrono::steady_clock::now() - begin;

  for (const pollfd& road : roads) ::close(road.fd);
  for (const pid_t pid : children) ::waitpid(pid, nullptr, 0);
  return took;
}

}  // namespace benchmarks
