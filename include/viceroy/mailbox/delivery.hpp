// delivery: putting a message into its receiver's mailbox, or back to its sender with the cause.
#pragma once

#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/channel/link.hpp"
#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/failure.hpp"
#include "viceroy/mailbox/life.hpp"
#include "viceroy/mailbox/message_ops.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/mailbox/tracer.hpp"

namespace viceroy {

// Who should hear that a message was not handled, and what about.
struct lost_message {
  actor_id sender;
  std::uint64_t reply = 0;  // the sender's port that waits for the answer
  std::uint32_t rank = 0;
  undeliverable letter;
};

namespace detail {

// The message is back in its sender's process and loop.
VICEROY_DECL void come_back(run_queue& q, mailbox* sender, std::uint64_t reply, std::uint32_t rank,
                            const undeliverable& letter);

}  // namespace detail

// Gives a message back to its sender, wherever that is. What comes back is never returned again.
VICEROY_DECL void return_to_sender(run_queue& q, const lost_message& m);

// Gives a node back that its receiver cannot have, and consumes it.
VICEROY_DECL void return_node(run_queue& q, message_node& n, const actor_id& to, errc kind,
                              std::string sentence);

// Takes what a heavy node holds beside itself off what waits in its receiver's mailbox.
VICEROY_DECL void relieve(message_node& n);

// Whether a node is for a port, and not for a handler.
inline bool is_for_port(const message_node& n) { return n.is(message_node::extended) && n.extra().port != 0; }

namespace detail {

// A mailbox that had no room for a node, and counts it already, takes only an answer that was asked for. The
// rest goes back.
[[gnu::cold]] VICEROY_DECL void enqueue_full(mailbox& box, message_node& n);

}  // namespace detail

// Puts a node into the queue of a mailbox of this loop, full or not.
inline void enqueue_always(mailbox& box, message_node& n) {
  box.count_in(n.granules);
  box.queue().add(box, n);
}

// The same; a mailbox that is full does not take it, unless it is an answer that was asked for.
[[gnu::always_inline]] inline void enqueue(mailbox& box, message_node& n) {
  if (!box.count_in(n.granules)) [[unlikely]]
    return detail::enqueue_full(box, n);
  box.queue().add(box, n);
}

// What it is to send to an actor that is not there: a mistake; but who answers, or sends to a port, cannot
// know, nor can who sends while all that is there ends.
inline errc absence(bool port) { return port ? errc::port_closed : errc::no_such_actor; }
inline errc absence(const directory& home, bool port) {
  return home.is_ending() && !port ? errc::receiver_stopping : absence(port);
}

// Names the root cause where the proc still remembers it.
VICEROY_DECL std::string no_such_actor_text(const directory& home, const actor_id& to,
                                            std::string_view message);

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/crossing.hpp"
#include "viceroy/mailbox/returns.hpp"
#endif
