// process_handle: one child by pid and pidfd: signals its group, and reaps it.
#pragma once

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "viceroy/base/owned.hpp"
#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/host/process_exit.hpp"

namespace viceroy {

// Opens a descriptor of a process that becomes readable when it ends; empty, with errno, where that fails.
// Called by number: glibc 2.36's <sys/pidfd.h> cannot be included from C++.
inline owned_descriptor open_process(pid_t pid) noexcept {
  return owned_descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

// Waits until `descriptor` is readable, at most `limit`; returns whether it is.
inline bool wait_readable(int descriptor, std::chrono::milliseconds limit) noexcept {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd watched{descriptor, POLLIN, 0};
    const int ready = ::poll(&watched, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

// Names a child that leads its own process group, from its start until it is reaped.
// A pid, and the group of the same number, cannot be given to another before the child is reaped; the
// descriptor proves that nobody else has done so.
class process_handle {
 public:
  process_handle(pid_t pid, owned_descriptor descriptor) noexcept
      : descriptor_(std::move(descriptor)), pid_(pid) {}

  pid_t pid() const noexcept { return pid_; }
  int descriptor() const noexcept { return descriptor_.get(); }
  bool reaped() const noexcept { return reaped_; }

  // Closes the descriptor of a child that was reaped.
  void close() noexcept { descriptor_.close(); }

  // Sends a signal to the child's whole group; nothing once the child was reaped.
  void signal_group(int number) const noexcept {
    if (reaped_) return;
    // Linux 6.9 addresses the group itself: a member that outlives a leader reaped by someone else is reached
    // as well.
    constexpr unsigned process_group = 1u << 2;  // PIDFD_SIGNAL_PROCESS_GROUP
    if (descriptor_ &&
        ::syscall(SYS_pidfd_send_signal, descriptor_.get(), number, nullptr, process_group) == 0)
      return;
    const bool stolen = descriptor_ &&
                        ::syscall(SYS_pidfd_send_signal, descriptor_.get(), 0, nullptr, 0) != 0 &&
                        errno == ESRCH;
    if (!stolen) ::kill(-pid_, number);
  }

  // Reaps the child if it has ended, and kills what is left of its group first. Returns nothing while it
  // runs.
  owned<process_exit> reap() {
    if (reaped_) return {};
    siginfo_t info{};
    if (!wait_for_end(info, WNOWAIT)) return lost();
    if (info.si_pid == 0) return {};
    signal_group(SIGKILL);
    info = siginfo_t{};
    if (!wait_for_end(info, 0) || info.si_pid == 0) return lost();
    reaped_ = true;
    return told(info.si_code == CLD_EXITED
                    ? process_exit::exited(info.si_status)
                    : process_exit::killed(info.si_status, info.si_code == CLD_DUMPED));
  }

 private:
  // Returns false where the child is no longer ours to wait for.
  bool wait_for_end(siginfo_t& info, int more) const noexcept {
    constexpr int by_descriptor = 3;  // P_PIDFD
    for (;;) {
      const int done = descriptor_
                           ? ::waitid(static_cast<idtype_t>(by_descriptor),
                                      static_cast<id_t>(descriptor_.get()), &info, WEXITED | WNOHANG | more)
                           : ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | more);
      if (done == 0) return true;
      if (errno != EINTR) return false;
    }
  }

  static owned<process_exit> told(process_exit how) { return make_owned<process_exit>(std::move(how)); }

  owned<process_exit> lost() {
    signal_group(SIGKILL);
    reaped_ = true;
    struct sigaction action{};
    const char* why = "something else in this process waited for the child, as waitpid(-1) does";
    if (::sigaction(SIGCHLD, nullptr, &action) == 0) {
      if ((action.sa_flags & SA_NOCLDWAIT) != 0) {
        why = "SIGCHLD has SA_NOCLDWAIT in this process, so the kernel drops it";
      } else if (action.sa_handler == SIG_IGN) {
        why = "SIGCHLD is ignored in this process, so the kernel drops it; set it to SIG_DFL";
      }
    }
    return told(process_exit::unknown(why));
  }

  owned_descriptor descriptor_;
  pid_t pid_;
  bool reaped_ = false;
};

}  // namespace viceroy
