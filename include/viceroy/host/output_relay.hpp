// output_relay: carries one stream of a child's output to ours, line by line, and remembers the last lines.
#pragma once

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/loop_timer.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/channel/async_wait.hpp"
#include "viceroy/host/output_lines.hpp"
#include "viceroy/host/output_target.hpp"
#include "viceroy/host/process_limits.hpp"

namespace viceroy {

// Reads a pipe on the loop's thread. Whole lines are written at once and never mixed with another child's; an
// unfinished one waits limit::output_hold for its end. A slow reader of ours holds up the child, which then
// waits in its own write, and never the loop: nothing more is read while something waits to be written. A
// reader that is gone loses the output; the last lines are kept all the same.
class output_relay : public counted {
 public:
  // `target` is null where nothing is written through.
  output_relay(boost::asio::io_context& io, owned_descriptor pipe, shared<output_target> target,
               shared<output_lines> lines, std::string prefix)
      : io_(io),
        pipe_(io, pipe.get()),
        target_(std::move(target)),
        lines_(std::move(lines)),
        prefix_(std::move(prefix)) {
    pipe.release();
  }

  // Waits for output, once however often it is asked to.
  void start() {
    if (taken(listens_, true)) return;
    pipe_.wait_readable([self = handle()](const async_error& failure) {
      self->listens_ = false;
      if (!failure && self->pipe_.is_open()) self->read_more();
    });
  }

  // Takes what the pipe holds now and closes it: the child is dead, and its pipe's end says nothing, for a
  // grandchild may hold it. What a slow reader of ours has not taken after limit::output_flush is dropped.
  void finish() {
    if (!pipe_.is_open()) return;
    int waiting = 0;
    if (::ioctl(pipe_.native_handle(), FIONREAD, &waiting) != 0) waiting = 0;
    while (waiting > 0) {
      const ssize_t got = read_some();
      if (got <= 0) break;
      waiting -= static_cast<int>(got);
    }
    end_of_stream();
  }

 private:
  shared<output_relay> handle() { return shared<output_relay>::of(*this); }

  ssize_t read_some() {
    char buffer[limit::output_read_bytes];
    ssize_t got = 0;
    do got = ::read(pipe_.native_handle(), buffer, sizeof buffer);
    while (got < 0 && errno == EINTR);
    if (got > 0) take(std::string_view(buffer, static_cast<std::size_t>(got)));
    return got;
  }

  void read_more() {
    const ssize_t got = read_some();
    if (got == 0 || (got < 0 && errno != EAGAIN)) return end_of_stream();
    write_lines();
    if (!blocked_) start();
  }

  void take(std::string_view bytes) {
    lines_->append(stream_, bytes);
    if (!target_) return;
    if (prefix_.empty()) {
      waiting_.append(bytes);
    } else {
      for (const char c : bytes) {
        if (at_line_start_) waiting_ += prefix_;
        at_line_start_ = c == '\n';
        waiting_ += c;
      }
    }
    const std::size_t end = waiting_.rfind('\n');
    if (end != std::string::npos) ready_ = end + 1;
    if (waiting_.size() - ready_ > limit::output_line_bytes) ready_ = waiting_.size();
  }

  void end_of_stream() {
    lines_->finish(stream_);
    boost::system::error_code ignored;
    pipe_.close(ignored);
    timer_.cancel();
    ready_ = waiting_.size();
    write_lines();
    if (!blocked_) return;
    timer_.wait(limit::output_flush, [self = handle()] { self->give_up(); });
  }

  void write_lines() {
    if (ready_ > 0 && target_ && !blocked_) {
      std::string_view rest = std::string_view(waiting_).substr(0, ready_);
      const auto result = target_->write(rest);
      waiting_.erase(0, ready_ - rest.size());
      ready_ = rest.size();
      if (result == output_target::result::gone) return give_up();
      if (result == output_target::result::would_block) return await_reader();
    }
    if (!waiting_.empty() && !blocked_ && pipe_.is_open() && !holding_) hold();
  }

  // Gives an unfinished line a moment: prompts and progress bars have no end.
  void hold() {
    holding_ = true;
    timer_.wait(limit::output_hold, [self = handle()] {
      self->holding_ = false;
      if (!self->pipe_.is_open()) return;
      self->ready_ = self->waiting_.size();
      self->write_lines();
    });
  }

  // An epoll descriptor of our own stands between: Asio would make the open file itself non-blocking.
  void await_reader() {
    owned_descriptor watch(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event writable{};
    writable.events = EPOLLOUT;
    if (!watch || ::epoll_ctl(watch.get(), EPOLL_CTL_ADD, target_->descriptor(), &writable) != 0)
      return give_up();
    blocked_ = make_owned<async_descriptor>(io_, watch.release());
    blocked_->wait_readable([self = handle()](const async_error& failure) {
      if (failure) return;
      self->blocked_.reset();
      self->write_lines();
      if (self->blocked_) return;
      if (self->pipe_.is_open()) {
        self->start();
      } else {
        self->timer_.cancel();
      }
    });
  }

  void give_up() {
    target_.reset();
    blocked_.reset();
    timer_.cancel();
    waiting_.clear();
    ready_ = 0;
  }

  boost::asio::io_context& io_;
  async_descriptor pipe_;
  loop_timer timer_;
  owned<async_descriptor> blocked_;  // while a reader of ours is slow
  shared<output_target> target_;
  shared<output_lines> lines_;
  output_lines::stream stream_;
  std::string prefix_;
  std::string waiting_;    // read and not yet written
  std::size_t ready_ = 0;  // of it, what may be written now
  bool at_line_start_ = true;
  bool holding_ = false;
  bool listens_ = false;
};

}  // namespace viceroy
