// layout: what a message type consists of, told structurally, by one walk over its fields at compile time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "viceroy/id/hash.hpp"
#include "viceroy/message/id_layouts.hpp"
#include "viceroy/message/layout_parts.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/message/opaque.hpp"
#include "viceroy/message/reflect.hpp"

namespace viceroy {

// Whether M never leaves its process: using local = std::true_type; it need not be encodable then.
template <class M>
concept is_local_message = requires { requires M::local::value; };

namespace detail {

// What a layout says of one type, without its type: walking over these is a function, not a template, so that
// a type costs one object however often and wherever it is a part. A class that contains itself refers to
// its own.
struct layout_node {
  enum shape : std::uint8_t { refused, word, composed, record };

  std::string_view open{};  // of a type without parts: its word
  std::string_view separator{};
  std::string_view close{};
  std::uint64_t open_hash = 0;
  std::uint64_t close_hash = 0;
  const layout_node* const* parts = nullptr;
  std::size_t count = 0;
  shape kind = refused;
  bool is_local = false;
  bool is_port = false;
  std::string_view type{};  // of a record: as this compiler spells it; under UBSan no address is a constant
};

// A number's or an enum's word; empty for all else that is no class.
template <class T>
consteval std::string_view scalar_layout() {
  if constexpr (std::is_enum_v<T>) {
    constexpr std::string_view names[] = {"enum i8", "enum i16", "enum i32", "enum i64",
                                          "enum u8", "enum u16", "enum u32", "enum u64"};
    for (const std::string_view name : names)
      if (name.substr(5) == number_name<std::underlying_type_t<T>>()) return name;
    return number_name<std::underlying_type_t<T>>();
  } else {
    return number_name<T>();
  }
}

consteval layout_node word_node(std::string_view word, bool is_port = false) {
  layout_node node;
  if (word.empty()) return node;
  node.kind = layout_node::word;
  node.open = word;
  node.open_hash = hash_bytes(word);
  node.is_port = is_port;
  return node;
}
consteval layout_node record_node(const layout_node* const* parts, std::size_t count, bool is_local,
                                  std::string_view type) {
  layout_node node{"{", ",", "}", hash_bytes("{"), hash_bytes("}"), parts, count, layout_node::record};
  node.is_local = is_local;
  node.type = type;
  return node;
}

template <class T>
consteval layout_node make_layout_node();

template <class T>
inline constexpr layout_node layout_node_of = make_layout_node<T>();

template <class Parts>
struct layout_nodes;
template <class... Ts>
struct layout_nodes<type_list<Ts...>> {
  static constexpr std::size_t count = sizeof...(Ts);
  static constexpr const layout_node* all[] = {&layout_node_of<Ts>..., nullptr};
};

// Whether T's layout is that of its fields.
template <class T>
concept told_by_fields =
    __is_class(T) && !__is_same(T, const T) && !__is_same(T, volatile T) && !__is_same(T, std::string) &&
    !is_opaque<T> && !is_number_text<T> && !has_parts<T> && is_reflected<T>;

template <class T>
consteval layout_node make_layout_node() {
  if constexpr (told_by_fields<T>) {
    using parts = layout_nodes<field_types<T>>;
    return record_node(parts::all, parts::count, is_local_message<T>, function_name<T>());
  } else if constexpr (__is_same(T, const T) || __is_same(T, volatile T)) {
    return {};
  } else if constexpr (is_opaque<T>) {
    return word_node(opaque_layout<T>::name, is_port_ref<T>);
  } else if constexpr (!__is_class(T) && !__is_union(T)) {
    return word_node(scalar_layout<T>());
  } else if constexpr (__is_same(T, std::string)) {
    return word_node("str");
  } else if constexpr (is_number_text<T>) {
    return word_node(T::name);
  } else if constexpr (has_parts<T>) {
    using whole = layout_parts<T>;
    using parts = layout_nodes<typename whole::parts>;
    return {whole::open,
            whole::separator,
            whole::close,
            hash_bytes(whole::open),
            hash_bytes(whole::close),
            parts::all,
            parts::count,
            layout_node::composed};
  } else {
    return {};
  }
}

// Takes a layout's words as the walk comes to them.
struct layout_sink {
  char* text = nullptr;  // where they are written, if anywhere
  std::size_t length = 0;
  std::uint64_t hash = 0;
  bool encodable = true;
  bool ports = false;
  bool nested = false;  // a record was met in a record

