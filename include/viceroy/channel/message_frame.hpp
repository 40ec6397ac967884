// message_frame: one message as a frame: writing it into an outbox, reading it back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/channel/counters.hpp"
#include "viceroy/channel/link.hpp"
#include "viceroy/channel/link_names.hpp"
#include "viceroy/channel/outbox.hpp"
#include "viceroy/id/port_id.hpp"
#include "viceroy/wire/frame.hpp"

namespace viceroy {

// Writes the messages of one link into its outbox. A message whose envelope is that of the message before,
// which leaves with it, is written without one.
class message_writer {
 public:
  message_writer(outbox& out, counters& count) : out_(out), count_(count) {}

  // Appends one message, behind the definitions of names that are new. Returns: posted; too_large; or busy,
  // when there are no numbers left for names until what waits has left.
  post_result write(const envelope& header, const payload_view& payload) {
    const std::size_t body = body_bytes(payload);
    if (body > limit::frame_bytes - sizeof(message_header)) return post_result::too_large;
    const bool again = last_batch_ == out_.batch() && same(last_, header);
    if (!again) {
      if (names_.full() && !forget_names()) return post_result::busy;
      number_names_of(header);
    }
    std::byte* const room = out_.claim(before_body + body);
    std::byte* content = room + (again ? sizeof(frame_header) : before_body);
    std::size_t written = body;
    std::vector<bytes> own_parts;
    const std::vector<bytes>* parts = &own_parts;
    if (payload.typed()) {
      writer into(std::span(content, body));
      payload.ops().encode(into, payload.object());
      if (into.failed()) return post_result::too_large;
      written = into.size();
      own_parts = into.take_parts();
    } else if (payload.bytes() != nullptr) {
      if (body != 0) std::memcpy(content, payload.bytes()->body.data(), body);
      parts = &payload.bytes()->parts;
    }
    if (again && parts->empty()) {
      ++count_.sent;
      store_frame_header(room, frame_kind::again, written);
      out_.commit(sizeof(frame_header) + written);
      return post_result::posted;
    }
    std::size_t length = sizeof(message_header) + written;
    for (const bytes& part : *parts) {
      length += sizeof(std::uint32_t) + part.size();
      if (length > limit::frame_bytes) return post_result::too_large;
    }
    if (again && written != 0) std::memmove(room + before_body, content, written);
    ++count_.sent;
    store_frame_header(room, frame_kind::message, length);
    store_message_header(room + sizeof(frame_header), header, written, parts->size());
    out_.commit(before_body + written);
    if (!parts->empty()) append_parts(*parts);
    last_ = header;
    last_batch_ = out_.batch();
    return post_result::posted;
  }

  // What the numbers in this link's outbox stand for.
  const name_numbers& names() const noexcept { return names_; }

 private:
  static constexpr std::size_t before_body = sizeof(frame_header) + sizeof(message_header);

  static bool same(const envelope& a, const envelope& b) noexcept {
    return a.to == b.to && a.from == b.from && same_names(a, b) && a.port == b.port && a.reply == b.reply &&
           a.type == b.type && a.sequence == b.sequence && a.trace == b.trace && a.rank == b.rank &&
           a.flags == b.flags && a.hops == b.hops && a.lane == b.lane;
  }
  static bool same_names(const envelope& a, const envelope& b) noexcept {
    return a.to.proc() == b.to.proc() && a.to.name() == b.to.name() && a.from.proc() == b.from.proc() &&
           a.from.name() == b.from.name() && a.shape == b.shape;
  }

  static std::size_t body_bytes(const payload_view& payload) {
    if (!payload.typed()) return payload.bytes() == nullptr ? 0 : payload.bytes()->body.size();
    if (!payload.ops().travels()) {
      throw error(errc::not_here, std::string(payload.ops().name) +
                                      " is a local message: it cannot leave its process over a link");
    }
    return payload.ops().encoded_size(payload.object());
  }

  void append_parts(const std::vector<bytes>& parts) {
    for (const bytes& part : parts) {
      const auto size = static_cast<std::uint32_t>(part.size());
      out_.append(&size, sizeof size);
    }
    for (const bytes& part : parts) out_.append_part(part);
  }

  bool forget_names() {
    if (!out_.empty())
      return false;  // what waits is written with the old numbers, and may have to be returned
    names_.clear();
    last_ = {};
    numbers_ = {};
    out_.append_frame(count_.header(frame_kind::forget), {});
    return true;
  }

