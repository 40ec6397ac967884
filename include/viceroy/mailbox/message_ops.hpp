// message_ops_of: the table of a message type, made once per type at compile time.
#pragma once

#include "viceroy/mailbox/message_node.hpp"
#include "viceroy/message/message.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/message/type_id.hpp"
#include "viceroy/wire/codec.hpp"
#include "viceroy/wire/payload.hpp"

namespace viceroy {

template <class M>
constexpr message_ops make_message_ops() {
  message_ops ops{type_id<M>(), type_name<M>(), sizeof(M), [](void* m) noexcept { static_cast<M*>(m)->~M(); },
                  nullptr,      nullptr};
  if constexpr (!is_local_message<M>) {
    ops.encoded_size = [](const void* m) -> std::size_t {
      return viceroy::encoded_size(*static_cast<const M*>(m));
    };
    ops.encode = [](writer& w, const void* m) { viceroy::encode(w, *static_cast<const M*>(m)); };
  }
  return ops;
}

template <class M>
inline constexpr message_ops message_ops_of = make_message_ops<M>();

// The same for a node that holds a share of a payload: only its destruction differs.
template <class M>
inline constexpr message_ops shared_message_ops_of = [] {
  message_ops ops = message_ops_of<M>;
  ops.size_bytes = sizeof(shared_reference<M>);
  ops.destroy = [](void* m) noexcept { static_cast<shared_reference<M>*>(m)->~shared_reference<M>(); };
  return ops;
}();

}  // namespace viceroy