  // The classes around a type, the innermost first: one that contains itself is told by how far up it is.
  struct path {
    const layout_node* node;
    const path* up;
  };

  constexpr void put(std::string_view word, std::uint64_t word_hash) {
    hash = hash_number(word_hash, hash);
    show(word);
  }

  // Adds to the text what is for people: the hash is of the words one by one, and needs nothing between them.
  constexpr void show(std::string_view word) {
    if (text != nullptr)
      for (std::size_t i = 0; i != word.size(); ++i) text[length + i] = word[i];
    length += word.size();
  }

  constexpr bool back(const layout_node& node, const path* around) {
    unsigned steps = 1;
    while (around != nullptr && around->node->type != node.type) {
      around = around->up;
      ++steps;
    }
    if (around == nullptr) return false;
    char digits[4] = {};
    std::size_t at = sizeof digits;
    for (; steps != 0; steps /= 10) digits[--at] = static_cast<char>('0' + steps % 10);
    const std::string_view number(digits + at, sizeof digits - at);
    put("^", hash_bytes("^"));
    put(number, hash_bytes(number));
    return true;
  }

  constexpr void walk(const layout_node& node, const path* around) {
    if (node.kind == layout_node::refused) {
      put("!", hash_bytes("!"));
      encodable = false;
      return;
    }
    if (node.kind == layout_node::record && around != nullptr) {
      nested = true;
      if (back(node, around)) return;
    }
    if (node.is_local) encodable = false;
    if (node.is_port) ports = true;
    put(node.open, node.open_hash);
    if (node.kind == layout_node::word) return;
    const path here{&node, around};
    for (std::size_t i = 0; i != node.count; ++i) {
      if (i != 0) show(node.separator);
      walk(*node.parts[i], node.kind == layout_node::record ? &here : around);
    }
    put(node.close, node.close_hash);
  }
};

// What one walk finds out, without keeping the text.
consteval layout_sink facts_of(const layout_node& node) {
  layout_sink facts;
  facts.walk(node, nullptr);
  return facts;
}
template <std::size_t Length>
consteval std::array<char, Length + 1> chars_of(const layout_node& node) {
  std::array<char, Length + 1> chars{};
  layout_sink out;
  out.text = chars.data();
  out.walk(node, nullptr);
  return chars;
}

// Of a record of these fields, whatever its class: most records have no others in them, and then this is
// found out once for all classes with the same fields.
template <class Fields>
struct fields_layout {
  static constexpr layout_node node =
      record_node(layout_nodes<Fields>::all, layout_nodes<Fields>::count, false, {});
  static constexpr layout_sink facts = facts_of(node);
};
template <class T>
concept told_by_fields_alone = told_by_fields<T> && !fields_layout<field_types<T>>::facts.nested;

template <class T>
struct own_layout {
  static constexpr layout_node node = layout_node_of<T>;
  static constexpr layout_sink facts = facts_of(node);
};
template <class T>
consteval auto find_layout() {
  if constexpr (told_by_fields_alone<T>)
    return fields_layout<field_types<T>>();
  else
    return own_layout<T>();
}
template <class T>
using layout_of = decltype(find_layout<T>());

// Apart from the facts, which are asked of every message: the text only of what a manifest has.
template <class Layout>
inline constexpr auto layout_chars = chars_of<Layout::facts.length>(Layout::node);

}  // namespace detail

// Tells whether a complete type can be written down: numbers, enums, strings, the standard containers and
// choices, opaque types, and reflected classes of such, which may contain themselves.
template <class T>
inline constexpr bool is_encodable =
    detail::layout_of<T>::facts.encodable && !(detail::told_by_fields<T> && is_local_message<T>);

// Tells what a type consists of, for people: "{i64,str,[f64]}"; "^1" is the class around, and "!" what cannot
// be written.
template <class T>
constexpr std::string_view layout_text() {
  using layout = detail::layout_of<T>;
  return {detail::layout_chars<layout>.data(), layout::facts.length};
}

}  // namespace viceroy
