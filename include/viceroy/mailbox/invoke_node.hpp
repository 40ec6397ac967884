// invoke_node: how a message that its receiver's loop looks up is handled: by a port, a handler, or followed.
#pragma once

#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/delivery.hpp"

namespace viceroy::detail {

// Takes the payload out of a node for an ephemeral port.
VICEROY_DECL void invoke_port(mailbox& box, message_node& n);

VICEROY_DECL std::string no_such_handler_text(const mailbox& box, std::string_view message);

// Handles a node from another loop: only here, on its receiver's, is it known what the receiver is.
VICEROY_DECL void invoke_arrived(mailbox& box, message_node& n);

// Handles a heavy node by a handler.
VICEROY_DECL void invoke_heavy(mailbox& box, message_node& n);

// Handles a node that is followed.
VICEROY_DECL void invoke_traced(mailbox& box, message_node& n);

}  // namespace viceroy::detail

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/looked_up.hpp"
#endif
