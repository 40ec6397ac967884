// lifeline_parent: the parent's end of the socket whose end of file tells a child that it is alone.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/host/process_limits.hpp"

namespace viceroy {

namespace detail {

// What precedes the secret on the lifeline: four letters and a length, little-endian.
struct lifeline_header {
  static constexpr std::size_t bytes = 8;
  static constexpr std::array<char, 4> letters{'V', 'C', 'L', '1'};

  static std::array<unsigned char, bytes> write(std::uint32_t length) {
    std::array<unsigned char, bytes> out{};
    std::memcpy(out.data(), letters.data(), letters.size());
    for (unsigned i = 0; i < 4; ++i) out[4 + i] = static_cast<unsigned char>(length >> (8 * i));
    return out;
  }

  // Returns false where the letters are others.
  static bool read(const std::array<unsigned char, bytes>& in, std::uint32_t& length) {
    length = 0;
    for (unsigned i = 0; i < 4; ++i) length |= static_cast<std::uint32_t>(in[4 + i]) << (8 * i);
    return std::memcmp(in.data(), letters.data(), letters.size()) == 0;
  }
};

}  // namespace detail

// Holds the lifeline of one child: dropping it, or dying, is what the child watches for.
class lifeline_parent {
 public:
  // Makes the pair of sockets and leaves the secret in it, where the child finds it as soon as it runs.
  // Errors: bad_input for a secret above limit::lifeline_secret_bytes; system.
  explicit lifeline_parent(const std::vector<std::byte>& secret) {
    if (secret.size() > limit::lifeline_secret_bytes) {
      throw error(errc::bad_input, "a lifeline carries at most " +
                                       std::to_string(limit::lifeline_secret_bytes) + " bytes, not " +
                                       std::to_string(secret.size()));
    }
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw_system_error("socketpair", errno);
    mine_ = owned_descriptor(ends[0]);
    childs_ = owned_descriptor(ends[1]);
    const auto header = detail::lifeline_header::write(static_cast<std::uint32_t>(secret.size()));
    put(header.data(), header.size());
    put(secret.data(), secret.size());
    // Until the child watches for itself the kernel does: when our end closes it signals whom guard() named.
    if (::fcntl(childs_.get(), F_SETSIG, SIGKILL) != 0 || ::fcntl(childs_.get(), F_SETFL, O_ASYNC) != 0)
      throw_system_error("fcntl(F_SETSIG) on a lifeline", errno);
  }

  // Ends a child's process group with this lifeline, whatever it executes; a lifeline_child makes that its
  // own affair. Called once the child runs, before its end is closed here.
  void guard(pid_t group) const noexcept { ::fcntl(childs_.get(), F_SETOWN, -group); }

  // The end that the child inherits; the parent closes its copy once the child runs.
  owned_descriptor& childs_end() noexcept { return childs_; }

  // Lets go: the child ends within its grace.
  void close() noexcept {
    mine_.close();
    childs_.close();
  }

 private:
  void put(const void* data, std::size_t size) {
    if (size == 0) return;
    const ssize_t sent = ::send(mine_.get(), data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) throw_system_error("send on a lifeline", errno);
    if (static_cast<std::size_t>(sent) != size) {
      throw error(errc::system, "a socket's buffer holds only " + std::to_string(sent) +
                                    " bytes of a lifeline's " + std::to_string(size) +
                                    "; raise net.core.wmem_default");
    }
  }

  owned_descriptor mine_;
  owned_descriptor childs_;
};

}  // namespace viceroy
