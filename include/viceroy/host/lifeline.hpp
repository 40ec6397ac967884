// lifeline_child: what a started process inherits from its parent: a secret, and the watch on the parent's
// life.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/host/lifeline_parent.hpp"
#include "viceroy/host/lifeline_watch.hpp"
#include "viceroy/host/process_handle.hpp"
#include "viceroy/host/process_limits.hpp"

namespace viceroy {

// Makes sure that this process does not outlive its parent: from its construction on, the parent's end is
// this process's, and its whole group's, within the grace.
class lifeline_child {
 public:
  // Reads the secret from the inherited socket and starts the watch. `descriptor` and `parent` are
  // process_environment's; without a descriptor (-1) only the parent's process is watched, without a parent
  // (0) only the socket. Threads: before any user code. Errors: refused where the descriptor is no lifeline;
  // owner_gone where the parent died before; system.
  lifeline_child(int descriptor, pid_t parent, std::chrono::milliseconds grace)
      : inherited_(take(descriptor)),
        watch_(std::move(inherited_.socket), parents_descriptor(inherited_.peer, parent), grace) {
    // The watch ends the process from here on, after a grace; the kernel only wakes it if it was stopped.
    if (descriptor >= 0) ::fcntl(descriptor, F_SETSIG, SIGCONT);
    follow_spawning_thread(parent);
  }

  // The key and configuration that the parent handed over.
  const std::vector<std::byte>& secret() const noexcept { return inherited_.secret; }

  // Tells whether the parent is gone and the grace runs. Threads: any.
  bool orphaned() const noexcept { return watch_.orphaned(); }

 private:
  struct inheritance {
    owned_descriptor socket;
    owned_descriptor peer;  // the parent's process, where the kernel tells it through the socket
    std::vector<std::byte> secret;
  };

  static inheritance take(int descriptor) {
    inheritance taken;
    if (descriptor < 0) return taken;
    if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) {
      throw error(errc::refused, "descriptor " + std::to_string(descriptor) +
                                     " was announced as the lifeline and is not open");
    }
    taken.socket = owned_descriptor(descriptor);
    std::array<unsigned char, detail::lifeline_header::bytes> header{};
    std::uint32_t length = 0;
    if (!receive(descriptor, header.data(), header.size()) ||
        !detail::lifeline_header::read(header, length) || length > limit::lifeline_secret_bytes) {
      throw error(errc::refused, "descriptor " + std::to_string(descriptor) +
                                     " is not a lifeline: a process that has " +
                                     "VICEROY_LIFELINE_FD must have been started by Viceroy");
    }
    taken.secret.resize(length);
    if (!receive(descriptor, taken.secret.data(), length)) {
      throw error(errc::refused, "the lifeline ended inside the secret");
    }
    taken.peer = peer_process(descriptor);
    return taken;
  }

  // The parent wrote everything before this process existed, so that nothing is waited for.
  static bool receive(int descriptor, void* into, std::size_t size) noexcept {
    for (std::size_t have = 0; have < size;) {
      const ssize_t got = ::recv(descriptor, static_cast<std::byte*>(into) + have, size - have, MSG_DONTWAIT);
      if (got > 0) {
        have += static_cast<std::size_t>(got);
      } else if (got == 0 || errno != EINTR) {
        return false;
      }
    }
    return true;
  }

  // Since Linux 6.5 a socket names its maker by a descriptor, without the race that a number has.
  static owned_descriptor peer_process(int descriptor) noexcept {
    constexpr int peer_pidfd = 77;  // SO_PEERPIDFD
    int number = -1;
    socklen_t size = sizeof number;
    if (::getsockopt(descriptor, SOL_SOCKET, peer_pidfd, &number, &size) != 0) return {};
    return owned_descriptor(number);
  }

  static owned_descriptor parents_descriptor(owned_descriptor& from_socket, pid_t parent) {
    if (from_socket) return std::move(from_socket);
    if (parent <= 0) return {};
    owned_descriptor opened = open_process(parent);
    if (!opened && errno == ESRCH)
      throw error(errc::owner_gone, "the parent process ended before its child began");
    // Under a tool the parent is not ours by pid, and the socket alone tells a reused number from the real
    // one.
    return opened;
  }

  // The second line, on request: SIGKILL from the kernel when the *thread* that spawned us ends, and so only
  // for parents that spawn from one permanent thread. It gives no grace and spares the group, forks of this
  // process included; a parent that died before this call is the watch's to see.
  static void follow_spawning_thread(pid_t parent) noexcept {
    const char* wanted = ::getenv("VICEROY_PDEATHSIG");
    if (wanted == nullptr || std::strcmp(wanted, "1") != 0 || parent <= 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  }

  inheritance inherited_;
  lifeline_watch watch_;
};

}  // namespace viceroy
