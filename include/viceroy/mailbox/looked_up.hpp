// looked_up: how a message that its receiver's loop looks up is handled. Compiled once on request.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "viceroy/mailbox/invoke_node.hpp"
#include "viceroy/mailbox/tracer.hpp"

namespace viceroy::detail {

VICEROY_DECL void invoke_port(mailbox& box, message_node& n) {
  run_queue& q = box.queue();
  if (box.current()) q.holder().begin(box, *box.current()->ops);  // its suspended handler may go on
  const message_extra& x = n.extra();
  port_base* const port = q.find_port(x.port);
  if (!port || port->owner() != &box) {
    relieve(n);
    ++q.counters().dropped;
  } else if (!n.is(message_node::failure) && n.ops->type_id != port->takes().type_id) {
    return_node(q, n, box.id(), errc::other_layout,
                "port " + std::to_string(x.port) + " of " + box.text() + " does not take " +
                    std::string(n.ops->name));
    return;
  } else {
    if (n.is(message_node::heavy))
      box.count_out(n.extra().beside);  // it counts again in a port that keeps it
    try {
      port->deliver(n);
    } catch (...) {  // it could not be moved there; whoever waits runs in frames that let nothing out
      port->lost(
          n.from, x.rank,
          error(errc::handler_failed, std::string(n.ops->name) + " came for " + box.text() +
                                          ", and moving it threw: " + sentence_of(std::current_exception())));
    }
  }
  q.discard(n);
}

VICEROY_DECL std::string no_such_handler_text(const mailbox& box, std::string_view message) {
  return box.text() + (box.ops() ? " (a " + std::string(box.ops()->name) + ")" : " (an instance)") +
         " does not handle " + std::string(message);
}

VICEROY_DECL void invoke_arrived(mailbox& box, message_node& n) {
  const std::uint32_t meant = n.extra().tag;
  const handler_entry* const entry =
      box.ops() && (meant == 0 || meant == static_cast<std::uint32_t>(box.tag()))
          ? box.ops()->find(n.ops->type_id)
          : nullptr;
  if (entry) {
    entry->invoke(box, n);
  } else {
    return_node(box.queue(), n, box.id(), errc::no_such_handler, no_such_handler_text(box, n.ops->name));
  }
}

VICEROY_DECL void invoke_heavy(mailbox& box, message_node& n) {
  relieve(n);
  n.is(message_node::traced) ? invoke_traced(box, n) : invoke_arrived(box, n);
}

VICEROY_DECL void invoke_traced(mailbox& box, message_node& n) {
  const auto trace = static_cast<tracer::number>(n.extra().index);
  const std::uint32_t generation = box.generation();
  const std::string who = box.text();
  if (is_for_port(n)) {
    note_hop(trace, "delivered to port " + std::to_string(n.extra().port) + " of " + who);
    return invoke_port(box, n);
  }
  note_hop(trace, "handle: " + who + " begins with " + std::string(n.ops->name));
  invoke_arrived(box, n);
  const bool waits = box.generation() == generation && box.is_busy() && box.current() == &n;
  note_hop(trace, waits ? "its handler waits" : "its handler has returned");
}

}  // namespace viceroy::detail
