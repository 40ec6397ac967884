// bootstrap_child: the life of a started process: hello, a proc, and an orderly end.
#pragma once

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "viceroy/actor/ref.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/base/unfinished.hpp"
#include "viceroy/bootstrap/modes.hpp"
#include "viceroy/host/host_trampoline.hpp"
#include "viceroy/host/launcher_actor.hpp"
#include "viceroy/proc/proc_agent.hpp"
#include "viceroy/proc/roots_end.hpp"

namespace viceroy {

class bootstrap_child;

// The mailbox of a child's bootstrap: slot 0 of its proc "control".
class bootstrap_actor {
 public:
  static constexpr auto name = "viceroy::bootstrap_actor";
  using handles = messages<start_proc, stop_and_exit>;

  explicit bootstrap_actor(bootstrap_child& owner) : owner_(&owner) {}

  void handle(context<bootstrap_actor>& cx, const start_proc& m);
  void handle(context<bootstrap_actor>&, const stop_and_exit& m);
  void handle(context<bootstrap_actor>&, const undeliverable& m);

 private:
  bootstrap_child* owner_;
};

// Calls the parent back, starts the proc that it is told to, and ends the process when the parent says so or
// SIGTERM does. Lives until the loop has ended. Threads: the loop's.
class bootstrap_child {
 public:
  // Serves a private address and says hello. `token` is the configuration's.
  // Errors: system; a parent that cannot be reached is said on stderr, and the process ends with status 1.
  bootstrap_child(runtime_core& core, child_settings settings, std::uint64_t token)
      : core_(&core), settings_(std::move(settings)) {
    if (settings_.mode == bootstrap_mode::allocated) core.built_ins().push_back(trampoline_entry());
    directory& control =
        core.make_proc(core.serve_private(transport::unix_domain), label::parse(control_proc_name));
    auto& box =
        detail::spawn_in<bootstrap_actor>(control, label::parse(bootstrap_actor_name), nullptr, true, *this);
    launcher_ = actor_ref<launcher_actor>(
        actor_id(proc_id(settings_.parent, label::parse(control_proc_name)), label::parse(launcher_name), 0));
    launcher_.send<hello>(box.cx(), settings_.index, token, std::int64_t{::getpid()}, box.id());
  }
  bootstrap_child(const bootstrap_child&) = delete;
  bootstrap_child& operator=(const bootstrap_child&) = delete;

  // SIGTERM's hook: ends in order; the second time at once. The status tells the parent that it was no idea
  // of its own.
  void terminate() {
    if (ending_) return core_->finish(128 + SIGTERM);
    status_ = 128 + SIGTERM;
    end(core_->bounds().drain);
  }

 private:
  friend class bootstrap_actor;

  void start(context<bootstrap_actor>& cx, const start_proc& m) {
    started_proc answer;
    answer.index = settings_.index;
    try {
      if (!proc_.empty())
        throw error(errc::already_exists, "it runs " + std::string(proc_.text()) + " already");
      if (ending_) throw error(errc::receiver_stopping, "the process is ending");
      directory& home = core_->make_proc(core_->serve(m.transport), m.proc);
      proc_ = home.id();
      if (!m.host_agent.empty()) core_->set_host_agent(m.host_agent);
      answer.agent = make_proc_agent(*core_, home);
    } catch (...) {
      answer.sentence = sentence_of(std::current_exception());
    }
    launcher_.send<started_proc>(cx, std::move(answer));
  }

  // Ends the host if this process has one (its procs first), then the proc, then the process.
  void end(limits::ms drain) {
    if (taken(ending_, true)) return;
    executor& loop = core_->loop();
    loop.call_at(loop.exact_now() + finite(drain), [this, drain] {
      hurry_ = true;
      directory* const home = current_;
      if (!home) return;
      if (const std::string who = roots_end::held(*home); !who.empty())
        std::fprintf(stderr, "viceroy: process %d ends after %s although %s\n", ::getpid(),
                     limit_text(drain).c_str(), who.c_str());
      core_->end_proc(*home, stop_mode::kill, {});
    });
    end_proc(core_->host_agent().proc(), [this] {
      end_proc(proc_, [this] {
        current_ = nullptr;
        core_->finish(status_);
      });
    });
  }

  void end_proc(proc_id which, callback<void()> then) {
    current_ = static_cast<directory*>(which.home());
    if (!current_) return then();
    core_->end_proc(*current_, hurry_ ? stop_mode::kill : stop_mode::drain, std::move(then));
  }

  void unreachable(const undeliverable& m) {
    if (m.to != launcher_.id() || ending_) return;
    std::fprintf(stderr, "viceroy: process %d cannot reach its parent at %s: %s\n", ::getpid(),
                 std::string(settings_.parent.text()).c_str(), m.sentence.c_str());
    core_->finish(1);
  }

  runtime_core* core_;
  child_settings settings_;
  actor_ref<launcher_actor> launcher_;
  proc_id proc_;
  directory* current_ = nullptr;  // what is being ended
  bool ending_ = false;
  bool hurry_ = false;
  int status_ = 0;
};

inline void bootstrap_actor::handle(context<bootstrap_actor>& cx, const start_proc& m) {
  owner_->start(cx, m);
}
inline void bootstrap_actor::handle(context<bootstrap_actor>&, const stop_and_exit& m) {
  owner_->status_ = 0;
  owner_->end(limits::ms(m.drain_ms));
}
inline void bootstrap_actor::handle(context<bootstrap_actor>&, const undeliverable& m) {
  owner_->unreachable(m);
}

}  // namespace viceroy
