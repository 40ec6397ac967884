// roots_end: how the actors of a proc end, and the last ones of a process: those with stop hooks first.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/executor.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/mailbox/life.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

// Stops the roots of some procs one after the other, the youngest of the youngest proc first, so that a stop
// hook may still ask those that were there before it, and waits while a hook runs; what is left then is
// killed. Threads: the loop's.
class roots_end : public counted {
 public:
  // Calls `done` in a turn of its own when all are gone, soon after `until` at the latest. The procs, the
  // oldest first, live on.
  static void begin(series<directory*> procs, executor::clock::time_point until, callback<void()> done) {
    const auto self = make_counted<roots_end>(std::move(procs), until, std::move(done));
    self->go_on();
  }
  roots_end(series<directory*> procs, executor::clock::time_point until, callback<void()> done)
      : procs_(std::move(procs)), until_(until), done_(std::move(done)) {
    for (const bool ending : {true, false})  // what is ending already comes first, whatever its age
      for (std::size_t i = procs_.size(); i-- != 0;)
        for (mailbox* box = procs_[i]->first_root(); box != nullptr; box = directory::next_root(*box))
          if (box->is_closed() == ending && may_have_hooks(*box)) left_.push_back({box, box->generation()});
  }

  // Returns: who of a proc, or of an actor and its children, is still in a handler or hook, in words; nothing
  // when nobody is.
  static std::string held(const directory& proc) {
    held_actors all;
    for (mailbox* box = proc.first_root(); box != nullptr; box = directory::next_root(*box)) all.find(*box);
    return all.text();
  }
  static std::string held(const mailbox& actor) {
    held_actors all;
    all.find(actor);
    return all.text();
  }

  // Ends all actors of one proc at once, then its instances, in whose name the meshes of those actors end,
  // and which wait for that unless they are killed; then its agent (slot 0), which reports them all; then
  // calls `done`.
  static void stop(const directory& proc, stop_mode how, callback<void()> done) {
    const auto left = make_counted<roots_left>(proc, how, std::move(done));
    for (mailbox* box = proc.first_root(); box != nullptr; box = directory::next_root(*box)) {
      if (box->slot() == 0) {
        left->agent.push_back({box, box->generation()});
      } else {
        (box->ops() ? left->actors : left->instances).push_back({box, box->generation()});
      }
    }
    left->end_actors();
  }

 private:
  // The first one found, and how many more.
  struct held_actors {
    void find(const mailbox& box) {
      if (const affairs* const a = box.affairs_.get(); a && (a->suspended || a->side_by_side)) {
        const message_node* const handled = a->side_by_side ? a->side_by_side->node : box.current();
        if (first.empty())
          first = box.text() + (a->in_hook ? " is still in its stop hook"
                                : handled  ? " still handles " + std::string(handled->ops->name)
                                           : " is still in its init hook");
        else
          ++others;
      }
      for (const mailbox* child = box.children_; child != nullptr; child = child->next_sibling_) find(*child);
    }
    std::string text() const {
      if (others == 0) return first;
      return first + " (and " + std::to_string(others) + (others == 1 ? " other)" : " others)");
    }
    std::string first;
    std::size_t others = 0;
  };
  struct root {
    mailbox* box;
    std::uint32_t generation;
    bool lives() const { return box->generation() == generation; }
  };
  // What one stop() still waits for.
  struct roots_left : counted {
    roots_left(const directory& p, stop_mode h, callback<void()> f) : proc(p), how(h), done(std::move(f)) {}

    void end_actors() {
      if (!await_each(actors, [](roots_left& l) { l.end_instances(); })) return end_instances();
      stop_each(actors);
    }
    // A kill that comes meanwhile ends them, and this wait.
    void end_instances() {
      if (!await_each(instances, [](roots_left& l) { l.end_agent(); })) return end_agent();
      if (how == stop_mode::kill || proc.core() == nullptr) return stop_each(instances);
      proc.core()->when_meshes_ended(
          proc, [self = shared<roots_left>::of(*this)] { self->stop_each(self->instances); });
    }
    void end_agent() {
      if (!await_each(agent, [](roots_left& l) { l.done(); })) return done();
      stop_each(agent);
    }
    // Calls `then` when the last one has ended; what is closed already is waited for, too. Returns: false,
    // and never calls it, where none is left.
    bool await_each(series<root>& all, void (*then)(roots_left&)) {
      all.erase_if([](const root& each) { return !each.lives() || is_terminal(each.box->status()); });
      count = all.size();
      for (const root& each : all)
        life::watch(*each.box, [self = shared<roots_left>::of(*this), then](status, const error*) {
          if (--self->count == 0) then(*self);
        });
      return count != 0;
    }
    // The youngest first, as a proc lists them.
    void stop_each(const series<root>& all) {
      for (const root& each : all)
        if (each.lives() && !is_terminal(each.box->status())) life::stop(*each.box, how);
    }

    const directory& proc;
    std::size_t count = 0;
    series<root> actors, instances, agent;
    stop_mode how;
    callback<void()> done;
  };
  // Turns that one root's end may take while no hook of it runs: of a thousand messages each.
  static constexpr int most_turns = 1'000;

  callback<void()> again() {
    return [self = shared<roots_end>::of(*this)] { self->go_on(); };
  }
  void go_on() {
    while (at_ != left_.size()) {
      const root& next = left_[at_];
      if (next.lives()) {
        run_queue& q = next.box->queue();
        if (q.loop().exact_now() >= until_) break;
        if (!next.box->is_closed()) {
          life::stop(*next.box, stop_mode::stop);
          return q.loop().post(again());
        }
        if (runs_hook(*next.box)) {
          q.loop().call_at(q.loop().exact_now() + std::chrono::milliseconds(1), again());
          return;
        }
        if (q.has_work() && ++turns_ < most_turns) return q.loop().post(again());
      }
      turns_ = 0;
      ++at_;
    }
    kill_all();
  }
  void kill_all() {
    executor* loop = nullptr;
    for (directory* const proc : procs_) {
      loop = &proc->queue().loop();
      for (mailbox* box = proc->first_root(); box != nullptr; box = directory::next_root(*box))
        life::stop(*box, stop_mode::kill);
    }
    loop ? loop->post([self = shared<roots_end>::of(*this)] { self->done_(); }) : done_();
  }

  static bool may_have_hooks(const mailbox& box) {
    return box.children_ != nullptr || (box.ops_ && box.ops_->stop);
  }
  // Whether a stop hook that nothing harder has overtaken runs in it or below it.
  static bool runs_hook(const mailbox& box) {
    if (const affairs* const a = box.affairs_.get(); a && a->in_hook && a->end < affairs::ending::kill)
      return true;
    for (const mailbox* child = box.children_; child != nullptr; child = child->next_sibling_)
      if (runs_hook(*child)) return true;
    return false;
  }

  series<directory*> procs_;
  executor::clock::time_point until_;
  callback<void()> done_;
  series<root> left_;
  std::size_t at_ = 0;
  int turns_ = 0;
};

}  // namespace viceroy
