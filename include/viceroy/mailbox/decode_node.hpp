// decode_node: a message node from bytes.
#pragma once

#include <new>

#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/wire/bytes.hpp"
#include "viceroy/wire/payload.hpp"

namespace viceroy {

// Decodes a message straight into a node with room for message_extra. Returns: null when the bytes are not
// one, or the codec of a field threw; `in` says why.
inline message_node* decode_node(run_queue& q, reader& in, const message_ops& ops) {
  if (!ops.travels()) return nullptr;
  message_node& n = q.make_empty(ops, true);
  try {
    if (ops.decode(in, n.storage())) {
      if (in.finish()) return &n;
      ops.destroy(n.storage());
    }
  } catch (const std::bad_alloc&) {
    in.fail("there is no memory for it");
  } catch (...) {
    in.fail("its codec threw an exception");
  }
  q.release(n);
  return nullptr;
}

}  // namespace viceroy
