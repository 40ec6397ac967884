// payload: a message on its way, typed or encoded, without its type in the signature.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "viceroy/wire/bytes.hpp"

namespace viceroy {

// What the untyped core knows of a message type: one constexpr table per type, reached by pointer.
struct message_ops {
  std::uint64_t type_id;
  std::string_view name;
  std::size_t size_bytes;
  void (*destroy)(void*) noexcept;
  std::size_t (*encoded_size)(const void*);     // null for a message that never leaves its process
  void (*encode)(writer&, const void*);         // null for a message that never leaves its process
  bool (*decode)(reader&, void* at) = nullptr;  // builds one there; false, and nothing is there, if it cannot
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
