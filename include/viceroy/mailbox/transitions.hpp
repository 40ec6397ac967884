// transitions: how a mailbox's life goes from one status to the next. Compiled once on request.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/limits.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/life.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/message/type_id.hpp"

namespace viceroy {

VICEROY_DECL affairs& life::of(mailbox& box) {
  if (!box.affairs_) box.affairs_ = make_owned<affairs>();
  return *box.affairs_;
}

VICEROY_DECL void life::stop(mailbox& box, stop_mode how) {
  if (is_terminal(box.status_)) return;
  if (how == stop_mode::drain) {
    signal(box, [](mailbox& b) { begin(b, ending::drain); }, false);
  } else {
    box.key_ |= mailbox::closed;
    if (how == stop_mode::kill) {
      signal(box, [](mailbox& b) { begin(b, ending::kill); }, true);
    } else if (!end_with_message(box)) {
      signal(box, [](mailbox& b) { begin(b, ending::stop); }, true);
    }
  }
}

VICEROY_DECL void life::stop_now(mailbox& box) { begin(box, ending::stop); }

VICEROY_DECL bool life::end_with_message(const mailbox& box) {
  message_node* const n = run_queue::handling();
  if (!n || n->to != &box || n->is(message_node::asked_here)) return false;
  n->flags |= message_node::last;
  return true;
}

VICEROY_DECL void life::fail(mailbox& box, errc kind, std::string sentence) {
  if (is_terminal(box.status_)) return;
  affairs& a = of(box);
  if (taken(a.failed, true)) return;
  if (!a.cause) a.cause = make_owned<const error>(kind, std::move(sentence));
  box.key_ |= mailbox::closed;
  signal(box, [](mailbox& b) { begin(b, ending::fail); }, true);
}

VICEROY_DECL void life::watch(mailbox& box, callback<void(status, const error*)> f) {
  of(box).watchers.push_back(std::move(f));
}

VICEROY_DECL void life::when_started(mailbox& box, callback<void()> f) {
  if (box.status_ == status::running) return f();
  if (box.status_ == status::initializing) of(box).on_started = std::move(f);
}

VICEROY_DECL void life::started(mailbox& box) {
  if (box.status_ != status::initializing || box.is_closed()) return;
  box.status_ = status::running;
  if (box.affairs_ && box.affairs_->on_started) taken(box.affairs_->on_started)();
}

VICEROY_DECL void life::stopped(mailbox& box) {
  of(box).hook_ran = true;
  advance(box);
}

VICEROY_DECL void life::resumed(mailbox& box) {
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

VICEROY_DECL void life::left(mailbox& box) {
  const affairs& a = of(box);
  if (a.end != ending::none && !a.giving_up) advance(box);
}

VICEROY_DECL void life::end_all(directory& home) {
  home.end();
  while (mailbox* const root = home.first_root()) end_now(*root);
}

VICEROY_DECL void life::wait_in_line(mailbox& box, message_node& n) {
  n.flags |= message_node::counted;
  ++of(box).waiting;
  box.defer(n);
  if (box.is_busy()) return;  // whoever made it so looks at what waits
  box.set_busy(true);
  signal(box, [](mailbox& b) { run_deferred(b); }, true);
}

// The youngest of a family first. A loop, since a family may have any number of generations.
VICEROY_DECL void life::end_now(mailbox& box) {
  const std::uint32_t generation = box.generation();
  for (mailbox* at = &box; box.generation() == generation;) {
    while (at->children_ != nullptr) at = at->children_;
    mailbox* const up = at == &box ? &box : at->parent_;
    const std::uint32_t before = up->generation();
    begin(*at, ending::kill);
    at = up->generation() == before ? up : &box;  // its end may have been its parents', too
  }
}

VICEROY_DECL void life::signal(mailbox& box, void (*work)(mailbox&), bool urgent) {
  static constexpr message_ops ops{0, "its own start or end", sizeof(signal_payload), [](void*) noexcept {}};
  run_queue& q = box.queue();
  message_node& n = q.make<signal_payload>(ops, false, work);
  n.flags = urgent ? message_node::signal | message_node::urgent : message_node::signal;
  n.from = actor_id();
  n.invoke = [](mailbox& b, message_node& m) {
    const auto todo = static_cast<signal_payload*>(m.payload())->work;
    b.queue().release(m);
    todo(b);
  };
  box.count_in(n.granules);
  q.add(box, n);
}

VICEROY_DECL void life::begin(mailbox& box, ending how) {
  if (is_terminal(box.status_)) return;
  const bool has_hook = how < ending::kill && box.ops_ && box.ops_->stop;
  if (!box.affairs_ && !box.children_ && !has_hook) {  // nothing to wait for, or to note
    if (mailbox* const parent = finish(box)) advance(*parent);
    return;
  }
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
    a.deadline =
        box.queue().loop().call_at(box.queue().loop().exact_now() + finite(box.queue().bounds().actor_stop),
                                   [handle = &box, generation] {
                                     if (handle->generation() != generation) return;
                                     of(*handle).deadline = 0;
                                     begin(*handle, ending::kill);
                                   });
  }
}

// Does what comes next, as far as it can: handler, children, stop hook, the end; and then the same for its
// parent. The stack does not grow with the generations of a family.
VICEROY_DECL void life::advance(mailbox& box) {
  for (mailbox* at = &box; at != nullptr;) {
    affairs& a = of(*at);
    const auto waits = [&] {
      return a.suspended || a.side_by_side || at->children_ != nullptr || a.hook_begins ||
             is_terminal(at->status_);
    };
    if (waits()) return;
    if (a.end < ending::kill && !a.failed && !a.hook_ran && at->ops_ && at->ops_->stop) {
      a.in_hook = a.hook_begins = true;
      at->ops_->stop(*at);  // calls stopped(), now or when its task is done
      a.hook_begins = false;
      if (!a.hook_ran || waits()) return;
    }
    at = finish(*at);
  }
}

// Returns: its parent, if that ends as well and may go on now.
VICEROY_DECL mailbox* life::finish(mailbox& box) {
  box.queue().bring_up(box);  // what waits for its first turn comes back
  box.key_ |= mailbox::closed;
  box.status_ = box.cause() ? status::failed : status::stopped;
  if (box.affairs_ && box.affairs_->deadline) box.queue().loop().cancel(taken(box.affairs_->deadline));
  if (box.ports_) {
    const error gone(errc::owner_gone, box.cause() ? box.cause()->sentence() : box.text() + " was stopped");
    box.queue().close_ports_of(box, gone);
  }
  while (box.has_deferred()) {  // closed now: each comes back to its sender
    message_node& n = *box.undefer();
    box.count_in(n.granules);
    box.queue().push(n);
  }
  if (box.ops_) box.ops_->destroy(box);
  const actor_id id = box.id();
  const status how = box.status_;
  mailbox* const parent = box.parent_;
  const std::uint32_t parent_generation = parent ? parent->generation() : 0;
  if (!parent) box.home().root_ended(box, how, box.cause());
  const auto last = std::move(box.affairs_);
  const error* const cause = last ? last->cause.get() : nullptr;
  if (cause) box.home().remember(actor_id::index_of(box.slot(), box.generation()), cause->sentence());
  box.home().remove(box);
  // Messages that are on their way to it still have to hear why it is gone.
  box.set_bounded(false);
  box.left_over_ = !box.room_.untouched();
  if (!box.left_over_) {
    box.queue().give_mailbox(box.memory_, box);
  } else if (cause) {
    of(box).cause = make_owned<const error>(*cause);
  }
  if (last)
    for (auto& w : last->watchers) w(how, cause);
  // A watcher may have resumed the parent's last handler, and with that have ended it.
  const bool tell = parent && parent->generation() == parent_generation;
  return tell && child_ended(*parent, id, cause, last && last->hook_failed) ? parent : nullptr;
}

// Returns: whether the parent is ending.
VICEROY_DECL bool life::child_ended(mailbox& parent, const actor_id& child, const error* cause,
                                    bool by_hook) {
  if (cause) [[unlikely]]
    return child_failed(parent, child, *cause, by_hook);
  return parent.affairs_ && parent.affairs_->end != ending::none;
}
// Apart, so that an end in order stays small.
[[gnu::noinline]] VICEROY_DECL bool life::child_failed(mailbox& parent, const actor_id& child,
                                                       const error& cause, bool by_hook) {
  const bool is_ending = parent.affairs_ && parent.affairs_->end != ending::none;
  const child_failure event{child, cause.sentence()};
  const bool handles = parent.ops_ && parent.ops_->supervise(parent, &event, type_id<child_failure>());
  if (!handles && !of(parent).cause) of(parent).hook_failed = by_hook;
  if (!handles && !is_ending) {
    fail(parent, cause.kind(), cause.sentence());
    return false;
  }
  // One that is being stopped goes on with that, and its own parent hears of it.
  if (!handles && !parent.affairs_->cause && parent.affairs_->end < ending::kill)
    parent.affairs_->cause = make_owned<const error>(cause);
  return is_ending;
}

VICEROY_DECL directory::~directory() {
  life::end_all(*this);
  queue_->forget_near(*this);
}

VICEROY_DECL void life::run_deferred(mailbox& box) {
  if (box.affairs_ && box.affairs_->suspended) return;  // whose end asks again
  box.set_busy(false);
  const std::uint32_t generation = box.generation();
  while (box.generation() == generation && box.has_deferred() && !box.is_busy() && !box.is_closed()) {
    message_node& n = *box.undefer();
    box.queue().holder().begin(box, *n.ops);
    n.invoke(box, n);
  }
}

VICEROY_DECL void mailbox::defer(message_node& n) {
  count_in(n.granules);
  n.next = nullptr;
  if (!affairs_) affairs_ = make_owned<affairs>();
  affairs& a = *affairs_;
  (a.deferred_tail ? a.deferred_tail->next : a.deferred_head) = &n;
  a.deferred_tail = &n;
}
VICEROY_DECL message_node* mailbox::undefer() {
  affairs& a = *affairs_;
  message_node* const n = a.deferred_head;
  a.deferred_head = n->next;
  if (!a.deferred_head) a.deferred_tail = nullptr;
  count_out(n->granules);
  if (n->is(message_node::counted)) --a.waiting;
  return n;
}
// Takes out the message that has waited longest, of those that count; there is one.
VICEROY_DECL message_node* mailbox::undefer_oldest_counted() {
  message_node* before = nullptr;
  affairs& a = *affairs_;
  message_node* n = a.deferred_head;
  while (!n->is(message_node::counted)) {
    before = n;
    n = n->next;
  }
  (before ? before->next : a.deferred_head) = n->next;
  if (!n->next) a.deferred_tail = before;
  count_out(n->granules);
  --a.waiting;
  return n;
}

}  // namespace viceroy
