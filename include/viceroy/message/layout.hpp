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
#include "viceroy/message/opaque.hpp"
#include "viceroy/message/reflect.hpp"

namespace viceroy {

// Whether M never leaves its process: using local = std::true_type; it need not be encodable then.
template <class M>
concept is_local_message = requires { requires M::local::value; };

namespace detail {

// Takes a layout's words as the walk comes to them.
struct layout_sink {
  char* text = nullptr;  // where they are written, if anywhere
  std::size_t length = 0;
  std::uint64_t hash = 0;
  bool encodable = true;
  bool ports = false;

  constexpr void put(std::string_view word, std::uint64_t word_hash) {
    hash = hash_number(word_hash, hash);
    show(word);
  }
  constexpr void put(std::string_view word) { put(word, hash_bytes(word)); }

  // Adds to the text what is for people: the hash is of the words one by one, and needs nothing between them.
  constexpr void show(std::string_view word) {
    if (text != nullptr)
      for (std::size_t i = 0; i != word.size(); ++i) text[length + i] = word[i];
    length += word.size();
  }

  constexpr void refuse() {
    put("!");
    encodable = false;
  }
};

// The layout of what has no parts; empty for all else.
template <class T>
consteval std::string_view find_leaf_layout() {
  if constexpr (is_opaque<T>) {
    return opaque_layout<T>::name;
  } else if constexpr (std::is_enum_v<T>) {
    constexpr std::string_view names[] = {"enum i8", "enum i16", "enum i32", "enum i64",
                                          "enum u8", "enum u16", "enum u32", "enum u64"};
    for (const std::string_view name : names)
      if (name.substr(5) == number_name<std::underlying_type_t<T>>()) return name;
    return number_name<std::underlying_type_t<T>>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    return "str";
  } else if constexpr (is_number_text<T>::value) {
    return T::name;
  } else {
    return number_name<T>();
  }
}

template <class T>
inline constexpr std::string_view leaf_layout = find_leaf_layout<T>();

// Hashed once per type, however many fields have it.
template <class T>
inline constexpr std::uint64_t leaf_hash = hash_bytes(leaf_layout<T>);
inline constexpr std::uint64_t open_hash = hash_bytes("{");
inline constexpr std::uint64_t close_hash = hash_bytes("}");

// Types without parts look the same from everywhere, so that one instance serves all paths.
template <bool Leaf>
struct path_to {
  template <class Path>
  using type = Path;
};
template <>
struct path_to<true> {
  template <class>
  using type = type_list<>;
};

template <class T, class Path>
constexpr void write_layout(layout_sink& out);

template <class Path, class... Ts>
constexpr void write_layouts(layout_sink& out, [[maybe_unused]] std::string_view separator,
                             type_list<Ts...>) {
  using writer = void (*)(layout_sink&);
  constexpr writer writers[] = {
      write_layout<Ts, typename path_to<!leaf_layout<Ts>.empty()>::template type<Path>>..., nullptr};
  for (std::size_t i = 0; i != sizeof...(Ts); ++i) {
    if (i != 0) out.show(separator);
    writers[i](out);
  }
}

template <class T, class Path>
struct longer_path;
template <class T, class... Ts>
struct longer_path<T, type_list<Ts...>> {
  using type = type_list<T, Ts...>;
};

// Path holds the classes around T, the innermost first: one that contains itself is told by how far up it is.
template <class T, class Path>
constexpr void write_layout(layout_sink& out) {
  if constexpr (std::is_const_v<T> || std::is_volatile_v<T>) {
    out.refuse();
  } else if constexpr (!leaf_layout<T>.empty()) {
    out.put(leaf_layout<T>, leaf_hash<T>);
    if constexpr (is_port_ref<T>) out.ports = true;
  } else if constexpr (list_contains<Path, T>) {
    out.put("^");
    out.put(number_text<list_index<Path, T> + 1>::name);
  } else if constexpr (has_parts<T>) {
    out.put(layout_parts<T>::open);
    write_layouts<Path>(out, layout_parts<T>::separator, typename layout_parts<T>::parts());
    out.put(layout_parts<T>::close);
  } else if constexpr (is_reflected<T>) {
    if constexpr (is_local_message<T>) out.encodable = false;
    out.put("{", open_hash);
    write_layouts<typename longer_path<T, Path>::type>(out, ",", field_types<T>());
    out.put("}", close_hash);
  } else {
    out.refuse();
  }
}

// What one walk over T finds out, without keeping the text.
template <class T>
inline constexpr layout_sink layout_facts = [] {
  layout_sink facts;
  write_layout<T, type_list<>>(facts);
  return facts;
}();

template <class T>
inline constexpr auto layout_chars = [] {
  std::array<char, layout_facts<T>.length + 1> chars{};
  layout_sink out;
  out.text = chars.data();
  write_layout<T, type_list<>>(out);
  return chars;
}();

}  // namespace detail

// Tells whether a complete type can be written down: numbers, enums, strings, the standard containers and
// choices, opaque types, and reflected classes of such, which may contain themselves.
template <class T>
inline constexpr bool is_encodable = detail::layout_facts<T>.encodable;

// Tells what a type consists of, for people: "{i64,str,[f64]}"; "^1" is the class around, and "!" what cannot
// be written.
template <class T>
constexpr std::string_view layout_text() {
  return {detail::layout_chars<T>.data(), detail::layout_facts<T>.length};
}

}  // namespace viceroy
