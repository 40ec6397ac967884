// process_entry: the functions that separate compilation moves: a process's runtime made, a child's life run.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/actor/building_sites.hpp"
#include "viceroy/actor/handled.hpp"
#include "viceroy/actor/hooks.hpp"
#include "viceroy/actor/instances.hpp"
#include "viceroy/alloc/alloc_specs.hpp"
#include "viceroy/alloc/process_allocation.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/error_category.hpp"
#include "viceroy/base/late.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/task_errors.hpp"
#include "viceroy/bootstrap/child.hpp"
#include "viceroy/bootstrap/modes.hpp"
#include "viceroy/bootstrap/process_core.hpp"
#include "viceroy/bootstrap/process_runtime.hpp"
#include "viceroy/host/bootstrap_commands.hpp"
#include "viceroy/host/child_configuration.hpp"
#include "viceroy/host/host_agent.hpp"
#include "viceroy/host/lifeline.hpp"
#include "viceroy/host/process_environment.hpp"
#include "viceroy/host/process_launcher.hpp"
#include "viceroy/id/actor_ids.hpp"
#include "viceroy/id/addresses.hpp"
#include "viceroy/id/interning.hpp"
#include "viceroy/id/labels.hpp"
#include "viceroy/id/port_ids.hpp"
#include "viceroy/id/proc_ids.hpp"
#include "viceroy/id/transports.hpp"
#include "viceroy/id/uids.hpp"
#include "viceroy/mailbox/crossing.hpp"
#include "viceroy/mailbox/delayed_ports.hpp"
#include "viceroy/mailbox/drain_limit.hpp"
#include "viceroy/mailbox/expiry.hpp"
#include "viceroy/mailbox/held.hpp"
#include "viceroy/mailbox/looked_up.hpp"
#include "viceroy/mailbox/post_node.hpp"
#include "viceroy/mailbox/residents.hpp"
#include "viceroy/mailbox/returns.hpp"
#include "viceroy/mailbox/rooms.hpp"
#include "viceroy/mailbox/slabs.hpp"
#include "viceroy/mailbox/transitions.hpp"
#include "viceroy/mailbox/turn.hpp"
#include "viceroy/mesh/answer_sheets.hpp"
#include "viceroy/mesh/casting.hpp"
#include "viceroy/mesh/mesh_core.hpp"
#include "viceroy/mesh/mesh_handles.hpp"
#include "viceroy/mesh/mesh_parts.hpp"
#include "viceroy/mesh/mesh_states.hpp"
#include "viceroy/mesh/mesh_views.hpp"
#include "viceroy/message/manifest_difference.hpp"
#include "viceroy/proc/message_traces.hpp"
#include "viceroy/space/dims.hpp"
#include "viceroy/space/extents.hpp"
#include "viceroy/space/points.hpp"
#include "viceroy/space/ranges.hpp"
#include "viceroy/space/region_iterators.hpp"
#include "viceroy/space/regions.hpp"
#include "viceroy/wire/body.hpp"
#include "viceroy/wire/buffers.hpp"
#include "viceroy/wire/codec_texts.hpp"

namespace viceroy {

namespace detail {

// Of the messages that the library itself sends: part of every manifest's hash.
inline constexpr std::uint64_t system_messages_hash = [] {
  std::uint64_t hash = 1;
  for (const std::uint64_t id :
       {type_id<create_or_update<proc_spec>>(), type_id<create_or_update<actor_spec>>(),
        type_id<get_rank_status>(), type_id<rank_status>(), type_id<resource_state>(), type_id<stop>(),
        type_id<list>(), type_id<shutdown_host>(), type_id<trampoline_spec>(), type_id<hello>(),
        type_id<start_proc>(), type_id<started_proc>(), type_id<stop_and_exit>(), type_id<failure>(),
        type_id<undeliverable>()})
    hash = hash_number(id, hash);
  return hash;
}();

inline mesh_key random_key() {
  std::array<std::uint64_t, sizeof(mesh_key) / sizeof(std::uint64_t)> parts;
  for (std::uint64_t& part : parts) part = random_u64();
  return std::bit_cast<mesh_key>(parts);
}

// The core with what the upper layers bring.
inline owned<process_core> make_core(const application_table& app, std::vector<std::string> arguments,
                                     const limits& bounds, const mesh_key& key) {
  auto core = make_owned<process_core>(app, std::move(arguments), bounds, key, system_messages_hash);
  core->set_meshes(make_owned<mesh_core>(*core));
  return core;
}

}  // namespace detail

inline owned<launcher> process_core::make_launcher() {
  return make_process_launcher(*this, loop_.io(), launcher_setup{key_, trace_id_});
}

VICEROY_DECL owned<process_runtime> make_process_runtime(const application_table& app, int argc,
                                                         char** argv) {
  keep_standard_streams_closed();
  if (is_child())  // a program that went on as if it were the first would start children of its own, and they
                   // too
    throw error(errc::not_here,
                "process " + std::to_string(::getpid()) +
                    " was started by a mesh as a child (VICEROY_BOOTSTRAP_ADDR is in its "
                    "environment), and its main made a runtime instead of running as one; begin "
                    "main with `if (auto rc = viceroy::run_child<app>()) return *rc;`");
  return detail::make_core(app, {argv, argv + argc}, limits(), detail::random_key());
}

VICEROY_DECL owned<process_runtime> make_main_runtime(const application_table& app, int argc, char** argv) {
  try {
    return make_process_runtime(app, argc, argv);
  } catch (const std::exception& e) {
    cannot_run(e);
    return {};
  }
}

VICEROY_DECL void end_runtime(owned<process_runtime> ending) noexcept {
  if (!ending || ending->still_here()) return;
  static series<process_runtime*>& copies = *new series<process_runtime*>;  // so that nothing seems lost
  copies.push_back(ending.release());
}

VICEROY_DECL bool is_child() { return std::getenv("VICEROY_BOOTSTRAP_ADDR") != nullptr; }

VICEROY_DECL int not_a_child(std::string_view application) {
  std::fprintf(
      stderr,
      "viceroy: this program is the bootstrap main of application \"%.*s\": it is started by a mesh, with "
      "VICEROY_BOOTSTRAP_ADDR in its environment, and not by hand\n",
      static_cast<int>(application.size()), application.data());
  return 2;
}

VICEROY_DECL int run_as_child(const application_table& app) {
  try {
    keep_standard_streams_closed();
    const process_environment told = process_environment::take();
    if (told.descriptor_limit()) restore_descriptor_limit(*told.descriptor_limit());
    told.show_process_name();
    const lifeline_child line(told.lifeline_descriptor(), told.parent_pid(), limits().orphan_grace);
    const child_settings settings = child_settings::from(told);
    const child_configuration given = decode_configuration(line.secret());
    const auto core = detail::make_core(app, {}, given.bounds, given.key.value_or(detail::random_key()));
    core->set_trace_id(settings.trace_id);
    owned<bootstrap_child> child;
    return core->run_child([&] { child = make_owned<bootstrap_child>(*core, settings, given.token); },
                           [&] {
                             if (child) child->terminate();
                           });
  } catch (const std::exception& e) {
    std::fprintf(stderr, "viceroy: process %d cannot run as a child: %s\n", ::getpid(), e.what());
    return 1;
  }
}

}  // namespace viceroy
