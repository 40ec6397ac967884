// life: how an actor or instance begins and ends: started, stopped, killed, failed; children before parents.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/limits.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/message/type_id.hpp"

namespace viceroy {

// A child that failed, to its parent. A parent that handles it goes on; one that does not fails for the same
// cause.
struct child_failure {
  static constexpr auto name = "viceroy::child_failure";
  actor_id child;
  std::string sentence;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const child_failure& f) {
    return out << f.child << " failed: " << f.sentence;
  }
};

enum class stop_mode : std::uint8_t {
  drain,  // what has arrived is handled first, by it and then by its children
  stop,   // the message being handled is finished, what waits comes back to its senders
  kill,   // a suspended handler is destroyed, no hook runs
};

// The transitions of a mailbox's life; every one of them happens in a turn of its own, never on a handler's
// stack. Threads: the mailbox's loop's.
class life {
 public:
  using ending = affairs::ending;

  // Begins to end it. Idempotent; a harder mode overtakes a softer one.
  static void stop(mailbox& box, stop_mode how) {
    if (is_terminal(box.status_)) return;
    if (how == stop_mode::drain) {
      signal(box, [](mailbox& b) { begin(b, ending::drain); }, false);
    } else {
      box.key_ |= mailbox::closed;
      if (how == stop_mode::kill) {
        signal(box, [](mailbox& b) { begin(b, ending::kill); }, true);
      } else {
        signal(box, [](mailbox& b) { begin(b, ending::stop); }, true);
      }
    }
  }

  // Ends a child of `parent`; one that has gone already is ignored. Errors: bad_input for an actor that is no
  // child of it. See thread_keeper.hpp.
  static void stop_child(const mailbox& parent, const actor_id& child, stop_mode how);

  // Ends it as failed. The first cause counts. `sentence` names the root cause and whose it is; it goes up to
  // parents and owners as it stands.
  static void fail(mailbox& box, errc kind, std::string sentence) {
    if (is_terminal(box.status_)) return;
    affairs& a = of(box);
    if (std::exchange(a.failed, true)) return;
    if (!a.cause) a.cause.emplace(kind, std::move(sentence));
    box.key_ |= mailbox::closed;
    signal(box, [](mailbox& b) { begin(b, ending::fail); }, true);
  }

  // Calls `f` when it has ended, with how and, if it failed, why.
  static void watch(mailbox& box, callback<void(status, const error*)> f) {
    of(box).watchers.push_back(std::move(f));
  }

  // Calls `f` when its init hook is done, at once if it is; never, if it ends before that. For one listener.
  static void when_started(mailbox& box, callback<void()> f) {
    if (box.status_ == status::running) return f();
    if (box.status_ == status::initializing) of(box).on_started = std::move(f);
  }

  // The init hook is done (or there is none). One that failed in it, or was ended meanwhile, never runs.
  static void started(mailbox& box) {
    if (box.status_ != status::initializing || box.is_closed()) return;
    box.status_ = status::running;
    if (box.affairs_ && box.affairs_->on_started) taken(box.affairs_->on_started)();
  }
  // The stop hook is done.
  static void stopped(mailbox& box) {
    of(box).hook_ran = true;
    advance(box);
  }
  // A suspended handler has begun or ended.
  static void suspended(mailbox& box, std::coroutine_handle<> frame) {
    of(box).suspended = frame;
    box.set_busy(true);
  }
  static void resumed(mailbox& box) {
    affairs& a = of(box);
    a.suspended = nullptr;
    box.set_busy(false);
    if (a.end != ending::none) {
      advance(box);
    } else if (box.has_deferred()) {
      signal(box, [](mailbox& b) { run_deferred(b); }, true);
      box.set_busy(true);  // so that what arrives meanwhile stays behind what waits
    }
  }

