// stream_socket: a connected socket: reads and writes itself without blocking, and asks Asio only to wait.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <span>

#include "viceroy/channel/async_wait.hpp"
#include "viceroy/channel/outbox.hpp"
#include "viceroy/channel/socket.hpp"

namespace viceroy {

class stream_socket : public async_descriptor {
 public:
  using async_descriptor::async_descriptor;

  void end_writing() { ::shutdown(native_handle(), SHUT_WR); }

  // Reads once. Returns: the bytes; 0 at the end; -1 with errno.
  ssize_t read(std::span<std::byte> into) {
    return ::recv(native_handle(), into.data(), into.size(), MSG_DONTWAIT);
  }
  static bool nothing_yet(int number) noexcept {
    return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
  }

  // Writes what may leave. Returns: 0; EAGAIN when the rest must wait; or another errno.
  // Cost: one system call when the kernel has room.
  int write(outbox& out) {
    for (;;) {
      std::array<iovec, 64> pieces;
      const std::span<iovec> room(pieces.data(), pieces.size());
      const int count = out.gather(room);
      if (count == 0) return 0;
      const ssize_t written = send_pieces(native_handle(), room.first(static_cast<std::size_t>(count)));
      if (written >= 0) {
        out.sent(static_cast<std::size_t>(written));
      } else if (errno != EINTR) {
        return errno == EWOULDBLOCK ? EAGAIN : errno;
      }
    }
  }
};

}  // namespace viceroy
