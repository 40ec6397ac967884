// listener: one served address: accepts what connects, within bounds.
#pragma once

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

#include "viceroy/base/loop_timer.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/channel/stream.hpp"

namespace viceroy {

// Accepts in a loop whenever something connects. Stops for a moment when the process has no descriptors left,
// or too many strangers wait to prove themselves; what connects meanwhile waits in the kernel.
class listener : public counted {
 public:
  // Listens; a tcp port 0 becomes the one that was chosen. Errors: what listen_on throws.
  listener(shared<link_pool> pool, const address& where)
      : pool_(std::move(pool)), where_(where), descriptor_(pool_->io) {
    const int why = descriptor_.open(listen_on(where_));
    if (where_.transport() == transport::unix_domain && !where_.is_abstract()) {
      path_ = where_.name();
      if (::stat(path_.c_str(), &file_) != 0) path_.clear();
    }
    if (why != 0) throw_system_error("epoll_ctl", why);
  }
  ~listener() { stop(); }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  void start() { wait(); }

  // Closes the socket, and removes the file of a path if it is still this one and this process made it.
  void stop() {
    if (!descriptor_.is_open()) return;
    timer_.cancel();
    descriptor_.close();
    struct stat now{};
    if (path_.empty() || process_ != ::getpid() || ::stat(path_.c_str(), &now) != 0) return;
    if (now.st_ino == file_.st_ino && now.st_dev == file_.st_dev) ::unlink(path_.c_str());
  }

  const address& where() const noexcept { return where_; }

 private:
  static constexpr int accepts_at_once = 256;  // then other sockets are looked at
  static constexpr std::chrono::milliseconds pause{20};

  void wait() {
    descriptor_.wait_readable([self = shared<listener>::of(*this)](const async_error& failed) {
      if (failed || !self->descriptor_.is_open()) return;
      if (self->accept_some()) return self->wait();
      self->timer_.wait(pause, [self] {
        if (self->descriptor_.is_open()) self->wait();
      });
    });
  }

  // Returns false when accepting must pause.
  bool accept_some() {
    for (int n = 0; n < accepts_at_once; ++n) {
      if (pool_->half_open >= limit::half_open) return false;
      owned_descriptor fd(
          ::accept4(descriptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (fd) {
        admit(std::move(fd));
        continue;
      }
      const int why = errno;
      if (why == EAGAIN || why == EWOULDBLOCK) {
        in_trouble_ = false;  // nobody waits
        break;
      }
      if (why != EMFILE && why != ENFILE && why != ENOBUFS && why != ENOMEM)
        continue;  // that connection is gone
      if (!taken(in_trouble_, true))
        pool_->notice(std::string(where_.text()) + " accepts nothing for now: " + errno_text(why));
      return false;
    }
    return true;
  }

  void admit(owned_descriptor fd) {
    const std::string name = where_.transport() == transport::unix_domain
                                 ? "process " + std::to_string(peer_credentials(fd.get()).pid)
                                 : "tcp:" + tcp_end(fd.get(), true);
    make_counted<stream_link>(pool_, session::side::acceptor, where_.transport(), name)
        ->accept(std::move(fd));
  }

  shared<link_pool> pool_;
  address where_;
  async_descriptor descriptor_;
  loop_timer timer_;
  std::string path_;
  struct stat file_{};
  pid_t process_ = ::getpid();
  bool in_trouble_ = false;  // said already
};

}  // namespace viceroy
