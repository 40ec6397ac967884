// message_ops_of: the table of a message type, made once per type at compile time.
#pragma once

#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/message_node.hpp"
#include "viceroy/message/message.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/message/type_id.hpp"
#include "viceroy/wire/codec.hpp"
#include "viceroy/wire/payload.hpp"

namespace viceroy {

namespace detail {

// What a table points to. Functions, not lambdas: a lambda is a class, an operator and a conversion more per
// message to compile.
template <class M>
void destroy_message(void* m) noexcept {
  static_cast<M*>(m)->~M();
}
// A record's message is written down by what is compiled for its fields, whatever its class.
template <class M>
concept written_by_fields = __is_constructible(M) && requires { codec<M>::message_table; };
// Such a one whose fields all can be: which is found out once for all classes with the same fields.
template <class M>
concept has_encodable_fields = written_by_fields<M> && codec<M>::facts::encodable;

consteval message_ops ops_of_share(message_ops payload) {
  payload.size_bytes = sizeof(shared_reference);
  payload.destroy = destroy_message<shared_reference>;
  payload.codec = nullptr;  // a node is handled or comes back: it is not what is written down
  payload.fields = nullptr;
  return payload;
}

// Any other by its own codec.
template <class M>
inline constexpr message_codec own_codec{
    [](const message_ops&, const void* m) { return codec<M>::size(*static_cast<const M*>(m)); },
    [](const message_ops&, writer& out, const void* m) { codec<M>::encode(out, *static_cast<const M*>(m)); },
    [](const message_ops&, reader& in, void* at) {
      std::optional<M> m = decode_value<M>(in);
      if (m) ::new (at) M(std::move(*m));
      return m.has_value();
    }};

}  // namespace detail

template <class M>
constexpr message_ops make_message_ops() {
  message_ops ops{detail::type_id_of<M>, type_name<M>(), sizeof(M), detail::destroy_message<M>};
  if constexpr (is_local_message<M>) {
    return ops;
  } else if constexpr (detail::has_encodable_fields<M>) {
    ops.codec = codec<M>::message_table;
    if constexpr (!codec<M>::copies_memory) ops.fields = codec<M>::fields;
  } else if constexpr (detail::check_encodable<M>()) {
    ops.codec = &detail::own_codec<M>;
  }
  return ops;
}

template <class M>
inline constexpr message_ops message_ops_of = make_message_ops<M>();

// The same for a node that holds a share of a payload: only its destruction differs.
template <class M>
inline constexpr message_ops shared_message_ops_of = detail::ops_of_share(message_ops_of<M>);

namespace detail {
template <class M>
M copy_message(const M& m) {
  return m;
}
}  // namespace detail

// Copies a shared payload for a receiver of its own. It is whoever casts who compiles how: a message that
// nobody casts need not be copyable, and a whole message would have to be asked (see can_copy).
template <class M>
M copy_of_shared(message_node& n) {
  void* const value = n.payload();
  const auto copy = reinterpret_cast<M (*)(const M&)>((static_cast<shared_payload*>(value) - 1)->copy);
  return copy(*static_cast<const M*>(value));
}

// Builds a payload to share. Returns: one share, which its owner gives back with drop().
template <class M, class... F>
shared_payload& make_shared_payload(F&&... fields) {
  static_assert(alignof(M) <= alignof(shared_payload), "a message may be aligned to 16 bytes at most");
  void* const memory = ::operator new(sizeof(shared_payload) + sizeof(M));
  auto* const payload = ::new (memory) shared_payload(message_ops_of<M>, shared_message_ops_of<M>,
                                                      reinterpret_cast<void (*)()>(&detail::copy_message<M>));
  try {
    VICEROY_BUILDS_BEGIN
    ::new (payload->value()) M(static_cast<F&&>(fields)...);
    VICEROY_BUILDS_END
  } catch (...) {
    ::operator delete(memory);
    throw;
  }
  return *payload;
}

}  // namespace viceroy
