// message_frame: one message as a frame: numbering its names, writing it into an outbox, reading it back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/channel/counters.hpp"
#include "viceroy/channel/link.hpp"
#include "viceroy/channel/outbox.hpp"
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

// Writes messages of one link into its outbox.
class message_writer {
 public:
  message_writer(outbox& out, name_numbers& names, counters& count)
      : out_(out), names_(names), count_(count) {}

  // Appends one message, behind the definitions of names that are new. Returns: posted or too_large.
  post_result write(const envelope& header, const payload_view& payload) {
    const std::size_t body = body_bytes(payload);
    if (body > limit::frame_bytes - sizeof(message_header)) return post_result::too_large;
    message_header message = numbered(header);
    std::byte* const room = out_.claim(sizeof(frame_header) + sizeof message + body);
    std::byte* const content = room + sizeof(frame_header) + sizeof message;
    std::span<const bytes> parts;
    std::vector<bytes> own_parts;
    if (payload.typed()) {
      writer into(std::span(content, body));
      payload.ops().encode(into, payload.object());
      if (into.failed()) return post_result::too_large;
      message.body = static_cast<std::uint32_t>(into.size());
      own_parts = into.take_parts();
      parts = own_parts;
    } else if (payload.bytes() != nullptr) {
      if (body != 0) std::memcpy(content, payload.bytes()->body.data(), body);
      message.body = static_cast<std::uint32_t>(body);
      parts = payload.bytes()->parts;
    }
    std::size_t length = sizeof message + message.body;
    for (const bytes& part : parts) {
      length += sizeof(std::uint32_t) + part.size();
      if (length > limit::frame_bytes) return post_result::too_large;
    }
    message.parts = static_cast<std::uint32_t>(parts.size());
    ++count_.sent;
    frame_header frame = count_.header(frame_kind::message);
    frame.length = static_cast<std::uint32_t>(length);
    store_struct(room, frame);
    store_struct(room + sizeof frame, message);
    out_.commit(sizeof frame + sizeof message + message.body);
    if (!parts.empty()) append_parts(parts);
    return post_result::posted;
  }

 private:
  static std::size_t body_bytes(const payload_view& payload) {
    if (!payload.typed()) return payload.bytes() == nullptr ? 0 : payload.bytes()->body.size();
    if (payload.ops().encoded_size == nullptr) {
      throw error(errc::not_here, std::string(payload.ops().name) +
                                      " is a local message: it cannot leave its process over a link");
    }
    return payload.ops().encoded_size(payload.object());
  }

  void append_parts(std::span<const bytes> parts) {
    for (const bytes& part : parts) {
      const auto size = static_cast<std::uint32_t>(part.size());
      out_.append(&size, sizeof size);
    }
    for (const bytes& part : parts) out_.append_part(part);
  }

  message_header numbered(const envelope& e) {
    message_header m;
    m.to_proc = number(names_.procs, e.to.proc(), name_kind::proc);
    m.to_name = number(names_.labels, e.to.name(), name_kind::label);
    m.to_index = e.to.index();
    m.from_proc = number(names_.procs, e.from.proc(), name_kind::proc);
    m.from_name = number(names_.labels, e.from.name(), name_kind::label);
    m.from_index = e.from.index();
    m.port = e.port;
    m.reply = e.reply;
    m.type = e.type;
    m.sequence = e.sequence;
    m.trace = e.trace;
    m.shape = number(names_.shapes, e.shape, name_kind::shape);
    m.rank = e.rank;
    m.flags = e.flags;
    m.hops = e.hops;
    m.lane = e.lane;
    return m;
  }

  template <class Name>
  std::uint32_t number(outgoing_names<Name>& names, Name name, name_kind kind) {
    if (name == Name{}) return 0;
    if (const std::uint32_t known = names.find(name)) return known;
    std::byte first[sizeof(std::uint32_t) + sizeof(name_kind)];
    const std::uint32_t given = names.add(name);
    store_struct(first, given);
    store_struct(first + sizeof given, kind);
    out_.append_frame(count_.header(frame_kind::define), first, std::as_bytes(std::span(name.text())));
    return given;
  }

  outbox& out_;
  name_numbers& names_;
  counters& count_;
};

// Reads the content of a message frame, whose header had no problem().
class message_reader {
 public:
  // `owner` keeps the content alive beyond the call, if given: parts then share it instead of being copied.
  // `parts` is where they are put.
  message_reader(std::span<const std::byte> content, const number_names& names,
                 const std::shared_ptr<const std::byte[]>& owner, std::vector<bytes>& parts)
      : content_(content), names_(names), owner_(owner), parts_(parts) {}

  // Returns: what is wrong with the message, or null.
  const char* read(envelope& to) {
    const auto message = load_struct<message_header>(content_.data());
    std::size_t rest = content_.size() - sizeof message;
    if (message.body > rest) return "a message's body is longer than its frame";
    body_ = content_.subspan(sizeof message, message.body);
    rest -= message.body;
    if (message.reserved != 0 || (message.flags | known_envelope_flags) != known_envelope_flags)
      return "a message has flags that mean nothing";
    if (!read_envelope(message, names_, to)) return "a message uses a number that was not defined";
    if (message.parts == 0) return rest == 0 ? nullptr : "a message is shorter than its frame";
    if (message.parts > rest / sizeof(std::uint32_t))
      return "a message has more parts than its frame has room for";
    return read_parts(content_.subspan(sizeof message + message.body), message.parts);
  }

  arrival payload() const noexcept { return {body_, parts_}; }

 private:
  const char* read_parts(std::span<const std::byte> from, std::uint32_t count) {
    std::size_t at = count * sizeof(std::uint32_t);
    parts_.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto size = load_struct<std::uint32_t>(from.data() + i * sizeof(std::uint32_t));
      if (size > from.size() - at) return "a message's parts are longer than its frame";
      const auto content = from.subspan(at, size);
      parts_.push_back(owner_ ? bytes(owner_, content) : bytes::copy(content));
      at += size;
    }
    return at == from.size() ? nullptr : "a message is shorter than its frame";
  }

  std::span<const std::byte> content_;
  const number_names& names_;
  const std::shared_ptr<const std::byte[]>& owner_;
  std::vector<bytes>& parts_;
  std::span<const std::byte> body_;
};

}  // namespace viceroy
