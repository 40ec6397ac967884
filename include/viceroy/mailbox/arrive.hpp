// arrive: the last stretch of a message from another process: from bytes to its receiver's mailbox.
#pragma once

#include <string>
#include <utility>

#include "viceroy/channel/link.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/mailbox/decode_node.hpp"
#include "viceroy/mailbox/delivery.hpp"
#include "viceroy/mailbox/post.hpp"

namespace viceroy {

// Says why an arrived message is not handled, to its sender.
inline void return_arrival(run_queue& q, const envelope& e, errc kind, std::string message,
                           std::string sentence) {
  if (has(e.flags, envelope_flags::returned)) {
    ++q.counters().dropped;
    return;
  }
  if (has(e.flags, envelope_flags::traced))
    if (tracer* const t = tracer::of_process()) t->note(t->adopt(e.trace), "it comes back: " + sentence);
  if (kind == errc::no_such_actor && (e.port & port_id::handler_bit) == 0) kind = errc::port_closed;
  return_to_sender(q, {e.from,
                       e.reply,
                       e.rank,
                       {e.to, std::move(message), static_cast<std::int32_t>(kind), std::move(sentence)}});
}

namespace detail {

// A message that comes back to a sender of this process.
inline void arrive_returned(run_queue& q, directory& home, const envelope& e, reader& in) {
  undeliverable letter;
  if (!decode(in, letter) || !in.finish()) {
    ++q.counters().dropped;
    return;
  }
  come_back(q, home.find(e.to.index()), e.reply, e.rank, letter);
}

// Goes on following a message from another process.
[[gnu::cold]] inline void follow_arrival(const mailbox& box, message_node& n, std::uint64_t name) {
  tracer* const t = tracer::of_process();
  if (!t) return;
  const tracer::number trace = t->adopt(name);
  n.flags |= message_node::traced;
  n.extra().index = trace;
  n.invoke = invoke_traced;
  t->note(trace, "arrived: " + std::string(n.ops->name) + " from " + n.from.text() +
                     " waits in the mailbox of " + box.text());
}

// Counts what a message brings beside its node, as far as there is room: a large one fills the mailbox.
inline void weigh(mailbox& box, message_node& n, const arrival& payload) {
  std::size_t bytes = payload.body.size();
  for (const viceroy::bytes& part : payload.parts) bytes += part.size();
  if (bytes <= n.memory_bytes() || box.room() <= n.granules) return;
  const std::size_t beside = (bytes - n.memory_bytes()) / pool::granule;
  const allowance::granules left = box.room() - n.granules;
  n.flags |= message_node::heavy;
  n.extra().beside = beside < left ? static_cast<allowance::granules>(beside) : left;
  box.count_in(n.extra().beside);
  n.to = &box;
  if (n.extra().port == 0) n.invoke = invoke_heavy;
}

// What a message is called here; the number of a type that this process does not know.
inline std::string type_text(const run_queue& q, std::uint64_t type) {
  std::string text(q.road().name_of(type));
  if (text.empty()) append_hex(text, type);
  return text;
}

}  // namespace detail

// Puts an arrived message into the mailbox it is for, or sends it back. Cost: one block, one decoding. Never
// throws for a reason in the bytes. Threads: the loop's.
inline void deliver(run_queue& q, directory& home, const envelope& e, const arrival& payload) {
  reader in(payload.body, payload.parts);
  if (has(e.flags, envelope_flags::returned)) return detail::arrive_returned(q, home, e, in);
  mailbox* const box = home.find(e.to.index());
  if (!box || box->name() != e.to.name())
    return return_arrival(q, e, absence(home, (e.port & port_id::handler_bit) == 0),
                          detail::type_text(q, e.type),
                          no_such_actor_text(home, e.to, detail::type_text(q, e.type)));

  message_node* n = nullptr;
  bool asked_for = false;
  const bool failed = has(e.flags, envelope_flags::failure);
  if ((e.port & port_id::handler_bit) == 0) {
    port_base* const port = q.find_port(e.port);
    if (!port || port->owner() != box) {
      ++q.counters().dropped;  // nobody waits there any more: late answers end here
      return;
    }
    if (!failed && e.type != 0 && e.type != port->takes().type_id)
      return return_arrival(q, e, errc::other_layout, detail::type_text(q, e.type),
                            "port " + std::to_string(e.port) + " of " + box->text() +
                                " takes another message than was sent to it");
    asked_for = port->is_answer();
    n = decode_node(q, in, failed ? message_ops_of<failure> : port->takes());
    if (n) {
      n->invoke = detail::invoke_port;
      n->flags |= message_node::urgent;
    }
  } else {
    const handler_entry* const entry = box->ops() ? box->ops()->find(e.port) : nullptr;
    if (!entry)
      return return_arrival(q, e, errc::no_such_handler, detail::type_text(q, e.type),
                            detail::no_such_handler_text(*box, detail::type_text(q, e.type)));
    n = decode_node(q, in, *entry->ops);
    if (n) n->invoke = entry->invoke;
  }
  if (!n)
    return return_arrival(q, e, errc::other_layout, detail::type_text(q, e.type),
                          "what arrived for " + box->text() + " is not the message it claims to be: " +
                              (in.reason() ? in.reason() : "it may not leave its process"));
  n->from = e.from;
  if (failed) n->flags |= message_node::failure;
  if (has(e.flags, envelope_flags::cast)) n->flags |= message_node::is_cast;
  message_extra& x = n->extra();
  x.port = e.port & port_id::handler_bit ? 0 : e.port;
  x.reply = e.reply;
  x.rank = e.rank;
  x.shape = e.shape;
  if (has(e.flags, envelope_flags::traced)) [[unlikely]]
    detail::follow_arrival(*box, *n, e.trace);
  if (!asked_for) detail::weigh(*box, *n, payload);
  enqueue(*box, *n);
}

}  // namespace viceroy
