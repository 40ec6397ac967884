// output_target: where children's output is written through to, without ever blocking on a slow reader.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <string_view>

#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/base/watched.hpp"
#include "viceroy/host/process_limits.hpp"

namespace viceroy {

namespace detail {

// Keeps SIGPIPE from this thread while it writes: a closed pager must not kill the program.
class sigpipe_guard {
 public:
  sigpipe_guard() noexcept {
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::sigemptyset(&only_);
    ::sigaddset(&only_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &only_, &before_);
  }
  sigpipe_guard(const sigpipe_guard&) = delete;
  sigpipe_guard& operator=(const sigpipe_guard&) = delete;
  ~sigpipe_guard() {
    const int number = errno;
    if (number == EPIPE && !was_pending_) {
      const timespec now{0, 0};
      while (::sigtimedwait(&only_, nullptr, &now) < 0 && errno == EINTR) {
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = number;
  }

 private:
  sigset_t only_;
  sigset_t before_;
  bool was_pending_;
};

}  // namespace detail

// Writes to what our stdout or stderr led to when the target was made.
// O_NONBLOCK belongs to the open file and would reach everyone who shares it, this program's own printf
// included. So a pipe or terminal is opened a second time, a socket is sent to with MSG_DONTWAIT, and
// anything else is polled first.
class output_target : public watched {
 public:
  enum class result { written, would_block, gone };

  // Returns the target of descriptor 1 or 2, shared by all children while it leads to the same file. Threads:
  // any.
  static shared<output_target> of(int number) {
    static std::mutex mutex;
    static watcher<output_target> known[3];
    const std::lock_guard lock(mutex);
    struct stat now{};
    const bool open = ::fstat(number, &now) == 0;
    auto target = known[number].lock();
    if (!target || !open || target->device_ != now.st_dev || target->inode_ != now.st_ino) {
      target = make_counted<output_target>(number, open ? &now : nullptr);
      known[number] = watcher(target);
    }
    return target;
  }

  // Takes `number` as it is, or as closed where `status` is null; `of` is the usual way.
  output_target(int number, const struct stat* status) {
    if (status == nullptr) return;
    device_ = status->st_dev;
    inode_ = status->st_ino;
    socket_ = S_ISSOCK(status->st_mode);
    if (S_ISFIFO(status->st_mode) || S_ISCHR(status->st_mode)) {
      const std::string path = "/proc/self/fd/" + std::to_string(number);
      descriptor_ = owned_descriptor(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
      polls_ = !descriptor_;
    }
    if (!descriptor_) descriptor_ = owned_descriptor(::fcntl(number, F_DUPFD_CLOEXEC, 4));
  }

  int descriptor() const noexcept { return descriptor_.get(); }

  // Writes the front of `text`, and takes what was written off it.
  result write(std::string_view& text) noexcept {
    const detail::sigpipe_guard guard;
    while (!text.empty()) {
      if (polls_ && !writable()) return result::would_block;
      const ssize_t done = put(text.substr(0, piece(text)));
      if (done >= 0) {
        text.remove_prefix(static_cast<std::size_t>(done));
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        return result::would_block;
      } else if (errno != EINTR) {
        return result::gone;
      }
    }
    return result::written;
  }

 private:
  // As many whole lines as fit into one write that a pipe keeps together.
  static std::size_t piece(std::string_view text) noexcept {
    if (text.size() <= limit::output_write_bytes) return text.size();
    const std::size_t end = text.rfind('\n', limit::output_write_bytes - 1);
    return end == std::string_view::npos ? limit::output_write_bytes : end + 1;
  }

  bool writable() const noexcept {
    pollfd reader{descriptor_.get(), POLLOUT, 0};
    return ::poll(&reader, 1, 0) > 0;
  }

  ssize_t put(std::string_view text) const noexcept {
    if (socket_) return ::send(descriptor_.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return ::write(descriptor_.get(), text.data(), text.size());
  }

  owned_descriptor descriptor_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  bool socket_ = false;
  bool polls_ = false;
};

}  // namespace viceroy
