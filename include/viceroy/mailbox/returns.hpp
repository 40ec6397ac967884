// returns: what becomes of messages that cannot be handled, and of those that come from other loops. Compiled
// once on request.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/delivery.hpp"

namespace viceroy {

namespace detail {

VICEROY_DECL void come_back(run_queue& q, mailbox* sender, std::uint64_t reply, std::uint32_t rank,
                            const undeliverable& letter) {
  if (!sender) {
    ++q.counters().dropped;
    return;
  }
  ++q.counters().returned;
  const auto kind = static_cast<errc>(letter.kind);
  if (reply != 0) {
    port_base* const waiting = q.find_port(reply);
    if (waiting && waiting->owner() == sender) waiting->lost(letter.to, rank, error(kind, letter.sentence));
    return;
  }
  if (sender->ops() && sender->ops()->supervise(*sender, &letter, type_id<undeliverable>())) return;
  if (fails_sender(kind))
    life::fail(*sender, kind, sender->text() + " sent " + letter.message + ", and " + letter.sentence);
}

}  // namespace detail

VICEROY_DECL void return_to_sender(run_queue& q, const lost_message& m) {
  if (m.sender.empty()) {
    ++q.counters().dropped;
    return;
  }
  auto* const home = static_cast<directory*>(m.sender.proc().home());
  if (home && &home->queue() == &q) {
    detail::come_back(q, home->find(m.sender.index()), m.reply, m.rank, m.letter);
  } else if (home) {
    message_node& n = q.make<undeliverable>(message_ops_of<undeliverable>, true, m.letter);
    n.flags |= message_node::urgent | message_node::foreign | message_node::signal;
    n.from = m.letter.to;
    n.extra().index = m.sender.index();
    n.extra().reply = m.reply;
    n.extra().rank = m.rank;
    n.extra().owner = &q;
    n.invoke = [](mailbox& box, message_node& node) {
      detail::come_back(box.queue(), &box, node.extra().reply, node.extra().rank,
                        *static_cast<undeliverable*>(node.payload()));
      box.queue().discard(node);
    };
    q.hand_over(n, *home);
  } else {
    envelope e;
    e.to = m.sender;
    e.from = m.letter.to;
    e.reply = m.reply;
    e.rank = m.rank;
    e.type = type_id<undeliverable>();
    e.flags = envelope_flags::returned;
    q.road().post(e, payload_view(message_ops_of<undeliverable>, &m.letter));
  }
}

VICEROY_DECL void relieve(message_node& n) {
  if (!n.is(message_node::heavy)) return;
  n.flags &= static_cast<std::uint16_t>(~message_node::heavy);
  n.to->count_out(n.extra().beside);
}

VICEROY_DECL void return_node(run_queue& q, message_node& n, const actor_id& to, errc kind,
                              std::string sentence) {
  relieve(n);
  if (n.is(message_node::traced))
    note_hop(static_cast<tracer::number>(n.extra().index), "it comes back: " + sentence);
  if (!n.is(message_node::signal))
    return_to_sender(q,
                     {n.from,
                      n.reply(),
                      n.is(message_node::extended) ? n.extra().rank : 0,
                      {to, std::string(n.ops->name), static_cast<std::int32_t>(kind), std::move(sentence)}});
  else if (n.is(message_node::foreign))
    ++q.counters().dropped;  // it came back to a sender that has gone
  q.discard(n);
}

namespace detail {

// Ends a message that a bounded mailbox has no room for. Who waits for its answer is told, whatever the
// policy.
inline void turn_away(mailbox& box, message_node& n, bool tell) {
  run_queue& q = box.queue();
  life::turn_away(box);
  relieve(n);
  if (!tell && n.reply() == 0) {
    ++q.counters().dropped;
    return q.discard(n);
  }
  ++q.counters().refused;
  return_node(q, n, box.id(), errc::mailbox_full,
              "the mailbox of " + box.text() + " is full (" + std::to_string(box.waiting_messages()) +
                  " messages wait)");
}

// A bounded mailbox keeps its messages itself: what it drops is gone at once.
inline void enqueue_bounded(mailbox& box, message_node& n) {
  n.to = &box;
  n.generation = box.generation();
  const mailbox_bound bound = box.ops()->bound;
  if (box.waiting_messages() >= bound.most) {
    switch (bound.then) {
      case when_full::reject:
        return turn_away(box, n, true);
      case when_full::drop_newest:
        return turn_away(box, n, false);
      case when_full::suspend:
        if (n.reply() == 0) return turn_away(box, n, true);
        break;
      case when_full::drop_oldest:
        message_node& oldest = *box.undefer_oldest_counted();
        life::wait_in_line(box, n);
        return turn_away(box, oldest, false);
    }
  }
  life::wait_in_line(box, n);
}

VICEROY_DECL void enqueue_full(mailbox& box, message_node& n) {
  run_queue& q = box.queue();
  if (box.is_newborn() && box.has_room(0)) return q.add(box, n);
  box.count_out(n.granules);
  const port_base* const port = is_for_port(n) ? q.find_port(n.extra().port) : nullptr;
  if (port && port->is_answer()) return enqueue_always(box, n);
  if (box.is_bounded()) {
    if (box.is_closed()) return enqueue_always(box, n);  // it comes back in its turn, with the reason
    if (box.has_room(n.granules)) {
      if (is_for_port(n)) return enqueue_always(box, n);
      return enqueue_bounded(box, n);
    }
  }
  ++q.counters().refused;
  return_node(q, n, box.id(), errc::mailbox_full,
              "the mailbox of " + box.text() + " is full (" + std::to_string(box.waiting_bytes()) +
                  " bytes wait; limits::mailbox_bytes is " + std::to_string(box.most_bytes()) + ")");
}

inline std::string ended_text(const directory& home, std::string sentence) {
  if (const char* const why = home.queue().why_ending()) (sentence += ": ") += why;
  return sentence;
}

}  // namespace detail

VICEROY_DECL std::string no_such_actor_text(const directory& home, const actor_id& to,
                                            std::string_view message) {
  const std::string* const why = home.why_gone(to.index());
  return "there is no actor " + to.text() + " (any more) for message " + std::string(message) +
         (why ? ": " + *why : detail::ended_text(home, {}));
}

// Ends the handlers that are suspended, and tells whoever waits for their answers.
VICEROY_DECL void life::give_up(mailbox& box, affairs& a) {
  const auto end_one = [&](std::coroutine_handle<> frame, const message_node* n) {
    lost_message lost;
    if (n && n->reply() != 0)
      lost = {n->from,
              n->reply(),
              n->extra().rank,
              {box.id(), std::string(n->ops->name), static_cast<std::int32_t>(errc::receiver_stopping),
               a.cause ? a.cause->sentence()
                       : detail::ended_text(box.home(), box.text() + " was stopped before it answered")}};
    frame.destroy();
    if (lost.reply != 0) return_to_sender(box.queue(), lost);
  };
  a.giving_up = true;
  if (a.suspended) {
    end_one(taken(a.suspended), box.current());
    box.set_busy(false);
  }
  while (suspended_handler* const h = a.side_by_side) {  // destroying one may end others
    forget(*h);
    end_one(h->frame, h->node);
  }
  a.giving_up = false;
}

VICEROY_DECL const actor_table* run_queue::find_near(const proc_id& proc) {
  auto* const home = traces_next() ? nullptr : static_cast<directory*>(proc.home_on(this));
  if (home) near_ = home, near_proc_ = proc;
  return home;
}

// A message met a mailbox that is busy, closed or gone. Answers, and what concerns its life, do not wait:
// a handler that waits for an answer is finished although the mailbox takes no more messages.
VICEROY_DECL void run_queue::not_open(mailbox& box, message_node& n) {
  const bool same = box.generation() == n.generation;
  if (same && (n.is(message_node::urgent) || (n.is(message_node::signal) && !box.is_busy())))
    return n.invoke(box, n);
  if (same && !box.is_closed()) return life::put_aside(box, n);
  const actor_id to(box.home().id(), box.name(), actor_id::index_of(box.slot(), n.generation));
  const error* const cause = box.cause();
  return_node(*this, n, to, is_for_port(n) ? errc::port_closed : errc::receiver_stopping,
              cause ? cause->sentence()
                    : detail::ended_text(box.home(), to.text() + " was stopped and takes no more messages"));
  if (box.left_over_ && box.room_.untouched()) {
    box.left_over_ = false;
    box.affairs_.reset();
    give_mailbox(box.memory_, box);
  }
}

}  // namespace viceroy
