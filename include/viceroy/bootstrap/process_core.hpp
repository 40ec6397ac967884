// process_core: the runtime of a real process: its loop, its procs, its signals, and how it ends.
#pragma once

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/lookup.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/running.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/bootstrap/own_identity.hpp"
#include "viceroy/bootstrap/process_runtime.hpp"
#include "viceroy/bootstrap/process_signals.hpp"
#include "viceroy/bootstrap/root_task.hpp"
#include "viceroy/host/watchdog.hpp"
#include "viceroy/mesh/operations.hpp"
#include "viceroy/proc/loop.hpp"
#include "viceroy/proc/loop_thread.hpp"
#include "viceroy/proc/roots_end.hpp"
#include "viceroy/proc/thread_loops.hpp"

namespace viceroy {

// Everything of a process hangs off this: one loop, the addresses it serves, the procs it has, and what holds
// its end up. Its end: the root task's frame goes, what is held is waited for, then procs' actors end, then
// links are flushed.
class process_core : public process_runtime {
 public:
  process_core(const application_table& app, std::vector<std::string> arguments,
               const viceroy::limits& bounds, std::optional<mesh_key> key, std::uint64_t system_hash)
      : app_(&app),
        arguments_(std::move(arguments)),
        limits_(bounds),
        key_(key),
        loop_(own_identity(app, limits_, key, system_hash), limits_) {
    loop_.roads().set_lost(&lost());
    loop_.roads().set_application(app);
    note_messages();
    loop_.roads().on_lost_proc(
        [this](const proc_id& gone, const error& cause) { threads_.tell_lost(gone, cause); });
    loop_.on_watchdog_limit([this](limits::ms limit) {
      try {
        watch_.limit_to(limit);
      } catch (const error& why) {
        say_on_stderr("process " + std::to_string(::getpid()) + " has no watchdog: " + why.sentence());
      }
    });
  }

  ~process_core() override {
    if (thread_.runs()) {
      loop_.post([this] { begin_end(); });
      thread_.join();
    }
    threads_.end();
    const loop::attached on_loop(loop_);
    for (const auto& proc : procs_) proc.value->withdraw();
    meshes_.reset();
  }

  // What the upper layers bring: made after the core they need.
  void set_meshes(owned<mesh_operations> m) { meshes_ = std::move(m); }
  viceroy::loop& real_loop() { return loop_; }
  void set_trace_id(std::string id) { trace_id_ = std::move(id); }

  executor& loop() override { return loop_; }
  run_queue& queue() override { return loop_.queue(); }
  const application_table& application() const override { return *app_; }
  viceroy::limits& bounds() override { return limits_; }
  const std::vector<std::string>& arguments() const override { return arguments_; }
  mesh_operations& meshes() override { return *meshes_; }
  actor_id host_agent() const override { return host_agent_; }
  void set_host_agent(const actor_id& agent) override { host_agent_ = agent; }

  owned<launcher> make_launcher() override;

  address serve(transport over) override {
    if (static_cast<std::size_t>(over) >= transport_count) return serve_private(over);  // which refuses it
    address& at = served_[static_cast<std::size_t>(over)];
    if (at.empty())
      at = over == transport::in_process ? address::in_process(static_cast<std::uint64_t>(::getpid()))
                                         : loop_.roads().links().serve(over);
    return at;
  }
  address serve_private(transport over) override { return loop_.roads().links().serve(over); }
  void stop_serving(address at) override { loop_.roads().links().stop_serving(at); }

  directory& make_proc(address at, label name) override {
    const proc_id id(at, name);
    if (owned<directory>* const old = procs_.find(id); old && id.home() == nullptr) {
      ended_procs_.push_back(std::move(*old));  // messages on their way may still ask it
      procs_.erase(id);
    }
    if (procs_.contains(id) || id.home() != nullptr)  // another runtime's, where both have one address
      throw error(errc::already_exists,
                  "this process has a proc " + std::string(id.text()) + " already; choose another name");
    owned<directory>& made = procs_[id] = make_owned<directory>(id, loop_.queue());
    made->set_core(this);
    made->set_threads(&threads_);
    made->on_root_end([this](mailbox& box, status, const error* cause) {
      if (!cause) return;
      const error why = failure_of(box);
      // What is awaited of others fails while they end, and means nothing; a stop hook that fails does.
      if (ending_ && life::of(box).hook_failed) return ended_badly(why);
      root_failed(why);
    });
    made->publish();
    return *made;
  }

  void end_proc(directory& proc, stop_mode how, callback<void()> done) override {
    proc.begin_end();
    roots_end::stop(proc, how, [&proc, done = std::move(done)]() mutable {
      proc.withdraw();
      if (done) done();
    });
  }

  void proc_is_gone(const proc_id& gone, const error& cause) override {
    loop_.roads().proc_is_gone(gone, cause);
  }

  at_end hold(std::string what) override {
    const std::uint64_t number = ++last_hold_;
    holds_.add(number, std::move(what));
    return at_end([this, number] {
      if (!holds_.erase(number)) return;
      if (ending_ && holds_.empty()) loop_.post([this] { end_links(); });
    });
  }

  bool post(callback<void()> work) override { return loop_.post_if_open(std::move(work)); }
  awaited_tasks& awaited() override { return awaited_; }

  void finish(int code) override {
    exit_code_ = code;
    begin_end();
  }

