// link_names: what the names of one link are called on the wire, in either direction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "viceroy/wire/dictionary.hpp"
#include "viceroy/wire/frame.hpp"

namespace viceroy {

// The numbers that this side of a link has given to names; a name without one is defined first.
struct name_numbers {
  outgoing_names<proc_id> procs;
  outgoing_names<label> labels;
  outgoing_names<shape> shapes;

  // One message brings at most two procs, two labels and a shape.
  bool full() const noexcept {
    return procs.size() + 2 > limit::link_names || labels.size() + 2 > limit::link_names ||
           shapes.size() + 1 > limit::link_names;
  }
  void clear() noexcept {
    procs.clear();
    labels.clear();
    shapes.clear();
  }
};

// What the numbers of the peer stand for.
struct number_names {
  incoming_names<proc_id> procs;
  incoming_names<label> labels;
  incoming_names<shape> shapes;

  void clear() noexcept {
    procs.clear();
    labels.clear();
    shapes.clear();
  }

  // Takes in the content of a define frame. Returns: what is wrong with it, or null.
  // Errors: what interning throws at its limit.
  const char* define(std::span<const std::byte> content) {
    constexpr std::size_t before_text = sizeof(std::uint32_t) + sizeof(name_kind);
    if (content.size() <= before_text) return "a definition without a name";
    const auto number = load_struct<std::uint32_t>(content.data());
    const auto kind = load_struct<name_kind>(content.data() + sizeof number);
    const std::string_view text(reinterpret_cast<const char*>(content.data()) + before_text,
                                content.size() - before_text);
    switch (kind) {
      case name_kind::proc:
        return add(procs, number, [text] { return proc_id::try_parse(text); });
      case name_kind::label:
        return add(labels, number, [text] { return label::try_parse(text); });
      case name_kind::shape:
        return add(shapes, number, [text] { return std::optional(shape::parse(text)); });
    }
    return "a definition of unknown kind";
  }

 private:
  template <class Name, class Parse>
  static const char* add(incoming_names<Name>& names, std::uint32_t number, Parse parse) {
    if (const char* wrong = names.problem(number)) return wrong;
    const std::optional<Name> name = parse();
    if (!name) return "it defines a text that is no name";
    names.add(*name);
    return nullptr;
  }
};

// Translates a message's header by either side's numbers. Returns: whether all of them stand for something.
template <class Numbers>
bool read_envelope(const message_header& from, const Numbers& names, envelope& to) noexcept {
  proc_id to_proc;
  proc_id from_proc;
  label to_name;
  label from_name;
  if (!names.procs.at(from.to_proc, to_proc) || !names.procs.at(from.from_proc, from_proc) ||
      !names.labels.at(from.to_name, to_name) || !names.labels.at(from.from_name, from_name) ||
      !names.shapes.at(from.shape, to.shape))
    return false;
  to.to = actor_id(to_proc, to_name, from.to_index);
  to.from = actor_id(from_proc, from_name, from.from_index);
  to.port = from.port;
  to.reply = from.reply;
  to.type = from.type;
  to.sequence = from.sequence;
  to.trace = from.trace;
  to.rank = from.rank;
  to.flags = from.flags;
  to.hops = from.hops;
  to.lane = from.lane;
  return true;
}

}  // namespace viceroy
