// life: how an actor or instance begins and ends: started, stopped, killed, failed; children before parents.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/failure.hpp"
#include "viceroy/mailbox/run_queue.hpp"

namespace viceroy {

enum class stop_mode : std::uint8_t {
  drain,  // what has arrived is handled first, by it and then by its children
  stop,   // the message being handled is finished, what waits comes back to its senders
  kill,   // a suspended handler is destroyed, no hook runs
};

// The transitions of a mailbox's life. None happens on its own handler's stack: they come in turns of their
// own, or, where an actor stops itself, when its handler has returned. Threads: the mailbox's loop's.
class life {
 public:
  using ending = affairs::ending;

  // Begins to end it. Idempotent; a harder mode overtakes a softer one.
  static void stop(mailbox& box, stop_mode how);
  // What was marked as its last message has been handled.
  static void stop_now(mailbox& box);

  // Ends a child of `parent`; one that has gone already is ignored. Errors: bad_input for an actor that is no
  // child of it. See thread_keeper.hpp.
  static void stop_child(const mailbox& parent, const actor_id& child, stop_mode how);

  // Ends it as failed. The first cause counts. `sentence` names the root cause and whose it is; it goes up to
  // parents and owners as it stands.
  static void fail(mailbox& box, errc kind, std::string sentence);

  // Calls `f` when it has ended, with how and, if it failed, why.
  static void watch(mailbox& box, callback<void(status, const error*)> f);

  // Calls `f` when its init hook is done, at once if it is; never, if it ends before that. For one listener.
  static void when_started(mailbox& box, callback<void()> f);

  // The init hook is done (or there is none). One that failed in it, or was ended meanwhile, never runs.
  static void started(mailbox& box);
  // The stop hook is done.
  static void stopped(mailbox& box);
  // A suspended handler has begun or ended.
  static void suspended(mailbox& box, std::coroutine_handle<> frame) {
    of(box).suspended = frame;
    box.set_busy(true);
  }
  static void resumed(mailbox& box);

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
  static void left(mailbox& box);

  static affairs& of(mailbox& box);
  static void mark_instance(mailbox& box) {
    box.is_instance_ = true;
    box.status_ = status::running;
  }
  static void set_memory(mailbox& box, pool::size_class c) { box.memory_ = c; }

  // Ends all that lives in a proc here and now, children first, without stop hooks: the process's own end.
  static void end_all(directory& home);

  // Puts a message behind what waits in a bounded mailbox.
  static void wait_in_line(mailbox& box, message_node& n);
  static void turn_away(mailbox& box) { ++of(box).turned_away; }
  static void put_aside(mailbox& box, message_node& n);  // see drain_limit.hpp

  // Pushes work for the mailbox itself. Urgent work is done while it is busy or closed, too.
  static void signal(mailbox& box, void (*work)(mailbox&), bool urgent);

 private:
  // Marks what the actor handles now as its last message, whose end is then its own: a signal would find its
  // mailbox when that has left the caches. Returns: false where it handles nothing now, or a call whose node
  // becomes the answer.
  static bool end_with_message(const mailbox& box);
  struct signal_payload {
    void (*work)(mailbox&);
  };
  static void end_now(mailbox& box);
  static void begin(mailbox& box, ending how);
  static void give_up(mailbox& box, affairs& a);
  static void advance(mailbox& box);
  static mailbox* finish(mailbox& box);
  static void run_deferred(mailbox& box);
  static bool child_ended(mailbox& parent, const actor_id& child, const error* cause, bool by_hook);
  static bool child_failed(mailbox& parent, const actor_id& child, const error& cause, bool by_hook);
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/drain_limit.hpp"
#include "viceroy/mailbox/transitions.hpp"
#endif
