// socket: the few system calls on Unix and TCP sockets that links need, with sentences for what they refuse.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <system_error>

#include "viceroy/base/errno_text.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/id/address.hpp"

namespace viceroy {

// An address as the kernel wants it.
struct socket_address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
  int family() const noexcept { return storage.ss_family; }

  // Errors: not_here for a transport without sockets; bad_input for a host that is no number (names are not
  // resolved).
  static socket_address of(const address& where) {
    socket_address out;
    if (where.transport() == transport::unix_domain) {
      sockaddr_un to{};
      to.sun_family = AF_UNIX;
      const bool abstract = where.is_abstract();
      const auto name = where.name();
      std::memcpy(to.sun_path + (abstract ? 1 : 0), name.data(), name.size());
      out.take(to, offsetof(sockaddr_un, sun_path) + name.size() + 1);
      return out;
    }
    if (where.transport() != transport::tcp) {
      throw error(errc::not_here, "no link can be made to " + std::string(where.text()) + ": " +
                                      std::string(viceroy::text(where.transport())) + " has no sockets");
    }
    const std::string host(where.host() == "localhost" ? std::string_view("127.0.0.1") : where.host());
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
      v4.sin_family = AF_INET;
      v4.sin_port = htons(where.port());
      out.take(v4, sizeof v4);
    } else if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(where.port());
      out.take(v6, sizeof v6);
    } else {
      throw error(errc::bad_input,
                  std::string(where.text()) + " names its host; write the host's number instead");
    }
    return out;
  }

 private:
  template <class Sockaddr>
  void take(const Sockaddr& from, std::size_t bytes) noexcept {
    std::memcpy(&storage, &from, bytes);
    size = static_cast<socklen_t>(bytes);
  }
};

inline void set_nodelay(int fd) noexcept {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// Says where the other or this end of a TCP connection is, as 127.0.0.1:4242.
inline std::string tcp_end(int fd, bool other) {
  socket_address at;
  at.size = sizeof at.storage;
  if ((other ? ::getpeername(fd, at.get(), &at.size) : ::getsockname(fd, at.get(), &at.size)) != 0)
    return "tcp";
  char text[INET6_ADDRSTRLEN] = "";
  if (at.family() == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&at.storage);
    ::inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    return std::string(text) + ':' + std::to_string(ntohs(v4->sin_port));
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&at.storage);
  ::inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
  return '[' + std::string(text) + "]:" + std::to_string(ntohs(v6->sin6_port));
}

// Asks the kernel who made the other end of a Unix connection.
inline ucred peer_credentials(int fd) noexcept {
  ucred who{};
  who.uid = static_cast<uid_t>(-1);
  socklen_t size = sizeof who;
  ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size);
  return who;
}

// Says that the other end of a Unix connection belongs to another user, or nothing.
inline std::string foreign_user(int fd) {
  const uid_t theirs = peer_credentials(fd).uid;
  if (theirs == ::geteuid()) return {};
  return "it runs as user " + std::to_string(theirs) + ", this process as " + std::to_string(::geteuid());
}

// Writes without blocking, as one call. Returns: what send does.
inline ssize_t send_pieces(int fd, std::span<iovec> pieces) noexcept {
  constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
  if (pieces.size() == 1) return ::send(fd, pieces[0].iov_base, pieces[0].iov_len, flags);
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  return ::sendmsg(fd, &message, flags);
}

// Opens a socket that neither blocks nor is inherited. Errors: system, with errno's text.
inline owned_descriptor open_socket(int family) {
  owned_descriptor fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) throw error(errc::system, "a socket could not be opened: " + errno_text(errno));
  if (family != AF_UNIX) set_nodelay(fd.get());
  return fd;
}

namespace detail {

// A socket file whose process was killed refuses every connection; a live one's listener does not.
inline bool nobody_listens(const socket_address& at) {
  const owned_descriptor probe = open_socket(AF_UNIX);
  return ::connect(probe.get(), at.get(), at.size) != 0 && errno == ECONNREFUSED;
}

}  // namespace detail

// Listens on an address; a port of 0 is chosen by the kernel. Returns the listener, and where it is in
// `where`. Errors: system, with errno's text; what socket_address::of throws.
inline owned_descriptor listen_on(address& where) {
  const socket_address at = socket_address::of(where);
  owned_descriptor fd = open_socket(at.family());
  const bool is_path = at.family() == AF_UNIX && !where.is_abstract();
  const int on = 1;
  if (at.family() != AF_UNIX) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  int why = ::bind(fd.get(), at.get(), at.size) == 0 ? 0 : errno;
  if (why == EADDRINUSE && is_path && detail::nobody_listens(at)) {
    ::unlink(std::string(where.name()).c_str());
    why = ::bind(fd.get(), at.get(), at.size) == 0 ? 0 : errno;
  }
  if (why == 0 && ::listen(fd.get(), limit::backlog) != 0) why = errno;
  if (why != 0)
    throw error(errc::system, std::string(where.text()) + " could not be served: " + errno_text(why));
  if (where.transport() == transport::tcp && where.port() == 0) {
    const std::string chosen = tcp_end(fd.get(), false);
    where = address::parse("tcp:" + chosen);
  }
  return fd;
}

}  // namespace viceroy