  void number_names_of(const envelope& e) {
    if (same_names(last_, e)) return;
    message_header numbers;
    numbers.to_proc = number(names_.procs, e.to.proc(), name_kind::proc);
    numbers.to_name = number(names_.labels, e.to.name(), name_kind::label);
    numbers.from_proc = number(names_.procs, e.from.proc(), name_kind::proc);
    numbers.from_name = number(names_.labels, e.from.name(), name_kind::label);
    numbers.shape = number(names_.shapes, e.shape, name_kind::shape);
    numbers_ = numbers;
    last_ = e;
    last_batch_ = never;  // nothing was written with it yet
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

  // Field by field: a struct filled on the stack and copied whole would wait for its own stores.
  void store_frame_header(std::byte* at, frame_kind kind, std::size_t length) const noexcept {
    store_struct(at + offsetof(frame_header, length), static_cast<std::uint32_t>(length));
    store_struct(at + offsetof(frame_header, kind),
                 static_cast<std::uint32_t>(kind));  // and what is reserved
    store_struct(at + offsetof(frame_header, sequence), count_.sent);
    store_struct(at + offsetof(frame_header, acknowledged), count_.received);
  }
  void store_message_header(std::byte* at, const envelope& e, std::size_t body,
                            std::size_t parts) const noexcept {
    store_struct(at, numbers_);
    store_struct(at + offsetof(message_header, to_index), e.to.index());
    store_struct(at + offsetof(message_header, from_index), e.from.index());
    store_struct(at + offsetof(message_header, port), e.port);
    store_struct(at + offsetof(message_header, reply), e.reply);
    store_struct(at + offsetof(message_header, type), e.type);
    store_struct(at + offsetof(message_header, sequence), e.sequence);
    store_struct(at + offsetof(message_header, trace), e.trace);
    store_struct(at + offsetof(message_header, rank), e.rank);
    store_struct(at + offsetof(message_header, flags), e.flags);
    store_struct(at + offsetof(message_header, hops), e.hops);
    store_struct(at + offsetof(message_header, lane), e.lane);
    store_struct(at + offsetof(message_header, body), static_cast<std::uint32_t>(body));
    store_struct(at + offsetof(message_header, parts), static_cast<std::uint32_t>(parts));
  }

  static constexpr std::uint64_t never = 0;  // an outbox counts its batches from 1

  outbox& out_;
  counters& count_;
  name_numbers names_;
  message_header numbers_;  // of last_'s names; the rest of it is zero
  envelope last_{};
  std::uint64_t last_batch_ = never;
};

// Reads the content of a message frame, whose header had no problem().
class message_reader {
 public:
  // `owner` is where the content lies, if that outlives the call: parts then share it instead of being
  // copied. `parts` is where they are put.
  message_reader(std::span<const std::byte> content, const number_names& names, const bytes& owner,
                 series<bytes>& parts)
      : content_(content), names_(names), owner_(owner), parts_(parts) {}

  // Reads a frame of kind `again`: `to` is the envelope of the message before.
  void read_again() noexcept { body_ = content_; }

  // Returns: what is wrong with the message, or null.
  const char* read(envelope& to) {
    const auto message = load_struct<message_header>(content_.data());
    std::size_t rest = content_.size() - sizeof message;
    if (message.body > rest) return "a message's body is longer than its frame";
    body_ = content_.subspan(sizeof message, message.body);
    rest -= message.body;
    if (message.reserved != 0 || (message.flags | known_envelope_flags) != known_envelope_flags)
      return "a message has flags that mean nothing";
    if ((message.reply & port_id::handler_bit) != 0)
      return "a message's answer is for a handler, and no port";
    if (!read_envelope(message, names_, to)) return "a message uses a number that was not defined";
    if (message.parts == 0) return rest == 0 ? nullptr : "a message is shorter than its frame";
    if (message.parts > rest / sizeof(std::uint32_t))
      return "a message has more parts than its frame has room for";
    return read_parts(content_.subspan(sizeof message + message.body), message.parts);
  }

  arrival payload() const noexcept { return {body_, {parts_.begin(), parts_.size()}}; }

 private:
  const char* read_parts(std::span<const std::byte> from, std::uint32_t count) {
    std::size_t at = count * sizeof(std::uint32_t);
    parts_.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto size = load_struct<std::uint32_t>(from.data() + i * sizeof(std::uint32_t));
      if (size > from.size() - at) return "a message's parts are longer than its frame";
      const auto content = from.subspan(at, size);
      parts_.push_back(part_of(content));
      at += size;
    }
    return at == from.size() ? nullptr : "a message is shorter than its frame";
  }

  bytes part_of(std::span<const std::byte> content) const {
    if (owner_.empty() || content.empty()) return bytes::copy(content);
    return owner_.subrange(static_cast<std::size_t>(content.data() - owner_.data()), content.size());
  }

  std::span<const std::byte> content_;
  const number_names& names_;
  const bytes& owner_;
  series<bytes>& parts_;
  std::span<const std::byte> body_;
};

}  // namespace viceroy
