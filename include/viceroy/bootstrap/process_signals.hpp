// process_signals: SIGINT, SIGTERM and SIGHUP, told to a loop; and a second one that needs no loop.
#pragma once

#include <unistd.h>

#include <atomic>
#include <boost/asio/basic_signal_set.hpp>
#include <csignal>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/channel/async_wait.hpp"

namespace viceroy {

// Takes the signals while it lives; a SIGHUP that is ignored (nohup) stays so. One per process: Asio allows
// no second.
class process_signals {
 public:
  enum class second { told, ends_process };

  // Calls `heard` on the loop with each signal's number. With `ends_process` only the first one is told:
  // another, of whichever number, ends the process with 128 + n there and then, for the loop may be held up;
  // the kernel's part cleans up.
  process_signals(boost::asio::io_context& loop, second next, callback<void(int)> heard)
      : set_(loop, SIGINT, SIGTERM), heard_(std::move(heard)) {
    if (!is_ignored(SIGHUP)) set_.add(SIGHUP);
    if (next == second::ends_process) {
      seen_ = false;
      for (const int number : {SIGINT, SIGTERM, SIGHUP}) stand_before(number);
    }
    await();
  }
  process_signals(const process_signals&) = delete;
  process_signals& operator=(const process_signals&) = delete;

 private:
  void await() {
    set_.async_wait([this](const async_error& ec, int number) {
      if (ec) return;
      await();
      heard_(number);
    });
  }

  static bool is_ignored(int number) {
    struct sigaction now = {};
    return ::sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
  }
  // Puts our handler before the set's, which takes its own away when it ends.
  static void stand_before(int number) {
    struct sigaction now = {};
    if (::sigaction(number, nullptr, &now) != 0 || now.sa_handler == SIG_IGN || now.sa_handler == &on_signal)
      return;
    first_ = now.sa_handler;
    now.sa_handler = &on_signal;
    ::sigaction(number, &now, nullptr);
  }
  static void on_signal(int number) {
    if (seen_.exchange(true)) ::_exit(128 + number);
    first_.load()(number);
  }

  static inline constinit std::atomic<bool> seen_{false};
  static inline constinit std::atomic<void (*)(int)> first_{nullptr};

  boost::asio::basic_signal_set<async_executor> set_;
  callback<void(int)> heard_;
};

}  // namespace viceroy
