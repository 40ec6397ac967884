// casting: how a cast goes its way, and what refuses it. Compiled once on request.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/owned.hpp"
#include "viceroy/mesh/cast.hpp"

namespace viceroy::detail {

VICEROY_DECL owned<const error> refusal(const mesh_state& mesh, const region& part,
                                        std::string_view message) {
  if (mesh.health.all_well()) [[likely]]
    return {};
  for (const std::size_t rank : part) {
    const error* const cause = mesh.health.cause(rank);
    if (cause)
      return make_owned<const error>(
          cause->kind(), std::string(message) + " was not sent to " + mesh.name + ": rank " +
                             std::to_string(mesh.origin.base_rank(rank)) + " is gone: " + cause->sentence());
  }
  return {};
}

// Writes the message down if any receiver lives in another process, before anything is sent.
// Errors: no_such_handler for a local message; frame_too_large.
inline void encode_for_others(const mesh_state& mesh, const region& part, const message_ops& ops,
                              const void* object, encoded& out) {
  for (const std::size_t rank : part) {
    const actor_id& to = mesh.members[rank];
    if (to.proc().home()) continue;
    if (!ops.travels())
      throw error(errc::no_such_handler, "message " + std::string(ops.name) +
                                             " is local (it never leaves its process), and " + to.text() +
                                             " of " + mesh.name + " lives in another process");
    out.body.resize(ops.encoded_size(object));
    writer w{std::span(out.body)};
    ops.encode(w, object);
    if (w.failed())
      throw error(errc::frame_too_large,
                  "a cast of " + std::string(ops.name) + " to " + mesh.name + ": " + w.reason());
    out.parts = w.take_parts();
    return;
  }
}

VICEROY_DECL void post_cast(mailbox& from, const mesh_state& mesh, const region& part, shape dims,
                            const cast_handler& how, std::uint64_t reply, const cast_payload& payload) {
  encoded bytes;
  encode_for_others(mesh, part, *payload.ops, payload.object, bytes);
  run_queue& q = from.queue();
  attachments a;
  a.reply = reply;
  a.shape = dims;
  a.flags = message_node::is_cast;
  if (q.traces_next()) [[unlikely]]
    a = followed(q, a);
  destination d{actor_id(), how.port, how.invoke, how.tag};
  const actor_id sender = from.id();
  for (const std::size_t rank : part) {
    d.to = mesh.members[rank];
    if (a.flags & message_node::traced) [[unlikely]]
      note_post(from, d, a, *payload.ops);
    auto* const home = static_cast<directory*>(d.to.proc().home());
    if (home) {
      message_node& n = payload.make(q, payload.block);
      n.flags |= a.flags;
      n.from = sender;
      n.extra().reply = reply;
      n.extra().rank = a.rank;
      n.extra().shape = dims;
      n.extra().index = a.trace;
      post_node(from, *home, d, n);
    } else {
      q.road().post(make_envelope(from, d, a, *payload.ops), payload_view(bytes));
    }
    ++a.rank;
  }
}

// A node that shares the payload.
inline message_node& make_sharing(run_queue& q, void* block) {
  auto& payload = *static_cast<shared_payload*>(block);
  message_node& n = q.make<shared_reference>(*payload.ops_of_reference, true, payload);
  n.flags |= message_node::shared;
  return n;
}

VICEROY_DECL void post_shared(mailbox& from, const mesh_state& mesh, const region& part, shape dims,
                              const cast_handler& how, std::uint64_t reply, shared_payload& payload) {
  const struct own_share {
    shared_payload& payload;
    ~own_share() { payload.drop(); }
  } share{payload};
  post_cast(from, mesh, part, dims, how, reply, {payload.ops, &payload, payload.value(), make_sharing});
}

}  // namespace viceroy::detail
