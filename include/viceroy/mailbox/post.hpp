// post: the first step of every message: built in place, pushed on this loop's queue, handed to another's, or
// put on a road.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/id/port_id.hpp"
#include "viceroy/mailbox/invoke_node.hpp"
#include "viceroy/mailbox/participant.hpp"

namespace viceroy::detail {

// Where a message goes and how it is handled if that is in this process.
struct destination {
  actor_id to;
  std::uint64_t port;      // a handler's type id, or an ephemeral number
  invoke_function invoke;  // null: looked up in the receiver's table
  std::uint64_t tag;       // of the actor type that `invoke` is for; 0: any
};

// What goes along with a message that is more than a plain send.
struct attachments {
  std::uint64_t reply = 0;
  std::uint32_t rank = 0;
  viceroy::shape shape{};
  std::uint16_t flags = 0;   // of message_node
  tracer::number trace = 0;  // with message_node::traced

  bool none() const { return reply == 0 && flags == 0; }
};

// Turns a call's node, whose payload is gone, into its answer. Returns: false, the node being gone too, when
// nobody waits for that any more.
inline bool turn_into_answer(mailbox& box, message_node& n) {
  run_queue& q = box.queue();
  message_extra& x = n.extra();
  const port_base* const asker = q.find_port(x.reply);
  if (!asker) [[unlikely]] {
    ++q.counters().dropped;
    q.release(n);
    return false;
  }
  mailbox& to = *asker->owner();
  n.invoke = x.answer;
  n.to = &to;
  n.generation = to.generation();
  n.flags = message_node::extended | message_node::urgent;
  n.from = box.id();
  x.port = x.reply;
  x.reply = 0;
  to.count_in(n.granules);  // full or not: it was asked for
  return true;
}

// Whether an answer of type R can take the place of its question.
template <class R>
inline constexpr bool answers_in_place =
    __is_nothrow_constructible(R, R) && alignof(R) <= 16 && sizeof(R) <= pool::largest / 2;

// Notes who posts what to whom. The next hop is where that is.
VICEROY_DECL void note_post(const mailbox& from, const destination& d, const attachments& a,
                            const message_ops& ops);

// Gives a finished node to its receiver in this process. Consumes it.
VICEROY_DECL void post_node(mailbox& from, directory& home, const destination& d, message_node& n);

VICEROY_DECL envelope make_envelope(const mailbox& from, const destination& d, const attachments& a,
                                    const message_ops& ops);

// A scalar goes by value to where a message seldom goes, so that on its usual way it stays in a register.
template <class F>
using passed = std::conditional_t<std::is_scalar_v<std::remove_reference_t<F>>, std::remove_cvref_t<F>, F&&>;

// A plain send to an actor of this loop, in memory that was used before: what nearly every
// message is. Returns: false, having done nothing, when it is something else.
template <class M, class... F>
[[gnu::always_inline]] inline bool post_here(run_queue& q, const actor_table& there, mailbox& from,
                                             const actor_id& to, std::uint64_t tag, const message_way& way,
                                             F&&... fields) {
  mailbox* const box = there.find(to.index(), tag);
  if (!box) [[unlikely]]
    return false;
  message_node* const n = q.template make_again<M>(way, to.generation(), std::forward<F>(fields)...);
  if (!n) [[unlikely]]
    return false;
  n->from = from.id();
  n->to = box;
  if (!box->count_in(message_node::granules_of(run_queue::plain_bytes<M>))) [[unlikely]] {
    enqueue_full(*box, *n);
    return true;
  }
  q.push(*n);
  return true;
}

// The same for a call whose answer will be an R.
template <class M, class R, class... F>
[[gnu::always_inline]] inline bool call_here(run_queue& q, const actor_table& there, mailbox& from,
                                             const actor_id& to, std::uint64_t tag, const message_way& way,
                                             std::uint64_t reply, invoke_function answer, F&&... fields) {
  mailbox* const box = there.find(to.index(), tag);
  if (!box) [[unlikely]]
    return false;
  message_node* const n =
      q.template make_call_again<M, sizeof(R)>(way, to.generation(), std::forward<F>(fields)...);
  if (!n) [[unlikely]]
    return false;
  n->extra().reply = reply;
  n->extra().answer = answer;
  n->from = from.id();
  n->to = box;
  if (!box->count_in(message_node::granules_of(run_queue::call_bytes<M, sizeof(R)>))) [[unlikely]] {
    enqueue_full(*box, *n);
    return true;
  }
  q.push(*n);
  return true;
}

// The attachments of a message that is followed from here on.
inline attachments followed(run_queue& q, attachments a) {
  a.trace = q.take_trace();
  a.flags |= message_node::traced;
  return a;
}

// Any other message: to a port, to an actor whose type is not known here, with attachments, out of the loop.
template <class M, class... F>
[[gnu::noinline]] void post_elsewhere(mailbox& from, const destination& d, const attachments& a,
                                      F&&... fields) {
  constexpr const message_ops& ops = message_ops_of<M>;
  run_queue& q = from.queue();
  if (q.traces_next()) [[unlikely]]
    return post_elsewhere<M>(from, d, followed(q, a), std::forward<F>(fields)...);
  if (a.flags & message_node::traced) [[unlikely]]
    note_post(from, d, a, ops);
  if (auto* const home = static_cast<directory*>(d.to.proc().home())) {
    const bool plain = &home->queue() == &q && a.none() && (d.port & port_id::handler_bit) != 0;
    message_node& n = q.make<M>(ops, !plain, std::forward<F>(fields)...);
    n.from = from.id();
    if (!plain) {
      n.flags |= a.flags;
      n.extra().reply = a.reply;
      n.extra().rank = a.rank;
      n.extra().shape = a.shape;
      n.extra().index = a.trace;
    }
    post_node(from, *home, d, n);
    return;
  }
  if constexpr (is_local_message<M>) {
    throw error(errc::no_such_handler, "message " + std::string(ops.name) +
                                           " is local (it never leaves its process), and " + d.to.text() +
                                           " lives in another process");
  } else {
    VICEROY_BUILDS_BEGIN
    const M message(std::forward<F>(fields)...);
    VICEROY_BUILDS_END
    q.road().post(make_envelope(from, d, a, ops), payload_view(ops, &message));
  }
}

// Sends one message to an actor whose type is known. Order: as posted, per receiver. Cost inside a loop: a
// block of the free list, the payload built in it, a push; no lock, no atomic read-modify-write, no
// allocation once warm.
template <class M, class... F>
void post(mailbox& from, const destination& d, const attachments& a, F&&... fields) {
  if (a.none() && d.invoke) [[likely]] {
    run_queue& q = from.queue();
    const actor_table* const there = q.actors_of(d.to.proc());
    const message_way way{&message_ops_of<M>, d.invoke};
    if (there && post_here<M>(q, *there, from, d.to, d.tag, way, std::forward<F>(fields)...)) [[likely]]
      return;
  }
  post_elsewhere<M>(from, d, a, std::forward<F>(fields)...);
}

// Answers what `box` is handling, if anybody waits: with a value, or with a failure.
template <class R, class... F>
void answer_with(mailbox& box, const message_node& asked, std::uint16_t flags, F&&... fields) {
  if (const std::uint64_t reply = asked.reply()) {
    attachments a;
    a.rank = asked.extra().rank;
    a.flags = static_cast<std::uint16_t>(flags | (asked.flags & message_node::traced));
    a.trace = static_cast<tracer::number>(asked.extra().index);
    post_elsewhere<R>(box, destination{asked.from, reply, nullptr, 0}, a, std::forward<F>(fields)...);
  }
}

}  // namespace viceroy::detail

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/post_node.hpp"
#endif