  // The same of a reentrant actor's, which keeps no message waiting.
  static void remember(suspended_handler& h) {
    affairs& a = of(*h.box);
    h.next = a.side_by_side;
    a.side_by_side = &h;
    if (h.next) h.next->previous = &h;
  }
  static void forget(suspended_handler& h) {
    (h.previous ? h.previous->next : of(*h.box).side_by_side) = h.next;
    if (h.next) h.next->previous = h.previous;
  }
  static void left(mailbox& box) {
    const affairs& a = of(box);
    if (a.end != ending::none && !a.giving_up) advance(box);
  }

  static affairs& of(mailbox& box) {
    if (!box.affairs_) box.affairs_ = make_owned<affairs>();
    return *box.affairs_;
  }
  static void mark_instance(mailbox& box) {
    box.is_instance_ = true;
    box.status_ = status::running;
  }
  static void set_memory(mailbox& box, pool::size_class c) { box.memory_ = c; }

  // Ends all that lives in a proc here and now, children first, without stop hooks: the process's own end.
  static void end_all(directory& home) {
    home.end();
    while (mailbox* const root = home.first_root()) end_now(*root);
  }

  // Puts a message behind what waits in a bounded mailbox.
  static void wait_in_line(mailbox& box, message_node& n) {
    n.flags |= message_node::counted;
    ++of(box).waiting;
    box.defer(n);
    if (box.is_busy()) return;  // whoever made it so looks at what waits
    box.set_busy(true);
    signal(box, [](mailbox& b) { run_deferred(b); }, true);
  }
  static void turn_away(mailbox& box) { ++of(box).turned_away; }
  static void put_aside(mailbox& box, message_node& n);  // see drain_limit.hpp

  // Pushes work for the mailbox itself. Urgent work is done while it is busy or closed, too.
  static void signal(mailbox& box, void (*work)(mailbox&), bool urgent);

 private:
  struct signal_payload {
    void (*work)(mailbox&);
  };
  static void end_now(mailbox& box) {
    const std::uint32_t generation = box.generation();
    while (box.generation() == generation && box.children_ != nullptr) end_now(*box.children_);
    if (box.generation() == generation) begin(box, ending::kill);
  }
  static void begin(mailbox& box, ending how);
  static void give_up(mailbox& box, affairs& a);
  static void advance(mailbox& box);
  static void finish(mailbox& box);
  static void run_deferred(mailbox& box);
  static void child_ended(mailbox& parent, const actor_id& child, const error* cause, bool by_hook);
};

inline void life::signal(mailbox& box, void (*work)(mailbox&), bool urgent) {
  static constexpr message_ops ops{
      0, "its own start or end", sizeof(signal_payload), [](void*) noexcept {}, nullptr, nullptr};
  run_queue& q = box.queue();
  message_node& n = q.make<signal_payload>(ops, false, work);
  n.flags = urgent ? message_node::signal | message_node::urgent : message_node::signal;
  n.to = &box;
  n.generation = box.generation();
  n.from = actor_id();
  n.invoke = [](mailbox& b, message_node& m) {
    const auto todo = static_cast<signal_payload*>(m.payload())->work;
    b.queue().release(m);
    todo(b);
  };
  box.count_in(n.memory_bytes());
  q.push(n);
}

inline void life::begin(mailbox& box, ending how) {
  if (is_terminal(box.status_)) return;
  const bool has_hook = how < ending::kill && box.ops_ && box.ops_->stop;
  if (!box.affairs_ && !box.children_ && !has_hook) return finish(box);  // nothing to wait for, or to note
  affairs& a = of(box);
  if (a.failed) how = ending::fail;
  if (a.end >= how) return;
  if (a.end == ending::none && a.deadline) box.queue().loop().cancel(taken(a.deadline));  // a drain's
  a.end = how;
  box.status_ = status::stopping;
  box.key_ |= mailbox::closed;
  const bool clean = how < ending::kill;
  if (!clean) give_up(box, a);
  for (mailbox* child = box.children_; child != nullptr; child = child->next_sibling_)
    stop(*child, !clean ? stop_mode::kill : how == ending::stop ? stop_mode::stop : stop_mode::drain);
  const std::uint32_t generation = box.generation();
  advance(box);
  // Most have ended with that. The limit is for a stop hook or children that take their time.
  if (box.generation() == generation && clean && a.end == how && !a.deadline) {
    a.deadline = box.queue().loop().call_at(box.queue().loop().exact_now() + box.queue().bounds().actor_stop,
                                            [handle = &box, generation] {
                                              if (handle->generation() != generation) return;
                                              of(*handle).deadline = 0;
                                              begin(*handle, ending::kill);
                                            });
  }
}

