// thread_keeper: stands in its proc for an actor that has a thread of its own: what its parent or agent sees
// of its life.
#pragma once

#include <string>

#include "viceroy/base/owned.hpp"
#include "viceroy/mailbox/life.hpp"
#include "viceroy/mailbox/own_loops.hpp"

namespace viceroy {

// The actor itself lives in a part of the proc, on the loop that was lent to it; messages find it there. This
// mailbox has its name, its id and its place among the children of its parent, and handles nothing. It starts
// when the actor has started, tells the actor to stop and ends with it; killed, it does not wait for a
// handler that blocks. A template, so that a file without such an actor compiles nothing of it. Threads: its
// loop's.
template <class Thread>
class thread_keeper final : public mailbox {
 public:
  thread_keeper(run_queue& q, directory& home, const actor_ops& ops) : mailbox(q, home, &ops) {}

  // Stands for an actor that was just made, and whose thread does not run yet.
  void keep(Thread& thread, mailbox& actor) {
    thread_ = &thread;
    actor_home_ = &actor.home();
    actor_index_ = actor.id().index();
    directory::stand_for(*this, actor.id());
    const place here{&home(), actor_id::index_of(slot(), generation())};
    actor_home_->on_root_end([here, &thread](mailbox& who, viceroy::status, const error* cause) {
      who.queue().stay_if_abandoned();
      const bool by_hook = life::of(who).hook_failed;
      detail::signal_elsewhere(
          who.queue(), *here.home, here.index,
          ended{cause ? make_owned<const error>(*cause) : owned<const error>(), by_hook});
      thread.finished();
    });
    life::when_started(actor, [here, q = &actor.queue()] {
      detail::signal_elsewhere(*q, *here.home, here.index, [](mailbox& keeper) { life::started(keeper); });
    });
  }

  // What an actor's table has for it: no messages, and these.
  static void stop_hook(mailbox& base) {
    auto& self = static_cast<thread_keeper&>(base);
    if (self.over_) return life::stopped(base);
    self.tell(life::of(base).end == affairs::ending::drain ? stop_mode::drain : stop_mode::stop);
  }
  static void destroy_hook(mailbox& base) noexcept {
    auto& self = static_cast<thread_keeper&>(base);
    if (!self.over_ && self.actor_home_) self.tell(stop_mode::kill);
  }

 private:
  struct place {
    directory* home;
    std::uint64_t index;
  };
  struct ended {
    owned<const error> cause;
    bool by_hook;
    void operator()(mailbox& base) const {
      static_cast<thread_keeper&>(base).over_ = true;
      if (affairs& a = life::of(base); !a.cause) a.hook_failed = by_hook;
      if (cause) return life::fail(base, cause->kind(), cause->sentence());
      if (life::of(base).end == affairs::ending::none) return life::stop(base, stop_mode::stop);
      life::stopped(base);
    }
  };

  // A harder mode overtakes a softer one. What arrived from other processes before this was posted there: it
  // comes first.
  void tell(stop_mode how) {
    if (told_ && hardest_ >= how) return;
    told_ = true;
    hardest_ = how;
    detail::signal_elsewhere(queue(), *actor_home_, actor_index_,
                             [how, thread = thread_, home = actor_home_](mailbox& actor) {
                               const std::uint64_t index = actor.id().index();
                               thread->do_posted();
                               if (home->find(index) == &actor) life::stop(actor, how);
                             });
  }

  Thread* thread_ = nullptr;
  directory* actor_home_ = nullptr;
  std::uint64_t actor_index_ = 0;
  stop_mode hardest_ = stop_mode::drain;
  bool told_ = false;
  bool over_ = false;
};

inline void life::stop_child(const mailbox& parent, const actor_id& child, stop_mode how) {
  if (child.proc() == parent.home().id()) {
    mailbox* const box = parent.home().find(child.index());
    if (!box) return;
    if (box->parent_ == &parent) return stop(*box, how);
  } else if (child.proc() != child.proc().whole()) {
    // Of those with a thread of their own only the living children are known on this one.
    for (mailbox* box = parent.children_; box != nullptr; box = box->next_sibling_)
      if (box->id_ == child) return stop(*box, how);
    return;
  }
  throw error(errc::bad_input, parent.text() + " may not stop " + child.text() +
                                   ", which is no child of it; send it a message that asks it to stop");
}

}  // namespace viceroy
