// watchdog: the thread that names whoever holds a loop of this process for too long.
#pragma once

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/base/watched.hpp"
#include "viceroy/host/process_identity.hpp"
#include "viceroy/mailbox/holder.hpp"

namespace viceroy {

// Looks at one loop from time to time and tells, once for each holding, who holds it for longer than a limit,
// and when that is over. Threads: the watchdog's.
class held_loop {
 public:
  using time_point = executor::clock::time_point;

  explicit held_loop(holder& of) : holder_(&of) {}

  // Returns: a sentence, when there is one to say.
  std::optional<std::string> look(time_point now, limits::ms limit) {
    if (mark_.what && holder_->still(mark_)) {
      if (!whose_.empty() || now - since_ < finite(limit)) return std::nullopt;
      const holder::name name = holder_->read(mark_);
      if (name.what.empty()) return std::nullopt;
      holder_->count_held();
      whose_ = text_of(name);
      return whose_ + " for " + seconds_text(now - since_) + describe(name);
    }
    std::optional<std::string> over;
    if (!whose_.empty()) over = whose_ + " for about " + seconds_text(now - since_) + " in all, and let go";
    forget();
    since_ = now;
    mark_ = holder_->set_mark();
    return over;
  }
  // The time until now does not count: nobody ran.
  void start_over() {
    if (whose_.empty()) forget();
  }

 private:
  void forget() {
    mark_ = {};
    whose_.clear();
  }
  static std::string text_of(const holder::name& n) {
    std::string text = n.actor.empty()  ? std::string(n.what)
                       : n.type.empty() ? "instance " + n.actor.text()
                                        : std::string(n.type) + " " + n.actor.text();
    return text + " has held the loop of process " + std::to_string(::getpid());
  }
  static std::string describe(const holder::name& n) {
    if (!n.actor.empty() && !n.type.empty())
      return ", handling " + std::string(n.what) +
             "; a handler that must block says `using execution = viceroy::own_thread;`";
    const std::string since =
        n.actor.empty() ? std::string() : ", since " + std::string(n.what) + " reached it";
    return since + "; what must block belongs on a thread of its own";
  }
  static std::string seconds_text(executor::clock::duration d) {
    const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(d).count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
  }

  holder* holder_;
  holder::mark mark_{};
  time_point since_{};  // of the mark
  std::string whose_;   // told, and not over yet
};

inline void say_on_stderr(const std::string& sentence) {
  std::fprintf(stderr, "viceroy: %s\n", sentence.c_str());
}

// One per process, shared by its runtimes. Its thread blocks all signals, begins with the first loop that has
// a limit, and looks four times within the shortest. When it comes late by more than that itself, the process
// or the machine stood still (SIGSTOP, a debugger), and it starts over. Threads: any.
class watchdog : public watched {
  struct watched_loop {
    held_loop loop;
    callback<void(const std::string&)> say;
    limits::ms limit{0};
  };

 public:
  // Returns: the process's.
  static shared<watchdog> of_process() {
    static std::mutex guard;
    static watcher<watchdog> only;
    const std::lock_guard lock(guard);
    auto it = only.lock();
    if (!it) only = watcher(it = make_counted<watchdog>());
    return it;
  }

  watchdog() = default;
  // Ends the thread. In a fork's copy: nothing.
  ~watchdog() {
    if (!home_.still_here() || !woken_) return;
    {
      const std::lock_guard lock(guard_);
      over_ = true;
    }
    ::eventfd_write(woken_.get(), 1);
    ::pthread_join(thread_, nullptr);
  }

  // A loop that is watched while this lives; `say` is called on the watchdog's thread.
  class watch {
   public:
    explicit watch(holder& of, callback<void(const std::string&)> say)
        : by_(of_process()), mine_{held_loop(of), std::move(say)} {
      const std::lock_guard lock(by_->guard_);
      by_->all_.push_back(&mine_);
    }
    watch(const watch&) = delete;
    watch& operator=(const watch&) = delete;
    ~watch() {
      if (!by_->home_.still_here()) return;
      const std::lock_guard lock(by_->guard_);
      by_->all_.erase(&mine_);
    }
    // Sets how long the loop may be held; zero: for ever. Errors: system, where no thread can be had.
    void limit_to(limits::ms limit) {
      const std::lock_guard lock(by_->guard_);
      mine_.limit = limit;
      if (limit > limits::ms::zero()) by_->wake();
    }

   private:
    shared<watchdog> by_;
    watched_loop mine_;
  };

 private:
  // Under guard_.
  void wake() {
    if (woken_) {
      ::eventfd_write(woken_.get(), 1);
      return;
    }
    owned_descriptor woken(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!woken) throw_system_error("eventfd", errno);
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failure = ::pthread_create(&thread_, nullptr, &watchdog::run, this);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (failure != 0) throw_system_error("pthread_create", failure);
    ::pthread_setname_np(thread_, "watchdog");
    woken_ = std::move(woken);
  }

  static void* run(void* self) noexcept {
    static_cast<watchdog*>(self)->run();
    return nullptr;
  }
  void run() noexcept {
    std::unique_lock lock(guard_);  // whoever started this holds it until all is in place
    auto last = executor::clock::now();
    while (!over_) {
      const limits::ms period = look_period();
      pollfd woken{woken_.get(), POLLIN, 0};
      lock.unlock();
      const bool changed = ::poll(&woken, 1, static_cast<int>(period.count())) > 0;
      lock.lock();
      if (changed) {
        eventfd_t count = 0;
        ::eventfd_read(woken_.get(), &count);
      }
      const auto now = executor::clock::now();
      const bool stood_still = period.count() >= 0 && now - last > 2 * period;
      last = now;
      for (watched_loop* const each : all_) look(*each, now, stood_still);
    }
  }
  static void look(watched_loop& at, executor::clock::time_point now, bool stood_still) noexcept {
    if (at.limit <= limits::ms::zero() || stood_still) return at.loop.start_over();
    try {
      if (const auto sentence = at.loop.look(now, at.limit)) at.say(*sentence);
    } catch (...) {  // no memory for a sentence: the next look may have
    }
  }
  // Returns: how long to wait between two looks; -1, until something changes.
  limits::ms look_period() const {
    limits::ms shortest = limits::ms::max();
    for (const watched_loop* const each : all_)
      if (each->limit > limits::ms::zero()) shortest = std::min(shortest, each->limit);
    if (shortest == limits::ms::max()) return limits::ms(-1);
    return std::clamp(shortest / 4, limits::ms(1), limits::ms(1'000));
  }

  std::mutex guard_;
  series<watched_loop*> all_;
  bool over_ = false;
  owned_descriptor woken_;  // there is a thread
  pthread_t thread_{};
  process_identity home_;
};

}  // namespace viceroy
