// child_process: owns one child of the operating system, from its start to its exit.
#pragma once

#include <fcntl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/executor.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/channel/async_wait.hpp"
#include "viceroy/host/lifeline_parent.hpp"
#include "viceroy/host/output_lines.hpp"
#include "viceroy/host/output_relay.hpp"
#include "viceroy/host/output_target.hpp"
#include "viceroy/host/process_handle.hpp"
#include "viceroy/host/process_identity.hpp"
#include "viceroy/host/process_options.hpp"
#include "viceroy/host/process_spawn.hpp"

namespace viceroy {

// Starts a child, writes its output through, tells how it ended, and takes it and its process group along
// when dropped. Threads: the loop's only; the handler runs there too, never from inside a call to this class.
// Cost: four descriptors while the child lives (pidfd, lifeline, two pipes).
class child_process {
 public:
  using exit_handler = callback<void(const process_exit&)>;

  // Starts the process; `on_exit` is called once, after its last output was read. It may destroy this object.
  // Errors: spawn_failed naming the program and the kernel's reason; bad_input; system.
  child_process(boost::asio::io_context& io, const process_options& options, exit_handler on_exit)
      : state_(state::start(io, options, std::move(on_exit))) {}

  child_process(child_process&&) noexcept = default;
  child_process& operator=(child_process&& other) noexcept {
    if (this != &other) {
      let_go();
      state_ = std::move(other.state_);
    }
    return *this;
  }

  // Kills the whole group of a child that still runs; the loop reaps it later, or, where the loop ends first,
  // its end does. The handler is not called any more. In a fork's copy: nothing.
  ~child_process() { let_go(); }

  pid_t pid() const noexcept { return state_->handle.pid(); }
  bool running() const noexcept { return !state_->ended; }

  // The last lines it wrote, of stdout and stderr together in the order of reading.
  std::vector<std::string> last_lines() const { return state_->lines->last(); }

  // Asks the whole group to end, with SIGTERM.
  void terminate() noexcept { state_->signal(SIGTERM); }

  // Ends the whole group, with SIGKILL.
  void kill_now() noexcept { state_->signal(SIGKILL); }

  // Drops the lifeline: a child of ours ends itself within its grace, whatever its loops do.
  void close_lifeline() noexcept { state_->lifeline.close(); }

 private:
  struct state : counted {
    state(boost::asio::io_context& context, process_handle started, lifeline_parent line,
          exit_handler handler)
        : watch(context),
          handle(std::move(started)),
          lifeline(std::move(line)),
          lines(make_counted<output_lines>()),
          on_exit(std::move(handler)) {}

    // Only a loop that ended with the child still running, or unreaped, comes here with work left.
    ~state() {
      if (watch.is_open()) watch.release();  // the number is handle's to close
      if (ended || !home.still_here()) return;
      handle.signal_group(SIGKILL);
      if (handle.descriptor() >= 0) wait_readable(handle.descriptor(), limit::abandoned_reap);
      handle.reap();
    }

    static shared<state> start(boost::asio::io_context& io, const process_options& options,
                               exit_handler on_exit);
    void await_end();
    void reap_and_tell();
    void signal(int number) const noexcept {
      if (!ended && home.still_here()) handle.signal_group(number);
    }

    async_descriptor watch;
    process_handle handle;
    lifeline_parent lifeline;
    shared<output_lines> lines;
    shared<output_relay> out;
    shared<output_relay> err;
    exit_handler on_exit;
    bool ended = false;
    process_identity home;
  };

  void let_go() noexcept {
    if (!state_) return;
    if (!state_->home.still_here()) {
      // A fork's copy shares the epoll instance: closing what Asio registered would take it from the
      // original.
      new shared<state>(std::move(state_));
      return;
    }
    state_->on_exit.reset();
    state_->signal(SIGKILL);
    state_->lifeline.close();
    state_.reset();
  }

  shared<state> state_;
};

namespace detail {

// One pipe, both of its ends above the numbers that a child's own descriptors take.
struct output_pipe {
  output_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw_system_error("pipe2", errno);
    read = owned_descriptor(ends[0]);
    write = owned_descriptor(ends[1]);
    write.lift(lifeline_number + 1);
    // Only our end: what a child writes to must block as a terminal does.
    if (::fcntl(read.get(), F_SETFL, O_NONBLOCK) != 0) throw_system_error("fcntl(F_SETFL)", errno);
  }

  owned_descriptor read;
  owned_descriptor write;
};

}  // namespace detail

inline shared<child_process::state> child_process::state::start(boost::asio::io_context& io,
                                                                const process_options& options,
                                                                exit_handler on_exit) {
  // Everything that can fail for want of descriptors or memory comes before the process.
  lifeline_parent lifeline(options.secret);
  lifeline.childs_end().lift(detail::lifeline_number + 1);
  detail::output_pipe out;
  detail::output_pipe err;
  const pid_t pid = spawn_process(options, out.write.get(), err.write.get(), lifeline.childs_end().get());
  lifeline.guard(pid);
  out.write.close();
  err.write.close();
  lifeline.childs_end().close();
  owned_descriptor descriptor = open_process(pid);
  const int failure = descriptor ? 0 : errno;
  process_handle handle(pid, std::move(descriptor));
  if (failure != 0 && failure != ESRCH) {
    handle.signal_group(SIGKILL);
    ::waitpid(pid, nullptr, 0);
    throw error(errc::spawn_failed, "cannot watch \"" + options.command.program() +
                                        "\": pidfd_open failed: " + errno_text(failure));
  }
  auto started = make_counted<state>(io, std::move(handle), std::move(lifeline), std::move(on_exit));
  const auto relay = [&](owned_descriptor pipe, int number) {
    auto made = make_counted<output_relay>(
        io, std::move(pipe), options.write_through ? output_target::of(number) : shared<output_target>(),
        started->lines, options.output_prefix);
    made->start();
    return made;
  };
  started->out = relay(std::move(out.read), STDOUT_FILENO);
  started->err = relay(std::move(err.read), STDERR_FILENO);
  started->await_end();
  return started;
}

inline void child_process::state::await_end() {
  if (handle.descriptor() < 0) {
    // Gone before it could be watched: SIGCHLD is ignored here, or it was reaped already.
    executor::current()->post([self = shared<state>::of(*this)] { self->reap_and_tell(); });
    return;
  }
  if (!watch.is_open()) watch.assign(handle.descriptor());
  watch.wait_readable([self = shared<state>::of(*this)](const async_error& failed) {
    if (!failed) self->reap_and_tell();
  });
}

inline void child_process::state::reap_and_tell() {
  const auto how = handle.reap();
  if (!how) return await_end();
  ended = true;
  watch.release();
  handle.close();
  lifeline.close();
  out->finish();
  err->finish();
  out.reset();
  err.reset();
  // The last act: the handler may destroy the owner, and with it all but this call's hold on the state.
  if (auto tell = taken(on_exit)) tell(*how);
}

}  // namespace viceroy
