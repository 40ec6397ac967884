// resource: the messages by which hosts and procs are managed: the same shapes at both levels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viceroy/id/actor_id.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/mailbox/port_ref.hpp"
#include "viceroy/message/library_names.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/wire/bytes.hpp"

namespace viceroy {

// How a resource is, in the words of its agent. For a proc `actor` is its agent, for an actor itself.
struct rank_status {
  static constexpr auto name = "viceroy::rank_status";
  label id;
  std::uint32_t rank = 0;
  viceroy::status status = viceroy::status::not_exist;
  actor_id actor;
  std::string sentence;  // why, when it failed
  bool by_hook = false;  // in its stop hook
};

// Makes the resource `id` if it is not there; the same id twice is one resource. There is no answer: its life
// is told by get_rank_status, and what goes wrong after it ran reaches `owner`.
template <class Spec>
struct create_or_update {
  label id;
  std::uint32_t rank = 0;
  Spec spec;
  port_ref<rank_status> owner;
};
template <class Spec>
struct name_of<create_or_update<Spec>> : composed_name<"viceroy::create_or_update", Spec> {};

// Asks to be told, once, when `id` runs or has ended; before it was created, too.
struct get_rank_status {
  static constexpr auto name = "viceroy::get_rank_status";
  label id;
  port_ref<rank_status> reply;
};

// Asks how `id` is now. Answer: resource_state.
template <class Spec>
struct get_state {
  label id;
};
template <class Spec>
struct name_of<get_state<Spec>> : composed_name<"viceroy::get_state", Spec> {};

struct resource_state {
  static constexpr auto name = "viceroy::resource_state";
  rank_status what;
  std::uint64_t generation = 0;  // the last writer wins
  std::int64_t unix_ms = 0;      // when it became so
};

// Ends `id` (drain, then stop, then kill, each after its limit), and tells `reply` when it is gone. Gone
// already: at once.
struct stop {
  static constexpr auto name = "viceroy::stop";
  label id;
  port_ref<rank_status> reply;
};

// Asks for all resources. Answer: std::vector<rank_status>.
struct list {
  static constexpr auto name = "viceroy::list";
};

// What a proc agent makes an actor from: gspawn's arguments.
struct actor_spec {
  static constexpr auto name = "viceroy::actor_spec";
  std::uint64_t type = 0;  // actor_tag: the id of the class's name
  std::string type_name;   // for the error when the proc does not know it
  bytes params;            // encoded params of the class; empty if it has none
};

}  // namespace viceroy
