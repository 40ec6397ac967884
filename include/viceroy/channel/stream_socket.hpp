// stream_socket: a connected socket: reads and writes itself without blocking, and asks Asio only to wait.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "viceroy/channel/async_wait.hpp"
#include "viceroy/channel/outbox.hpp"
#include "viceroy/channel/socket.hpp"

namespace viceroy {

class stream_socket {
 public:
  explicit stream_socket(boost::asio::io_context& io) : descriptor_(io) {}

  bool is_open() const { return descriptor_.is_open(); }
  // Returns: why the socket cannot be watched, or nothing.
  std::string open(unique_fd connected) {
    boost::system::error_code failed;
    descriptor_.assign(connected.get(), failed);
    if (failed) return failed.message();
    static_cast<void>(connected.release());
    return {};
  }
  void close() {
    if (is_open()) descriptor_.close();
  }
  unique_fd release() { return unique_fd(descriptor_.release()); }
  void end_writing() { ::shutdown(descriptor_.native_handle(), SHUT_WR); }

  // Reads once. Returns: the bytes; 0 at the end; -1 with errno.
  ssize_t read(std::span<std::byte> into) {
    return ::recv(descriptor_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
  }
  static bool nothing_yet(int number) noexcept {
    return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
  }

  // Writes what may leave. Returns: 0; EAGAIN when the rest must wait; or another errno.
  // Cost: one system call when the kernel has room.
  int write(outbox& out) {
    for (;;) {
      std::array<iovec, 64> pieces;
      const int count = out.gather(pieces);
      if (count == 0) return 0;
      const ssize_t written =
          send_pieces(descriptor_.native_handle(), std::span(pieces).first(static_cast<std::size_t>(count)));
      if (written >= 0) {
        out.sent(static_cast<std::size_t>(written));
      } else if (errno != EINTR) {
        return errno == EWOULDBLOCK ? EAGAIN : errno;
      }
    }
  }

  // Calls `then` once there is something to read; with an error after close().
  void wait_readable(async_handler then) { descriptor_.wait_readable(std::move(then)); }
  // Calls `then` once there is room to write; with an error after close().
  void wait_writable(async_handler then) { descriptor_.wait_writable(std::move(then)); }

 private:
  async_descriptor descriptor_;
};

}  // namespace viceroy
