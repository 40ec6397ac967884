// connector: one attempt to reach an address, repeated while the other side's queue of connections is full.
#pragma once

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

#include "viceroy/base/error.hpp"
#include "viceroy/base/loop_timer.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/channel/async_wait.hpp"
#include "viceroy/channel/socket.hpp"
#include "viceroy/id/address.hpp"

namespace viceroy {

// Connects a socket without blocking and gives it to `done`, once: perhaps within start(), never after
// cancel(). A connection that is refused fails at once; only a full backlog is waited for. Its owner bounds
// the time.
class connector : public counted {
 public:
  using outcome = callback<void(owned_descriptor connected, const std::string& failure)>;

  connector(boost::asio::io_context& io, const address& where, outcome done)
      : waiting_(io), where_(where), done_(std::move(done)) {}

  // Errors: what socket_address::of and open_socket throw.
  void start() {
    const socket_address at = socket_address::of(where_);
    owned_descriptor fd = open_socket(at.family());
    if (::connect(fd.get(), at.get(), at.size) == 0) return finish(std::move(fd), 0);
    const int why = errno;
    if (why == EINPROGRESS) return wait(std::move(fd));
    if (why == EAGAIN) return retry();
    finish({}, why);
  }

  void cancel() {
    done_.reset();
    timer_.cancel();
    if (waiting_.is_open()) waiting_.close();
  }

 private:
  void wait(owned_descriptor fd) {
    if (const int why = waiting_.open(std::move(fd))) return finish({}, why);
    waiting_.wait_writable([self = shared<connector>::of(*this)](const async_error& failed) {
      if (failed || !self->done_) return;
      owned_descriptor connected(self->waiting_.release());
      int why = 0;
      socklen_t size = sizeof why;
      if (::getsockopt(connected.get(), SOL_SOCKET, SO_ERROR, &why, &size) != 0) why = errno;
      // A port of this machine's own that nobody listens on may connect to itself.
      if (why == 0 && tcp_end(connected.get(), true) == tcp_end(connected.get(), false)) why = ECONNREFUSED;
      self->finish(std::move(connected), why);
    });
  }

  void retry() {
    const auto pause = backoff_;
    backoff_ = std::min(backoff_ * 2, longest_backoff);
    timer_.wait(pause, [self = shared<connector>::of(*this)] {
      if (!self->done_) return;
      try {
        self->start();
      } catch (const error& trouble) {
        self->report({}, trouble.sentence());
      }
    });
  }

  void finish(owned_descriptor connected, int why) {
    if (why == 0) return report(std::move(connected), {});
    report({}, std::string(where_.text()) + " could not be reached: " + errno_text(why));
  }
  void report(owned_descriptor connected, const std::string& failure) {
    if (outcome done = taken(done_)) done(std::move(connected), failure);
  }

  static constexpr std::chrono::milliseconds longest_backoff{50};

  loop_timer timer_;
  async_descriptor waiting_;
  address where_;
  outcome done_;
  std::chrono::milliseconds backoff_{1};
};

}  // namespace viceroy
