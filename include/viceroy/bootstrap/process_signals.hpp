// process_signals: SIGINT, SIGTERM and SIGHUP, told to a loop; and a second one that needs no loop.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/channel/async_wait.hpp"
#include "viceroy/host/process_identity.hpp"

namespace viceroy {

// Takes the signals while it lives; a SIGHUP that is ignored (nohup) stays so. In a fork's copy each does
// what it does by default, and nothing is told here. One per process at a time.
class process_signals {
 public:
  enum class second { told, ends_process };

  // Calls `heard` on the loop with each signal's number. With `ends_process` only the first one is told:
  // another, of whichever number, ends the process with 128 + n there and then, for the loop may be held up;
  // the kernel's part cleans up. Errors: system.
  process_signals(boost::asio::io_context& loop, second next, callback<void(int)> heard)
      : watch_(loop), heard_(std::move(heard)) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw_system_error("pipe2", errno);
    owned_descriptor out(ends[0]);
    in_ = owned_descriptor(ends[1]);
    if (const int why = watch_.open(std::move(out))) throw_system_error("epoll_ctl", why);
    to_ = in_.get();
    told_in_ = ::getpid();
    one_is_enough_ = next == second::ends_process;
    seen_ = false;
    struct sigaction ours = {};
    ours.sa_handler = &on_signal;
    ::sigfillset(&ours.sa_mask);
    for (taken_signal& each : taken_) {
      ::sigaction(each.number, nullptr, &each.before);
      if (each.number != SIGHUP || each.before.sa_handler != SIG_IGN)
        ::sigaction(each.number, &ours, nullptr);
    }
    await();
  }
  process_signals(const process_signals&) = delete;
  process_signals& operator=(const process_signals&) = delete;
  ~process_signals() {
    if (!home_.still_here()) return;
    for (const taken_signal& each : taken_) ::sigaction(each.number, &each.before, nullptr);
  }

 private:
  struct taken_signal {
    int number;
    struct sigaction before = {};
  };

  void await() {
    watch_.wait_readable([this](const async_error& failed) {
      if (failed) return;
      await();
      unsigned char number = 0;
      if (::read(watch_.native_handle(), &number, 1) == 1) heard_(number);
    });
  }

  static void on_signal(int number) {
    if (::getpid() != told_in_) {
      ::signal(number, SIG_DFL);
      ::raise(number);  // comes when this returns
      return;
    }
    if (seen_.exchange(one_is_enough_)) ::_exit(128 + number);
    const int before = errno;
    const auto told = static_cast<unsigned char>(number);
    [[maybe_unused]] const auto n = ::write(to_, &told, 1);
    errno = before;
  }

  // What the handler finds.
  static inline constinit std::atomic<int> to_{-1};
  static inline constinit std::atomic<pid_t> told_in_{0};
  static inline constinit std::atomic<bool> one_is_enough_{false};
  static inline constinit std::atomic<bool> seen_{false};

  async_descriptor watch_;
  owned_descriptor in_;
  callback<void(int)> heard_;
  taken_signal taken_[3] = {{SIGINT}, {SIGTERM}, {SIGHUP}};
  process_identity home_;
};

}  // namespace viceroy
