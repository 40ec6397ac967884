// loop: one thread's event loop: messages first, then timers, sockets, and sleep.
#pragma once

#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/fifo.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/timers.hpp"
#include "viceroy/channel/async_wait.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/proc/roads.hpp"

namespace viceroy {

// Runs to completion: handles what is queued, fires timers, flushes what was produced, reads what the sockets
// have, and when there is nothing polls a little before it sleeps. Asio is entered once per turn and never on
// a message's path. Threads: everything on the thread that is in run(), but post() and wake().
class loop final : public executor {
 public:
  loop(identity self, const limits& bounds)
      : bounds_(&bounds),
        io_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE),
        queue_(*this, bounds),
        wake_fd_(io_, make_eventfd()),
        roads_(io_, std::move(self), queue_) {
    queue_.set_router(&roads_);
    queue_.set_depth_first();
    queue_.set_waker([this] { wake(); });
    listen();
  }
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  boost::asio::io_context& io() { return io_; }
  run_queue& queue() { return queue_; }
  viceroy::roads& roads() { return roads_; }

  // Order: what this thread sent here before has arrived when `work` runs, though it need not be handled.
  void post(callback<void()> work) override { add(std::move(work), true); }
  // The same, for those who must know whether it will run: not once the loop was closed.
  bool post_if_open(callback<void()> work) { return add(std::move(work), false); }
  // Does at once what was posted until now. Threads: its own.
  void do_posted() {
    take_posted();
    do_taken();
  }
  timer call_at(clock::time_point when, callback<void()> work) override {
    return timers_.add(when, std::move(work));
  }
  void cancel(timer which) override { timers_.cancel(which); }
  // The turn's time for messages and timers. What sockets, signals and children tell may come long after the
  // turn began: their limits begin when they are heard.
  clock::time_point now() const override { return in_io_ ? clock::now() : now_; }
  clock::time_point exact_now() const override { return clock::now(); }

  // Calls `f` on the loop with limits::watchdog in its first turn, and again when the limit was changed.
  void on_watchdog_limit(callback<void(limits::ms)> f) { watchdog_limit_changed_ = std::move(f); }

  // What it does when Asio calls.
  static constexpr message_ops io_work{
      0, "what its sockets, signals and children told", 0, nullptr, nullptr, nullptr};

  // Wakes the loop if it sleeps. Threads: any. Async-signal-safe.
  void wake() noexcept {
    if (!sleeping_.load(std::memory_order_seq_cst)) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(wake_fd_.native_handle(), &one, sizeof one);
  }

  // Runs on this thread until stop(); then everything queued has been handled and flushed once more.
  void run() {
    const attached here(*this);
    const running counted;
    stopping_ = false;
    while (!stopping_) turn();
    for (int i = 0; i < 8 && busy(); ++i) work();
    flush();
  }
  void stop() { stopping_ = true; }
  // Says that run() is not called again, and runs what was posted until then.
  void close() {
    const attached here(*this);
    {
      const std::lock_guard lock(guard_);
      closed_ = true;
    }
    run_posted();
  }

  // How often it has looked for more before it slept. Threads: its own.
  std::uint64_t times_polled() const { return times_polled_; }
  // The cores of this machine: when more loops than that run in this process, none of them polls.
  static int cores() {
    static const int all = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
    return all > 0 ? all : 1;
  }

  // Whether this thread is the one in run().
  bool on_this_thread() const { return run_queue::current() == &queue_; }

  // Makes this thread the loop's while it lives: for run(), and for building and taking down what belongs to
  // the loop.
  class attached {
   public:
    explicit attached(loop& l) : executor_(&l), before_(run_queue::exchange_current(&l.queue_)) {
      l.now_ = clock::now();
    }
    ~attached() { run_queue::exchange_current(before_); }
    attached(const attached&) = delete;
    attached& operator=(const attached&) = delete;

   private:
    executor::scope executor_;
    run_queue* before_;
  };

 private:
  // What a loop does besides handling messages, for the watchdog.
  static constexpr message_ops posted_work{0, "work that was posted to it", 0, nullptr, nullptr, nullptr};
  static constexpr message_ops timer_work{0, "the work of its timers", 0, nullptr, nullptr, nullptr};
  void tell_watchdog() {
    watchdog_limit_ = bounds_->watchdog;
    if (watchdog_limit_changed_) watchdog_limit_changed_(watchdog_limit_);
  }

