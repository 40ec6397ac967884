// post_node: the way of a message to another loop, to a port, or to one that may not handle it. Compiled once
// on request.
#pragma once

#include <cstdint>
#include <string>

#include "viceroy/id/port_id.hpp"
#include "viceroy/mailbox/post.hpp"

namespace viceroy::detail {

// Sets how a node is handled by a mailbox of this loop. Returns: false when it is not.
inline bool resolve(const mailbox& box, const destination& d, message_node& n) {
  if ((d.port & port_id::handler_bit) == 0) {
    n.invoke = invoke_port;
    n.extra().port = d.port;
    n.flags |= message_node::urgent;
    return true;
  }
  if (d.invoke && d.tag == box.tag()) {
    n.invoke = d.invoke;
    return true;
  }
  const handler_entry* const entry = box.ops() ? box.ops()->find(d.port) : nullptr;
  if (!entry || d.port != n.ops->type_id)
    return false;  // a port_ref that came from afar may name any handler
  if (d.tag != 0 && d.tag != box.tag()) return false;
  n.invoke = entry->invoke;
  return true;
}

VICEROY_DECL void note_post(const mailbox& from, const destination& d, const attachments& a,
                            const message_ops& ops) {
  const bool port = (d.port & port_id::handler_bit) == 0;
  note_hop(a.trace, "post: " + from.text() + " sends " + std::string(ops.name) + " to " +
                        (port ? "port " + std::to_string(d.port) + " of " : std::string()) + d.to.text());
}

VICEROY_DECL void post_node(mailbox& from, directory& home, const destination& d, message_node& n) {
  run_queue& q = from.queue();
  const bool traced = n.is(message_node::traced);
  const auto trace = traced ? static_cast<tracer::number>(n.extra().index) : 0;
  if (&home.queue() == &q) {
    mailbox* const box = home.find(d.to.index());
    if (!box) {
      return_node(q, n, d.to, absence(home, (d.port & port_id::handler_bit) == 0),
                  no_such_actor_text(home, d.to, n.ops->name));
    } else if (!resolve(*box, d, n)) {
      return_node(q, n, d.to, errc::no_such_handler, no_such_handler_text(*box, n.ops->name));
    } else {
      if (traced) {
        n.invoke = invoke_traced;
        note_hop(trace, "deliver: it waits in the mailbox of " + box->text() + ", on the same loop");
      }
      enqueue(*box, n);
    }
    return;
  }
  if ((d.port & port_id::handler_bit) != 0 && !home.admits(n.memory_bytes())) [[unlikely]]
    return return_node(q, n, d.to, errc::mailbox_full, home.full_text(d.to));
  // The other loop looks the receiver up; what it needs for that travels in the node.
  message_extra& x = n.extra();
  x.index = d.to.index();
  x.owner = &q;
  x.port = d.port & port_id::handler_bit ? 0 : d.port;
  n.flags |= message_node::foreign;
  x.tag = static_cast<std::uint32_t>(d.tag);
  n.invoke = x.port != 0 ? invoke_port : invoke_arrived;
  if (x.port != 0) n.flags |= message_node::urgent;
  if (traced) {
    n.invoke = invoke_traced;
    n.generation = trace;
    note_hop(trace, "hand over: to the loop of " + std::string(home.id().text()));
  }
  q.hand_over(n, home);
}

VICEROY_DECL envelope make_envelope(const mailbox& from, const destination& d, const attachments& a,
                                    const message_ops& ops) {
  envelope e;
  e.to = d.to;
  e.port = d.port;
  e.from = from.id();
  e.reply = a.reply;
  e.type = ops.type_id;
  e.rank = a.rank;
  e.shape = a.shape;
  if (a.flags & message_node::is_cast) e.flags = e.flags | envelope_flags::cast;
  if (a.flags & message_node::failure) e.flags = e.flags | envelope_flags::failure;
  if (a.flags & message_node::traced) {
    e.flags = e.flags | envelope_flags::traced;
    if (tracer* const t = tracer::of_process()) e.trace = t->name_of(a.trace);
  }
  return e;
}

}  // namespace viceroy::detail
