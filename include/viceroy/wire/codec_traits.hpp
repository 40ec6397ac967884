// codec_traits: the point where a type says how it is written down, and what is known of that at compile
// time.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "viceroy/message/name.hpp"
#include "viceroy/message/type_list.hpp"
#include "viceroy/wire/bytes.hpp"

namespace viceroy {

// How a T is written down. The primary template takes any reflected type, field by field; a type of which
// that is not the wire form (an id, a reference) specialises it:
//
//   template <>
//   struct viceroy::codec<money> {
//     static constexpr std::size_t min_bytes = 8;                 // on the wire, never less; optional, 1 if
//     missing static constexpr bool fixed = true;                         // always min_bytes; optional,
//     false if missing static std::size_t size(const money&);                      // exactly what encode()
//     writes to the body static void encode(writer& out, const money& m) { out.put_u64(m.cents()); } static
//     bool decode(reader& in, money& m);                   // false only after in.fail(...) or a failed get
//     static std::optional<money> construct(reader& in);          // only if it has no default constructor
//   };
template <class T>
struct codec;

namespace detail {

template <class T>
constexpr std::size_t codec_min_bytes() {
  if constexpr (requires { codec<T>::min_bytes; })
    return codec<T>::min_bytes;
  else
    return 1;
}

template <class T>
constexpr bool codec_is_fixed() {
  if constexpr (requires { codec<T>::fixed; })
    return codec<T>::fixed;
  else
    return false;
}

template <class T>
constexpr bool codec_copies_memory() {
  if constexpr (requires { codec<T>::copies_memory; })
    return codec<T>::copies_memory;
  else
    return false;
}

template <std::size_t N>
constexpr bool all_of(const bool (&each)[N]) {
  for (const bool one : each)
    if (!one) return false;
  return true;
}

// What is known of a type's codec, without the type: whether it has one, and of what the type is made.
struct codec_node {
  const codec_node* const* parts = nullptr;
  std::size_t count = 0;
  bool good = true;
  std::string_view
      type{};  // of one with parts: as this compiler spells it; under UBSan no address is a constant

  // The types around it, the innermost first.
  struct path {
    const codec_node* node;
    const path* up;
  };

  // A type that is looked at already is not asked again, for a type may contain itself.
  constexpr bool all_good(const path* around) const {
    if (count == 0) return good;
    for (const path* p = around; p != nullptr; p = p->up)
      if (p->node->type == type) return true;
    const path here{this, around};
    for (std::size_t i = 0; i != count; ++i)
      if (!parts[i]->all_good(&here)) return false;
    return good;
  }
};

template <class T>
consteval codec_node make_codec_node();

template <class T>
inline constexpr codec_node codec_node_of = make_codec_node<T>();

template <class List>
struct codec_nodes;
template <class... Ts>
struct codec_nodes<type_list<Ts...>> {
  static constexpr const codec_node* all[] = {&codec_node_of<Ts>..., nullptr};
};

template <class T>
consteval codec_node make_codec_node() {
  if constexpr (__is_same(T, const T) || __is_same(T, volatile T) || __is_same(T, void))
    return {nullptr, 0, false};
  else if constexpr (requires { typename codec<T>::made_of; })
    return {codec_nodes<typename codec<T>::made_of>::all, list_size<typename codec<T>::made_of>, true,
            function_name<T>()};
  else
    return {nullptr, 0, requires(writer & out, reader & in, const T& from, T& to){codec<T>::size(from);
  codec<T>::encode(out, from);
  codec<T>::decode(in, to);
}
};  // namespace detail
}  // namespace viceroy

template <class T>
inline constexpr bool has_codec = codec_node_of<T>.all_good(nullptr);

}  // namespace detail

// Whether T can be written down; false, and no error, if not. T is complete.
template <class T>
concept encodable = detail::has_codec<T>;

// Whether T's bytes in memory are its bytes on the wire: numbers and enums, and arrays and aggregates of
// such, if no padding lies between them. Decided by structure: a specialised codec and a bool (which is
// validated) are not.
template <class T>
inline constexpr bool is_memcpy_codable = detail::codec_copies_memory<T>();

// Reads a T that need not have a default constructor.
// Returns: nothing when the bytes are no T; in.reason() says why.
template <class T>
std::optional<T> decode_value(reader& in) {
  if constexpr (__is_constructible(T)) {
    std::optional<T> value(std::in_place);
    if (!codec<T>::decode(in, *value)) value.reset();
    return value;
  } else {
    return codec<T>::construct(in);
  }
}

}  // namespace viceroy
