// application_table: an application as the plain core sees it: ids, names and functions; one constexpr table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/wire/bytes.hpp"

namespace viceroy {

// One actor type of an application: how it is made from bytes.
struct remote_entry {
  std::uint64_t type;  // actor_tag
  const actor_ops* ops;
  // Decodes the params and builds the actor as a root of `home`. Errors: bad_input for bytes that are no
  // params, what the constructor throws, already_exists.
  mailbox& (*construct)(directory& home, label name, reader& params);
};

struct application_table {
  std::string_view name;
  std::uint64_t manifest_hash;
  std::string (*manifest_text)();
  std::span<const remote_entry> actors;
  const remote_entry* (*find)(std::uint64_t type);  // null: not in the application
};

// Makes an actor from bytes in a proc of this process: the run-time face of the remote registry. Its caller
// is the proc agent. Errors: no_such_actor for a type that is not in the application; else as
// remote_entry::construct.
inline mailbox& gspawn(const application_table& app, directory& home, std::uint64_t type,
                       std::string_view type_name, label name, const bytes& params) {
  const remote_entry* const entry = app.find(type);
  if (!entry)
    throw error(errc::no_such_actor, "actor " + std::string(type_name) + " is not in application \"" +
                                         std::string(app.name) + "\" of proc " +
                                         std::string(home.id().text()) +
                                         "; add it to the application's actors list");
  reader in(params);
  return entry->construct(home, name, in);
}

}  // namespace viceroy
