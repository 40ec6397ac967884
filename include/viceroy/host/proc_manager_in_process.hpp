// in_process_proc_manager: makes procs in the host's own process.
#pragma once

#include <unistd.h>

#include <exception>
#include <utility>

#include "viceroy/base/alive.hpp"
#include "viceroy/base/lookup.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/host/proc_manager.hpp"
#include "viceroy/proc/proc_agent.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

// Such a proc shares the host's loop and its fate; nothing but its actors can be ended by force.
class in_process_proc_manager final : public proc_manager {
 public:
  explicit in_process_proc_manager(runtime_core& core) : core_(&core) {}
  in_process_proc_manager(const in_process_proc_manager&) = delete;
  in_process_proc_manager& operator=(const in_process_proc_manager&) = delete;
  ~in_process_proc_manager() override {
    for (auto& each : procs_) {
      cancel(each.value);
      if (directory* const home = home_of(each.value)) core_->end_proc(*home, stop_mode::kill, {});
    }
  }

  void start(label id, std::uint32_t, const proc_spec& spec, events tell) override {
    proc& one = procs_[id];
    one.tell = std::move(tell);
    launch_event event;
    event.pid = ::getpid();
    try {
      directory& home = core_->make_proc(core_->serve(spec.transport), id);
      one.id = home.id();
      event.what = launch_event::kind::running;
      event.agent = make_proc_agent(*core_, home);
    } catch (...) {
      event.what = launch_event::kind::ended;
      event.sentence = "proc " + std::string(id.text()) +
                       " could not be made in its host's process: " + sentence_of(std::current_exception());
    }
    core_->loop().post(alive_.guard([this, id, event = std::move(event)] { report(id, event); }));
  }

  void stop(label id) override {
    proc* const one = procs_.find(id);
    if (!one || one->stopping) return;
    one->stopping = true;
    directory* const home = home_of(*one);
    if (!home) return;  // it was never made, or is withdrawn: its end is on its way
    executor& loop = core_->loop();
    one->drain = loop.call_at(loop.exact_now() + finite(core_->bounds().drain), [this, id] {
      proc& late = *procs_.find(id);
      late.drain = 0;
      if (directory* const still = home_of(late)) core_->end_proc(*still, stop_mode::kill, {});
    });
    core_->end_proc(*home, stop_mode::drain, alive_.guard([this, id] {
      launch_event event;
      event.what = launch_event::kind::ended;
      event.asked = true;
      event.sentence = "proc " + std::string(id.text()) + " was stopped";
      report(id, event);
    }));
  }

 private:
  struct proc {
    proc_id id;
    events tell;
    bool stopping = false;
    executor::timer drain = 0;
  };

  static directory* home_of(const proc& one) { return static_cast<directory*>(one.id.home()); }

  void report(label id, const launch_event& event) {
    proc* const one = procs_.find(id);
    if (!one) return;
    if (event.what != launch_event::kind::ended) return one->tell(event);
    cancel(*one);
    events tell = std::move(one->tell);
    procs_.erase(id);
    tell(event);
  }
  void cancel(proc& one) {
    if (one.drain) core_->loop().cancel(taken(one.drain));
  }

  runtime_core* core_;
  lookup<label, proc> procs_;
  alive alive_;
};

}  // namespace viceroy
