// host_agent: the actor through which others make, watch and end the procs of a host.
#pragma once

#include <chrono>
#include <coroutine>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/actor/spawn.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/host/host.hpp"
#include "viceroy/proc/resource_table.hpp"

namespace viceroy {

// Stands in slot 0 of the host's system proc and owns the host. It never waits: procs of one host start, and
// stop, side by side. Threads: its loop's.
class host_agent {
 public:
  static constexpr auto name = "viceroy::host_agent";
  using handles = messages<create_or_update<proc_spec>, get_state<proc_spec>, get_rank_status, viceroy::stop,
                           viceroy::list, shutdown_host>;

  explicit host_agent(owned<host> owned) : host_(std::move(owned)), core_(&host_->core()) {}
  ~host_agent() {
    if (timer_) core_->loop().cancel(timer_);
    core_->lost().forget(this);
  }
  host_agent(const host_agent&) = delete;
  host_agent& operator=(const host_agent&) = delete;

  void init(context<host_agent>& cx) {
    cx_ = &cx;
    core_->lost().watch(this, [this](const address& lost, const error&) {
      table_.forget_stoppers(lost);
      table_.for_each_owned_by(lost, [this](resource_table::entry& e) { end(e); });
    });
  }

  // However the agent is stopped, its procs are asked to end first.
  task<void> stop(context<host_agent>&) {
    stop_all();
    if (!dropped_) co_await all_gone{*this};
    forget_host();
  }

  void handle(context<host_agent>& cx, create_or_update<proc_spec> m) {
    resource_table::entry* const made = table_.create(m.id, m.rank, m.owner);
    if (!made) return;
    try {
      if (closing_) throw error(errc::receiver_stopping, cx.id().text() + " is shutting its host down");
      if (m.id.empty()) throw error(errc::bad_input, "a proc that is spawned needs a name");
      if (m.spec.in_process) in_process_.push_back(m.id);
      host_->manager(m.spec.in_process).start(m.id, m.rank, m.spec, [this, id = m.id](const launch_event& e) {
        happened(id, e);
      });
    } catch (...) {
      table_.advance(cx, *made, status::failed,
                     "rank " + std::to_string(m.rank) + ": " + sentence_of(std::current_exception()));
    }
  }

  resource_state handle(context<host_agent>&, const get_state<proc_spec>& m) { return table_.state(m.id); }

  void handle(context<host_agent>& cx, const get_rank_status& m) { table_.wait(cx, m.id, m.reply); }

  void handle(context<host_agent>& cx, const viceroy::stop& m) {
    if (resource_table::entry* const to_end = table_.end(cx, m.id, m.reply)) end(*to_end);
  }

  std::vector<rank_status> handle(context<host_agent>&, const viceroy::list&) { return table_.list(); }

  // Stops all procs at once; answers when they are gone, or the limit is over; then the host is dropped.
  void handle(context<host_agent>&, const shutdown_host& m) {
    shutdown_replies_.push_back(m.reply);
    if (!timer_) {
      const limits& l = core_->bounds();
      const auto limit = std::chrono::floor<limits::ms>(
          m.timeout_ms != 0
              ? limits::ms(m.timeout_ms)
              : finite(finite(finite(l.drain) + finite(l.terminate)) + finite(l.reap)) + limits::ms(1000));
      timer_ = core_->loop().call_at(core_->loop().exact_now() + limit, [this, limit] {
        timer_ = 0;
        table_.for_each_living([&](resource_table::entry& e) {
          left_.push_back("proc " + std::string(e.what.id.text()) + " (rank " + std::to_string(e.what.rank) +
                          ") has not ended within " + limit_text(limit));
        });
        drop();
      });
    }
    stop_all();
    if (table_.all_ended()) drop();
  }

  // Whoever should have been told is gone: nobody is left to tell.
  void handle(context<host_agent>&, const undeliverable&) {}

 private:
  struct told {
    address to;
    std::string sentence;
  };
  struct all_gone {
    host_agent& agent;
    explicit all_gone(host_agent& a) : agent(a) {}
    bool await_ready() const { return agent.table_.all_ended(); }
    void await_suspend(std::coroutine_handle<> h) const { agent.stopping_ = h; }
    void await_resume() const {}
  };