  static int make_eventfd() {
    const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0) throw error(errc::system, std::string("eventfd failed: ") + std::strerror(errno));
    return fd;
  }

  bool busy() const {
    return queue_.has_work() || has_posted_.load(std::memory_order_relaxed) || timers_.next() <= now_;
  }

  // Handles what is there. Returns: whether there was anything.
  bool work() {
    now_ = clock::now();
    bool any = queue_.run(bounds_->turn_messages) != 0;
    if (has_posted_.load(std::memory_order_acquire)) any |= run_posted();
    if (timers_.next() <= now_) {
      const holder::own_work here(queue_.holder(), timer_work);
      any |= timers_.fire(now_) != 0;
    }
    return any;
  }

  // What was sent to other loops and processes leaves.
  void flush() {
    queue_.flush();
    roads_.links().flush();
  }

  void turn() {
    if (watchdog_limit_ != bounds_->watchdog) [[unlikely]]
      tell_watchdog();
    bool any = work();
    flush();
    {
      const holder::own_work here(queue_.holder(), io_work);
      in_io_ = true;
      any |= io_.poll() != 0;
      in_io_ = false;
    }
    queue_.flush();
    if (any || queue_.has_work()) return;
    if (poll_for_more()) return;
    sleep();
  }

  struct running {
    running() { running_loops_.fetch_add(1, std::memory_order_relaxed); }
    ~running() { running_loops_.fetch_sub(1, std::memory_order_relaxed); }
    running(const running&) = delete;
    running& operator=(const running&) = delete;
  };

  // Looks for a little while before sleeping: waking costs far more. Gives up sooner each time that it was in
  // vain; where loops outnumber cores it would only keep another one from running.
  bool poll_for_more() {
    if (bounds_->poll_us == 0 || running_loops_.load(std::memory_order_relaxed) > cores()) return false;
    if (poll_us_ == 0) {
      if (++naps_ % 32 != 0) return false;
      poll_us_ = 16;
    }
    poll_us_ = std::min(poll_us_, bounds_->poll_us);
    ++times_polled_;
    const auto until = clock::now() + std::chrono::microseconds(poll_us_);
    do {
      if (roads_.links().poll() || queue_.has_work() || has_posted_.load(std::memory_order_relaxed)) {
        poll_us_ = std::min(bounds_->poll_us, poll_us_ * 2);
        return true;
      }
      ::sched_yield();
    } while (clock::now() < until);
    poll_us_ = poll_us_ > 4 ? poll_us_ / 2 : 0;
    return false;
  }

  void sleep() {
    sleeping_.store(true, std::memory_order_seq_cst);
    in_io_ = true;
    if (queue_.is_idle() && !has_posted_.load(std::memory_order_seq_cst)) {
      const auto next = timers_.next();
      if (next == clock::time_point::max()) {
        io_.run_one();
      } else {
        io_.run_one_until(next);
      }
    }
    in_io_ = false;
    sleeping_.store(false, std::memory_order_relaxed);
    queue_.flush();
  }

  bool add(callback<void()> work, bool even_if_closed) {
    if (auto* const q = run_queue::current()) q->flush();
    {
      const std::lock_guard lock(guard_);
      if (closed_ && !even_if_closed) return false;
      posted_.push_back(std::move(work));
      has_posted_.store(true, std::memory_order_seq_cst);
    }
    wake();
    return true;
  }
  bool run_posted() {
    take_posted();
    queue_.take_inbox();  // what was sent before it was posted; a stop may do the work already
    return do_taken();
  }
  void take_posted() {
    const std::lock_guard lock(guard_);
    has_posted_.store(false, std::memory_order_relaxed);
    for (auto& each : posted_) taken_.push(std::move(each));
    posted_.clear();
  }
  bool do_taken() {
    const bool any = !taken_.empty();
    while (!taken_.empty()) {
      const holder::own_work here(queue_.holder(), posted_work);
      taken_.pop()();
    }
    return any;
  }

  void listen() {
    wake_fd_.wait_readable([this](const async_error& failed) {
      if (failed) return;
      std::uint64_t count = 0;
      [[maybe_unused]] const auto n = ::read(wake_fd_.native_handle(), &count, sizeof count);
      listen();
    });
  }

  const limits* bounds_;
  boost::asio::io_context io_;
  clock::time_point now_ = clock::now();
  timers timers_;
  run_queue queue_;
  async_descriptor wake_fd_;
  viceroy::roads roads_;
  std::mutex guard_;
  series<callback<void()>> posted_;  // under guard_
  fifo<callback<void()>> taken_;     // of those, what is done now
  std::atomic<bool> has_posted_{false};
  std::atomic<bool> sleeping_{false};
  bool closed_ = false;  // under guard_
  bool stopping_ = false;
  bool in_io_ = false;  // what runs was called by Asio
  std::uint32_t poll_us_ = 16;
  std::uint32_t naps_ = 0;
  std::uint64_t times_polled_ = 0;
  static inline std::atomic<int> running_loops_{0};
  limits::ms watchdog_limit_{0};  // as it was told
  callback<void(limits::ms)> watchdog_limit_changed_;
};

}  // namespace viceroy
