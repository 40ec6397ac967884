// owned_descriptor: a file descriptor that is closed with its owner.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "viceroy/base/errno_text.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/taken.hpp"

namespace viceroy {

// Throws errc::system for a call that failed with `number`.
[[noreturn]] inline void throw_system_error(const std::string& call, int number) {
  throw error(errc::system, call + " failed: " + errno_text(number));
}

// Takes the numbers of standard streams that are closed, so that no socket gets one and is written to by who
// means stdout. To read or write them fails as before. Threads: before this process's runtime has any.
inline void keep_standard_streams_closed() noexcept {
  for (int number = 0; number <= 2; ++number) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    const int lowest = ::open("/dev/null", (number == 0 ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
    if (lowest > 2) ::close(lowest);  // somebody was faster
  }
}

// Owns a file descriptor; move-only, and -1 when empty.
class owned_descriptor {
 public:
  owned_descriptor() noexcept = default;
  explicit owned_descriptor(int number) noexcept : number_(number) {}
  owned_descriptor(owned_descriptor&& other) noexcept : number_(other.release()) {}
  owned_descriptor& operator=(owned_descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = other.release();
    }
    return *this;
  }
  ~owned_descriptor() { close(); }

  int get() const noexcept { return number_; }
  int release() noexcept { return taken(number_, -1); }
  explicit operator bool() const noexcept { return number_ >= 0; }

  // Closes it. close is never repeated after EINTR: on Linux the number is free by then.
  void close() noexcept {
    if (number_ < 0) return;
    const int before = errno;
    ::close(release());
    errno = before;
  }

  // Moves it out of the numbers below `lowest`, which a child's standard streams and lifeline take.
  // Errors: system.
  void lift(int lowest) {
    if (number_ < 0 || number_ >= lowest) return;
    const int higher = ::fcntl(number_, F_DUPFD_CLOEXEC, lowest);
    if (higher < 0) throw_system_error("fcntl(F_DUPFD_CLOEXEC)", errno);
    close();
    number_ = higher;
  }

 private:
  int number_ = -1;
};

}  // namespace viceroy
