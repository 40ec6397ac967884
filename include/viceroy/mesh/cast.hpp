// cast: one message to every rank of a region: built once, shared by receivers here, encoded once for the
// others.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/mailbox/message_ops.hpp"
#include "viceroy/mailbox/post.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/mesh/rank_text.hpp"

namespace viceroy::detail {

// What a cast sends, without its type.
struct cast_payload {
  const message_ops* ops;
  void* block;  // what `make` makes nodes from
  const void* object;
  message_node& (*make)(run_queue&, void* block);
};

// How a cast's message is handled: a destination without the receiver.
struct cast_handler {
  std::uint64_t port;
  invoke_function invoke;
  std::uint64_t tag;
};

// Who is known not to be there. Returns: nothing when a cast may go.
VICEROY_DECL owned<const error> refusal(const mesh_state& mesh, const region& part, std::string_view message);

// Sends to every rank of the region, each message stamped with rank and shape. Cost: a node per receiver of
// this process, a header per other; the payload is built and encoded once.
VICEROY_DECL void post_cast(mailbox& from, const mesh_state& mesh, const region& part, shape dims,
                            const cast_handler& how, std::uint64_t reply, const cast_payload& payload);

// A small message without a destructor is copied: that is cheaper than to count who has handled it.
template <class M>
inline constexpr bool copied_by_cast = __is_trivially_copyable(M) && sizeof(M) <= 64;

template <class M>
message_node& make_copying(run_queue& q, void* m) {
  return q.make<M>(message_ops_of<M>, true, *static_cast<const M*>(m));
}

// Casts a payload and gives the caster's own share of it back.
VICEROY_DECL void post_shared(mailbox& from, const mesh_state& mesh, const region& part, shape dims,
                              const cast_handler& how, std::uint64_t reply, shared_payload& payload);

template <class M, class... F>
void cast_to(mailbox& from, const mesh_state& mesh, const region& part, shape dims, const cast_handler& how,
             std::uint64_t reply, F&&... fields) {
  if constexpr (copied_by_cast<M>) {
    VICEROY_BUILDS_BEGIN
    M message(static_cast<F&&>(fields)...);
    VICEROY_BUILDS_END
    post_cast(from, mesh, part, dims, how, reply, {&message_ops_of<M>, &message, &message, make_copying<M>});
  } else {
    post_shared(from, mesh, part, dims, how, reply, make_shared_payload<M>(static_cast<F&&>(fields)...));
  }
}

}  // namespace viceroy::detail

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mesh/casting.hpp"
#endif
