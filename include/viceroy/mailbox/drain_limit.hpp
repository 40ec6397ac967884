// drain_limit: what waits while a handler is suspended, and how long a drain waits for it. Compiled once on
// request.
#pragma once

#include <string>

#include "viceroy/base/config.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/mailbox/life.hpp"

namespace viceroy {

// Puts a message, or a drain's own, behind what waits for the suspended handler. A drain waits for
// limits::drain: then the actor fails, naming the message that it still handles.
VICEROY_DECL void life::put_aside(mailbox& box, message_node& n) {
  box.defer(n);
  if (!n.is(message_node::signal) || of(box).deadline) return;  // of all signals only a drain can wait
  run_queue& q = box.queue();
  of(box).deadline = q.loop().call_at(
      q.loop().exact_now() + finite(q.bounds().drain),
      [handle = &box, generation = box.generation(), limit = q.bounds().drain] {
        if (handle->generation() != generation) return;
        of(*handle).deadline = 0;
        if (handle->is_closed()) return;  // a harder end has overtaken it
        const message_node* const held = handle->current();
        fail(*handle, errc::timeout,
             handle->text() + " was drained and still handles " +
                 std::string(held ? held->ops->name : "others") + " after " + limit_text(limit));
      });
}

}  // namespace viceroy