  void root_failed(const error& cause) override {
    if (failure_ || ending_) return;
    failure_ = std::make_exception_ptr(cause);
    loop_.call_at(loop_.now(),
                  [this] { begin_end(); });  // in a turn of its own: somebody's frame is on the stack
  }
  void ended_badly(const error& why) override {
    std::fprintf(stderr, "viceroy: %s\n", why.what());
    ended_badly_ = true;
  }
  message_trace trace() override { return follow_next(loop_.queue()); }
  std::uint64_t times_held() override { return loop_.queue().holder().times_held(); }

  int run_root(const root_function& root) override {
    const here at_home(*this);
    try {
      watch_signals();
    } catch (const std::exception& why) {
      return cannot_run(why);
    }
    loop_.post([this, root] {
      root_ = running::start<int>(detail::root_task(root), [this](outcome<int> o) {
        if (o.ok()) {
          exit_code_ = o.get();
          if (const mailbox* const box = failed_instance()) root_failed(failure_of(*box));
        } else {
          failure_ = o.failure();
        }
        begin_end();
      });
    });
    loop_.run();
    return signal_ != 0 ? 128 + signal_ : exit_status();
  }

  void start_thread() override {
    thread_.start([this] {
      const here at_home(*this);
      loop_.run();
      loop_.close();
    });
  }

  // Runs until finish(): a child's main. SIGTERM calls `drain`.
  int run_child(callback<void()> start, callback<void()> drain) {
    const here at_home(*this);
    drain_ = std::move(drain);
    watch_signals();
    loop_.post([start = std::move(start)]() mutable { start(); });
    loop_.run();
    return exit_status();
  }

 private:
  int exit_status() const {
    if (failure_) std::fprintf(stderr, "viceroy: %s\n", sentence_of(failure_).c_str());
    const bool obeyed = exit_code_ == 0 || exit_code_ == 128 + SIGTERM;
    return failure_ || (obeyed && ended_badly_) ? 1 : exit_code_;
  }

  static error failure_of(const mailbox& box) {
    return error(box.cause()->kind(), box.text() + " failed: " + box.cause()->sentence());
  }
  // An instance that fails tells its ports first, and the root task may have caught that and be done. (A stop
  // hook's failure is named anyway.)
  const mailbox* failed_instance() const {
    for (const auto& [id, proc] : procs_)
      for (mailbox* box = proc->first_root(); box != nullptr; box = directory::next_root(*box))
        if (!box->ops() && box->cause() && !life::of(*box).hook_failed) return box;
    return nullptr;
  }

  void watch_signals() {
    const auto then = drain_ ? process_signals::second::told : process_signals::second::ends_process;
    signals_ = make_owned<process_signals>(loop_.io(), then, [this](int number) {
      if (!drain_) {
        signal_ = number;
        begin_end();
      } else if (number == SIGTERM && !ending_) {
        loop_.queue().end_because("its process was sent a SIGTERM");
        drain_();
      }
    });
  }

  // Ends what the process has, in order; each step is bounded by limits::shutdown in all.
  void begin_end() {
    if (ending_) return;
    ending_ = true;
    limit_ = loop_.call_at(loop_.exact_now() + finite(limits_.shutdown), [this] {
      for (const auto& each : holds_)
        std::fprintf(stderr, "viceroy: the runtime ends after %s although it still waits for %s\n",
                     limit_text(limits_.shutdown).c_str(), each.value.c_str());
      if (exit_code_ == 0) exit_code_ = 1;
      holds_.clear();
      end_links();
    });
    root_.reset();  // its frame's handles post their stops
    awaited_.end(failure_);
    if (meshes_) meshes_->abandon_all();
    if (holds_.empty()) loop_.post([this] { end_links(); });
  }

  void end_links() {
    if (links_ended_ || !holds_.empty()) return;
    links_ended_ = true;
    // A child's actors and their threads had their time while it drained.
    const auto until = loop_.exact_now() + finite(drain_ ? limits_.drain / 10 : limits_.drain);
    series<directory*> all;
    for (const auto& proc : procs_) all.push_back(proc.value.get());
    roots_end::begin(std::move(all), until, [this, until] {
      const char* const why = loop_.queue().why_ending();
      loop_.roads().links().close_all(why ? why : "the process ends");
      await_idle(until);
    });
  }
  void await_idle(executor::clock::time_point until) {
    const bool idle = loop_.roads().links().idle() && threads_.idle();
    if (!idle && loop_.now() < until) {
      loop_.call_at(loop_.now() + std::chrono::milliseconds(1), [this, until] { await_idle(until); });
      return;
    }
    for (const std::string& who : threads_.held()) {
      std::fprintf(stderr, "viceroy: the runtime ends although %s; its thread is left behind\n", who.c_str());
      if (exit_code_ == 0) exit_code_ = 1;
    }
    loop_.stop();
  }

  const application_table* app_;
  std::vector<std::string> arguments_;
  viceroy::limits limits_;
  std::optional<mesh_key> key_;
  std::string trace_id_;
  viceroy::loop loop_;
  thread_loops threads_{loop_};
  watchdog::watch watch_{loop_.queue().holder(), &say_on_stderr};
  owned<process_signals> signals_;
  address served_[transport_count];
  lookup<proc_id, owned<directory>> procs_;
  series<owned<directory>> ended_procs_;  // whose names were taken again
  owned<mesh_operations> meshes_;
  lookup<std::uint64_t, std::string> holds_;
  std::uint64_t last_hold_ = 0;
  actor_id host_agent_;
  running root_;
  awaited_tasks awaited_;
  callback<void()> drain_;
  std::exception_ptr failure_;
  executor::timer limit_ = 0;
  loop_thread thread_;
  int exit_code_ = 0, signal_ = 0;
  bool ending_ = false, links_ended_ = false, ended_badly_ = false;
};

}  // namespace viceroy
