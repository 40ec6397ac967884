// linger: a TCP socket whose link is over, kept until the peer has read the last words.
#pragma once

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "viceroy/base/loop_timer.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/channel/async_wait.hpp"
#include "viceroy/channel/stream_socket.hpp"

namespace viceroy {

// Closing a socket with bytes unread makes TCP drop what was written last. So these bytes are read, and
// forgotten, until the peer closes too, or for a second.
class lingering_socket : public counted {
 public:
  static void keep(boost::asio::io_context& io, owned_descriptor fd) {
    const auto self = make_counted<lingering_socket>(io);
    if (self->socket_.open(std::move(fd)) != 0) return;
    self->timer_.wait(longest, [self] { self->socket_.close(); });
    self->wait();
  }

  explicit lingering_socket(boost::asio::io_context& io) : socket_(io) {}

 private:
  static constexpr std::chrono::seconds longest{1};

  void wait() {
    socket_.wait_readable([self = shared<lingering_socket>::of(*this)](const async_error& failed) {
      if (failed || !self->socket_.is_open()) return;
      std::vector<std::byte> forgotten(limit::read_bytes);
      const ssize_t got = self->socket_.read(forgotten);
      if (got > 0 || (got < 0 && stream_socket::nothing_yet(errno))) return self->wait();
      self->timer_.cancel();
      self->socket_.close();
    });
  }

  stream_socket socket_;
  loop_timer timer_;
};

}  // namespace viceroy