  void happened(label id, const launch_event& e) {
    resource_table::entry* const of = table_.find(id);
    if (!of) return;
    switch (e.what) {
      case launch_event::kind::created:
        return;
      case launch_event::kind::running:
        of->what.actor = e.agent;
        table_.advance(*cx_, *of, status::running);
        return;
      case launch_event::kind::ended:
        if (!e.gone || (e.ended_badly && of->stoppers.empty() && closing_)) {
          left_.push_back(e.sentence);
        } else if (e.ended_badly && of->stoppers.empty()) {  // its owner is gone
          core_->ended_badly(error(errc::process_died, e.sentence));
        }
        in_process_.erase(id);
        if (e.ended_badly) note_stoppers(*of, e.sentence);
        if (!of->what.actor.empty()) heard_all(of->what.actor.proc().address(), !e.forced || e.ended_badly);
        table_.advance(*cx_, *of, e.asked && e.gone ? status::stopped : status::failed, e.sentence);
        break;
    }
    if (!closing_ || !table_.all_ended()) return;
    // Either may end this agent: nothing after them.
    if (stopping_) return taken(stopping_).resume();
    if (!shutdown_replies_.empty()) drop();
  }

  // Whoever of this host is told of an end that was not in order while it is being stopped may be ended by
  // force before it has said so. One that runs hears of it, and what it makes of it is its own affair.
  void note_stoppers(const resource_table::entry& of, const std::string& sentence) {
    for (const auto& each : of.stoppers) {
      const address to = each.id().actor().proc().address();
      const resource_table::entry* const who = table_.process_at(to);
      if (!who || who->what.status < status::stopping) continue;
      told_.push_back({to, sentence});
      if (is_terminal(who->what.status)) heard_all(to, false);
    }
  }
  // A process has ended, which had heard what it was told, or may not have.
  void heard_all(const address& which, bool heard) {
    told_.erase_if([&](const told& each) {
      if (each.to != which) return false;
      if (heard) return true;
      if (closing_) {
        left_.push_back(each.sentence);
      } else {
        core_->ended_badly(error(errc::process_died, each.sentence));
      }
      return true;
    });
  }

  void end(resource_table::entry& of) {
    if (!table_.advance(*cx_, of, status::stopping)) return;
    host_->manager(is_in_process(of.what.id)).stop(of.what.id);
  }
  bool is_in_process(label id) const {
    for (const label each : in_process_)
      if (each == id) return true;
    return false;
  }
  void stop_all() {
    closing_ = true;
    table_.for_each_living([this](resource_table::entry& e) { end(e); });
  }

  // Answers, and lets go of the host: its front door closes with the system proc.
  void drop() {
    if (taken(dropped_, true)) return;
    rank_status answer;
    answer.id = cx_->id().name();
    answer.actor = cx_->id();
    answer.status = left_.empty() ? status::stopped : status::failed;
    for (const std::string& each : left_) answer.sentence += (answer.sentence.empty() ? "" : "; ") + each;
    for (const auto& reply : shutdown_replies_)
      if (!reply.empty()) reply.send(*cx_, answer);
    forget_host();
    core_->end_proc(host_->system(), stop_mode::stop, {});
  }
  void forget_host() const {
    if (core_->host_agent() == cx_->id()) core_->set_host_agent({});
  }

  owned<host> host_;
  runtime_core* core_;
  context<host_agent>* cx_ = nullptr;
  resource_table table_;
  series<label> in_process_;
  series<resource_table::reply> shutdown_replies_;
  series<told> told_;  // ends that were not in order, and which process that is being stopped was told
  std::vector<std::string> left_;     // what could not be stopped, or not in order
  std::coroutine_handle<> stopping_;  // the stop hook, while it waits
  executor::timer timer_ = 0;         // of the shutdown
  bool closing_ = false;
  bool dropped_ = false;
};

// Stands a host up in this process: it becomes the host of this process's procs. Returns: its agent's id.
// Errors: as host's constructor.
inline actor_id make_host(runtime_core& core, transport over, owned<bootstrap_command> procs_command = {}) {
  auto made = make_owned<host>(core, over, std::move(procs_command));
  directory& system = made->system();
  const actor_id agent =
      detail::spawn_in<host_agent>(system, label::parse(host_agent_name), nullptr, true, std::move(made))
          .id();
  core.set_host_agent(agent);
  return agent;
}

}  // namespace viceroy
