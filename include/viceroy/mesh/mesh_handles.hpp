// mesh_handles: how the handles of meshes reach the core, whatever they are of. Compiled once on request.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/taken.hpp"
#include "viceroy/mesh/mesh_handle.hpp"

namespace viceroy::detail {

VICEROY_DECL mesh_operations& operations_of(const mailbox& asks) {
  runtime_core* const core = asks.home().core();
  if (!core)
    throw error(
        errc::not_here,
        asks.text() +
            " lives in a proc without a runtime, which has no meshes; make the proc with proc<App>::direct");
  if (&asks.queue() != &core->queue())
    throw error(errc::wrong_thread,
                asks.text() +
                    " has a thread of its own and cannot own or stop meshes; let an actor without "
                    "`using execution = own_thread;` do that");
  return core->meshes();
}

VICEROY_DECL mesh_operations& operations_of(const participant& cx) { return operations_of(cx.sender_box()); }

VICEROY_DECL task<void> stop_mesh(participant& cx, const shared_mesh& mesh) {
  return operations_of(cx).stop(mailbox_handle(cx.sender_box()), mesh);
}

VICEROY_DECL void let_go(shared_mesh& mesh) noexcept {
  if (mesh && mesh->operations) mesh->operations->abandon(taken(mesh));
}

VICEROY_DECL task<shared_mesh> spawn_procs(mailbox& owner, const shared_mesh& hosts, const region& part,
                                           std::string_view name, extent per_host) {
  return operations_of(owner).spawn_procs(mailbox_handle(owner), hosts, part, std::string(name),
                                          std::move(per_host));
}

VICEROY_DECL task<shared_mesh> spawn_actors(const participant& cx, const shared_mesh& procs,
                                            const region& part, std::string_view name, actor_spec spec) {
  return operations_of(cx).spawn_actors(mailbox_handle(cx.sender_box()), procs, part, std::string(name),
                                        std::move(spec));
}

VICEROY_DECL actor_spec make_spec(std::uint64_t type, std::string_view name, encoded params) {
  actor_spec spec;
  spec.type = type;
  spec.type_name = name;
  if (!params.parts.empty())
    throw error(errc::frame_too_large, "the parameters of " + spec.type_name + " hold a vr::bytes of " +
                                           std::to_string(params.parts.front().size()) +
                                           " bytes, and may hold less than " +
                                           std::to_string(limit::separate_bytes) + "; send it in a message");
  if (!params.body.empty()) spec.params = bytes(std::move(params.body));
  return spec;
}

VICEROY_DECL actor_spec make_spec(std::uint64_t type, std::string_view name) {
  return make_spec(type, name, {});
}

}  // namespace viceroy::detail
