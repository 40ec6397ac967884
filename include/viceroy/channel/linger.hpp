// linger: a TCP socket whose link is over, kept until the peer has read the last words.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "viceroy/channel/connector.hpp"
#include "viceroy/channel/stream_socket.hpp"

namespace viceroy {

// Closing a socket with bytes unread makes TCP drop what was written last. So these bytes are read, and
// forgotten, until the peer closes too, or for a second.
class lingering_socket : public std::enable_shared_from_this<lingering_socket> {
 public:
  static void keep(boost::asio::io_context& io, unique_fd fd) {
    const auto self = std::make_shared<lingering_socket>(io);
    if (!self->socket_.open(std::move(fd)).empty()) return;
    self->timer_.expires_after(longest);
    self->timer_.async_wait([self](const auto&) { self->socket_.close(); });
    self->wait();
  }

  explicit lingering_socket(boost::asio::io_context& io) : socket_(io), timer_(io) {}

 private:
  static constexpr std::chrono::seconds longest{1};

  void wait() {
    socket_.wait_readable([self = shared_from_this()] {
      std::vector<std::byte> forgotten(limit::read_bytes);
      const ssize_t got = self->socket_.read(forgotten);
      if (got > 0 || (got < 0 && stream_socket::nothing_yet(errno))) return self->wait();
      self->timer_.cancel();
      self->socket_.close();
    });
  }

  stream_socket socket_;
  async_timer timer_;
};

}  // namespace viceroy
