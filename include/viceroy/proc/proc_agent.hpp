// proc_agent: the actor through which others make, watch and end the actors of a proc.
#pragma once

#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/actor/spawn.hpp"
#include "viceroy/base/lookup.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/unfinished.hpp"
#include "viceroy/proc/resource_table.hpp"
#include "viceroy/proc/roots_end.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

// Stands in slot 0 of its proc. It makes actors from bytes, announces one as running once its init hook is
// done, and tells its owner when it ends after that. While an actor that failed so has not been stopped
// (which is how its owner says that it has dealt with the failure), it makes no more. Threads: its loop's.
class proc_agent {
 public:
  static constexpr auto name = "viceroy::proc_agent";
  using handles = messages<create_or_update<actor_spec>, get_state<actor_spec>, get_rank_status,
                           viceroy::stop, viceroy::list>;

  explicit proc_agent(runtime_core& core) : core_(&core) {}

  void init(context<proc_agent>& cx) {
    cx_ = &cx;
    cx.box().home().on_root_end(
        [this](mailbox& box, status how, const error* cause) { ended(box, how, cause); });
    core_->lost().watch(this, [this](const address& lost, const error&) {
      blamed_.erase_if([&](const auto& b) { return table_.owned_by(b.key, lost); });
      table_.forget_stoppers(lost);
      table_.for_each_owned_by(lost, [this](resource_table::entry& e) { end(e); });
    });
  }
  void cleanup(context<proc_agent>& cx) {
    cx.box().home().on_root_end({});
    for (const auto& [id, timer] : draining_) core_->loop().cancel(timer);
    core_->lost().forget(this);
  }

  void handle(context<proc_agent>& cx, create_or_update<actor_spec> m) {
    resource_table::entry* const made = table_.create(m.id, m.rank, m.owner);
    if (!made) return;
    try {
      if (cx.box().home().is_ending())
        throw error(errc::receiver_stopping, "proc " + std::string(cx.id().proc().text()) + " is ending");
      refuse_after_failure(cx);
      mailbox& box = construct(cx.box().home(), m.id, m.spec);
      made->what.actor = box.id();
      // The agent may be gone by the time the hook is done.
      life::when_started(box, [this, agent = mailbox_handle(cx.box()), id = m.id] {
        if (agent.get()) started(id);
      });
    } catch (...) {
      table_.advance(cx, *made, status::failed,
                     "rank " + std::to_string(m.rank) + ": " + sentence_of(std::current_exception()));
    }
  }

  resource_state handle(context<proc_agent>&, const get_state<actor_spec>& m) { return table_.state(m.id); }

  void handle(context<proc_agent>& cx, const get_rank_status& m) { table_.wait(cx, m.id, m.reply); }

  void handle(context<proc_agent>& cx, const viceroy::stop& m) {
    blamed_.erase(m.id);
    if (resource_table::entry* const to_end = table_.end(cx, m.id, m.reply)) end(*to_end);
  }

  std::vector<rank_status> handle(context<proc_agent>&, const viceroy::list&) { return table_.list(); }

  // Whoever should have been told is gone: nobody is left to tell.
  void handle(context<proc_agent>&, const undeliverable&) {}

 private:
  void end(resource_table::entry& of) {
    if (!table_.advance(*cx_, of, status::stopping)) return;
    mailbox* const box = cx_->box().home().find(of.what.id);
    if (!box || box->id() != of.what.actor) return void(table_.advance(*cx_, of, status::stopped));
    life::stop(*box, stop_mode::drain);
    executor& loop = core_->loop();
    draining_[of.what.id] = loop.call_at(loop.exact_now() + finite(core_->bounds().drain),
                                         [this, still = mailbox_handle(*box), id = of.what.id] {
                                           draining_.erase(id);
                                           if (mailbox* const late = still.get()) stop_harder(*late);
                                         });
  }

  void stop_harder(mailbox& late) const {
    if (const std::string who = roots_end::held(late); !who.empty())
      std::fprintf(stderr, "viceroy: %s %s after it was asked to stop\n", who.c_str(),
                   limit_text(core_->bounds().drain).c_str());
    life::stop(late, stop_mode::stop);
  }

  void refuse_after_failure(context<proc_agent>& cx) const {
    if (blamed_.empty()) return;
    const auto& [id, sentence] = *blamed_.begin();
    throw error(errc::refused, "proc " + std::string(cx.id().proc().text()) +
                                   " makes no actors until the owner of " + std::string(id.text()) +
                                   " has dealt with its failure: " + sentence);
  }

  mailbox& construct(directory& home, label id, const actor_spec& spec) const {
    if (id.empty()) throw error(errc::bad_input, "an actor that is spawned from outside needs a name");
    for (const remote_entry& entry : core_->built_ins()) {
      if (entry.type != spec.type) continue;
      reader in(spec.params);
      return entry.construct(home, id, in);
    }
    return gspawn(core_->application(), home, spec.type, spec.type_name, id, spec.params);
  }

  void started(label id) {
    if (resource_table::entry* const of = table_.find(id)) table_.advance(*cx_, *of, status::running);
  }

  // A root of this proc has ended; those that were not made here are the core's affair.
  void ended(mailbox& box, status how, const error* cause) {
    resource_table::entry* const of = table_.find(box.name());
    if (!of || of->what.actor != box.id()) {
      if (cause) core_->root_failed(*cause);
      return;
    }
    if (const executor::timer* const drain = draining_.find(box.name())) {
      core_->loop().cancel(*drain);
      draining_.erase(box.name());
    }
    const char* const why = box.queue().why_ending();
    const std::string sentence = cause ? cause->sentence() : std::string(why ? why : "");
    if (cause && of->what.status == status::running) blamed_.add(box.name(), sentence);
    of->what.by_hook = cause && life::of(box).hook_failed;
    // Whoever owns it asked for more than its end, or is gone.
    if (of->what.by_hook && of->stoppers.empty() &&
        (box.home().is_ending() || of->what.status == status::stopping))
      core_->ended_badly(*cause);
    table_.advance(*cx_, *of, how, sentence);
  }

  runtime_core* core_;
  context<proc_agent>* cx_ = nullptr;
  resource_table table_;
  lookup<label, executor::timer> draining_;
  lookup<label, std::string> blamed_;  // failed, and not dealt with yet
};

// Puts a proc agent into slot 0 of a proc. Returns: its id.
inline actor_id make_proc_agent(runtime_core& core, directory& home) {
  return detail::spawn_in<proc_agent>(home, label::parse("proc_agent"), nullptr, true, core).id();
}

}  // namespace viceroy
