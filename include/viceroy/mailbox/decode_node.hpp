// decode_node: a message node from bytes.
#pragma once

#include <optional>
#include <type_traits>

#include "viceroy/mailbox/message_ops.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/wire/codec.hpp"

namespace viceroy {

// Decodes an M straight into a node with room for message_extra. Returns: null when the bytes are not one M.
template <class M>
message_node* decode_node(run_queue& q, reader& bytes) {
  if constexpr (is_local_message<M>) {
    return nullptr;
  } else if constexpr (std::is_default_constructible_v<M>) {
    message_node& n = q.make<M>(message_ops_of<M>, true);
    if (codec<M>::decode(bytes, *static_cast<M*>(n.storage())) && bytes.finish()) return &n;
    q.discard(n);
    return nullptr;
  } else {
    std::optional<M> m = decode_value<M>(bytes);
    if (!m || !bytes.finish()) return nullptr;
    return &q.make<M>(message_ops_of<M>, true, std::move(*m));
  }
}

}  // namespace viceroy
