// other_process: a fork of the benchmark on a core of its own, and blocking reads and writes for baselines.
#pragma once

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "harness.hpp"

namespace viceroy::benchmark {

// Runs `child` in another process on a core, and waits for its end when destroyed. The child makes system
// calls only: other threads of this process may hold any lock.
class other_process {
 public:
  template <class F>
  other_process(int core, F&& child) : pid_(::fork()) {
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ != 0) return;
    pin(core);
    child();
    ::_exit(0);
  }
  ~other_process() { ::waitpid(pid_, nullptr, 0); }
  other_process(const other_process&) = delete;
  other_process& operator=(const other_process&) = delete;

 private:
  pid_t pid_;
};

inline std::array<int, 2> socket_pair() {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
    throw std::runtime_error("socketpair failed");
  return pair;
}

inline bool read_all(int fd, std::byte* into, std::size_t n) {
  while (n != 0) {
    const ssize_t got = ::read(fd, into, n);
    if (got <= 0) return false;
    into += got;
    n -= static_cast<std::size_t>(got);
  }
  return true;
}
inline void write_all(int fd, const std::byte* from, std::size_t n) {
  while (n != 0) {
    const ssize_t put = ::write(fd, from, n);
    if (put <= 0) throw std::runtime_error("write failed");
    from += put;
    n -= static_cast<std::size_t>(put);
  }
}

// Returns: the nanoseconds of one of `count` round trips of 64 bytes, by blocking read and write over a unix
// socketpair with a process on that core.
inline double raw_round_trip(std::size_t count, int core) {
  const auto pair = socket_pair();
  std::array<std::byte, 64> message{};
  const other_process echo(core, [&] {
    ::close(pair[0]);
    while (read_all(pair[1], message.data(), message.size()))
      write_all(pair[1], message.data(), message.size());
  });
  ::close(pair[1]);
  const double ns = ns_per(count, [&] {
    for (std::size_t i = 0; i < count; ++i) {
      write_all(pair[0], message.data(), message.size());
      if (!read_all(pair[0], message.data(), message.size())) throw std::runtime_error("the echo ended");
    }
  });
  ::close(pair[0]);
  return ns;
}

}  // namespace viceroy::benchmark