// Does what comes next, as far as it can: handler, children, stop hook, the end.
inline void life::advance(mailbox& box) {
  affairs& a = of(box);
  if (a.suspended || a.side_by_side || box.children_ != nullptr || is_terminal(box.status_)) return;
  if (a.end < ending::kill && !a.failed && !a.hook_ran && box.ops_ && box.ops_->stop) {
    a.in_hook = true;
    box.ops_->stop(box);  // calls stopped(), now or when its task is done
    return;
  }
  finish(box);
}

inline void life::finish(mailbox& box) {
  box.key_ |= mailbox::closed;
  box.status_ = box.cause() ? status::failed : status::stopped;
  if (box.affairs_ && box.affairs_->deadline) box.queue().loop().cancel(taken(box.affairs_->deadline));
  if (box.ports_) {
    const error gone(errc::owner_gone, box.cause() ? box.cause()->sentence() : box.text() + " was stopped");
    box.queue().close_ports_of(box, gone);
  }
  while (box.has_deferred()) {  // closed now: each comes back to its sender
    message_node& n = *box.undefer();
    box.count_in(n.memory_bytes());
    box.queue().push(n);
  }
  if (box.ops_) box.ops_->destroy(box);
  const actor_id id = box.id();
  const status how = box.status_;
  mailbox* const parent = box.parent_;
  const std::uint32_t parent_generation = parent ? parent->generation() : 0;
  if (!parent) box.home().root_ended(box, how, box.cause());
  const auto last = std::move(box.affairs_);
  const error* const cause = last && last->cause ? &*last->cause : nullptr;
  if (cause) box.home().remember(actor_id::index_of(box.slot(), box.generation()), cause->sentence());
  box.home().remove(box);
  // Messages that are on their way to it still have to hear why it is gone.
  box.set_bounded(false);
  box.left_over_ = box.waiting_bytes_ != 0;
  if (!box.left_over_) {
    box.queue().give_mailbox(box.memory_, box);
  } else if (cause) {
    of(box).cause = *cause;
  }
  if (last)
    for (auto& w : last->watchers) w(how, cause);
  // A watcher may have resumed the parent's last handler, and with that have ended it.
  if (parent && parent->generation() == parent_generation)
    child_ended(*parent, id, cause, last && last->hook_failed);
}

inline void life::child_ended(mailbox& parent, const actor_id& child, const error* cause, bool by_hook) {
  const bool ending = parent.affairs_ && parent.affairs_->end != ending::none;
  if (cause) {
    const child_failure event{child, cause->sentence()};
    const bool handles = parent.ops_ && parent.ops_->supervise(parent, &event, type_id<child_failure>());
    if (!handles && !of(parent).cause) of(parent).hook_failed = by_hook;
    if (!handles && !ending) return fail(parent, cause->kind(), cause->sentence());
    // One that is being stopped goes on with that, and its own parent hears of it.
    if (!handles && !parent.affairs_->cause && parent.affairs_->end < ending::kill)
      parent.affairs_->cause = *cause;
  }
  if (ending) advance(parent);
}

inline directory::~directory() {
  life::end_all(*this);
  queue_->forget_near(*this);
}

inline void life::run_deferred(mailbox& box) {
  if (box.affairs_ && box.affairs_->suspended) return;  // whose end asks again
  box.set_busy(false);
  while (box.has_deferred() && !box.is_busy() && !box.is_closed()) {
    message_node& n = *box.undefer();
    box.queue().holder().begin(box, *n.ops);
    n.invoke(box, n);
  }
}

}  // namespace viceroy
