// payload: a message on its way, typed or encoded, without its type in the signature.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "viceroy/wire/bytes.hpp"

namespace viceroy {

struct message_ops;

// How a field of one type is written down: one constexpr table per type.
struct field_codec {
  std::size_t (*size)(const void*);
  void (*encode)(writer&, const void*);
  bool (*decode)(reader&, void*);
};

// How messages that have the same fields are written down: one constexpr table for all of them.
struct message_codec {
  std::size_t (*size)(const message_ops&, const void*);
  void (*encode)(const message_ops&, writer&, const void*);
  bool (*decode)(const message_ops&, reader&, void* at);
  const field_codec* const* fields = nullptr;  // in order, if it goes by them
  std::size_t size_bytes = 0;                  // of each such message; 0: as its fields say
};

// What the untyped core knows of a message type: one constexpr table per type, reached by pointer.
struct message_ops {
  std::uint64_t type_id;
  std::string_view name;
  std::size_t size_bytes;
  void (*destroy)(void*) noexcept;
  const message_codec* codec = nullptr;  // null for a message that never leaves its process
  // Writes down where the fields of an object are; with `make` it makes the object there first. Who only
  // reads them may ask it of a const object. Null where `codec` needs no fields.
  void (*fields)(void* object, void** at, bool make) = nullptr;

  bool travels() const { return codec != nullptr; }
  std::size_t encoded_size(const void* object) const { return codec->size(*this, object); }
  void encode(writer& out, const void* object) const { codec->encode(*this, out, object); }
  // Builds one there. Returns: false, and nothing is there, if it cannot.
  bool decode(reader& in, void* at) const { return codec->decode(*this, in, at); }
};

// A message to be written to a link: a typed object with its table, or bytes that are encoded already
// (a cast to many, a message being forwarded). It refers to what it is made from.
class payload_view {
 public:
  payload_view() = default;
  payload_view(const message_ops& ops, const void* object) : ops_(&ops), object_(object) {}
  explicit payload_view(const encoded& bytes) : encoded_(&bytes) {}

  bool typed() const { return ops_ != nullptr; }
  const message_ops& ops() const { return *ops_; }
  const void* object() const { return object_; }
  const encoded* bytes() const { return encoded_; }  // null: typed, or nothing at all

 private:
  const message_ops* ops_ = nullptr;
  const void* object_ = nullptr;
  const encoded* encoded_ = nullptr;
};

}  // namespace viceroy
