// type_name: what a type is called, the same from every compiler.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "viceroy/message/fixed_string.hpp"

namespace viceroy {

// How a type that cannot name itself is called, where its spelling is not the same for every compiler; it
// says `value`:
//   template <> struct viceroy::name_of<vendor::box<int>> { static constexpr std::string_view value =
//   "int_box"; };
// A template of one's own composes it: template <class T> struct viceroy::name_of<box<T>> :
// composed_name<"box", T> {};
template <class T>
struct name_of {};

namespace detail {

template <class T>
constexpr std::string_view function_name() {
  return __PRETTY_FUNCTION__;
}

inline constexpr std::size_t name_begin = function_name<void>().find("void");
inline constexpr std::size_t name_end = function_name<void>().size() - name_begin - 4;

// How this compiler spells a type.
constexpr std::string_view spelling(std::string_view function) {
  return {function.data() + name_begin, function.size() - name_begin - name_end};
}

// A data member that is called `name` is no name.
template <class T>
concept names_itself = requires {
  requires !std::is_member_object_pointer_v<decltype(&T::name)>;
  typename std::bool_constant<std::string_view(T::name).empty()>;
};

template <class T>
concept named_from_outside = requires { std::string_view(name_of<T>::value); };

// Numbers by width and sign, for `long` is not the same everywhere; empty for all else. Also their layout.
template <class T>
consteval std::string_view number_name() {
  if constexpr (std::is_same_v<T, bool>)
    return "bool";
  else if constexpr (std::is_same_v<T, char>)
    return "char";
  else if constexpr (std::is_same_v<T, char8_t>)
    return "char8";
  else if constexpr (std::is_same_v<T, char16_t>)
    return "char16";
  else if constexpr (std::is_same_v<T, char32_t>)
    return "char32";
  else if constexpr (std::is_same_v<T, float>)
    return "f32";
  else if constexpr (std::is_same_v<T, double>)
    return "f64";
  else if constexpr (!std::is_integral_v<T> || std::is_same_v<T, wchar_t>)
    return {};
  else {
    constexpr std::string_view names[] = {"i8", "i16", "i32", "i64", "", "u8", "u16", "u32", "u64", ""};
    return names[std::bit_width(sizeof(T)) - 1 + (std::is_signed_v<T> ? 0 : 5)];
  }
}

// A spelling with any of these differs between compilers, or is of a type that one file alone can name.
constexpr std::string_view plain_spelling(std::string_view spelled) {
  for (const char c : spelled)
    if (c == '<' || c == '(' || c == '{' || c == ' ') return {};
  return spelled;
}

// Empty: T has no stable name.
template <class T>
consteval std::string_view find_name() {
  if constexpr (names_itself<T>)
    return T::name;
  else if constexpr (named_from_outside<T>)
    return name_of<T>::value;
  else if constexpr (__is_class(T) || __is_union(T) || __is_enum(T))
    return plain_spelling(spelling(function_name<T>()));
  else if constexpr (std::is_void_v<T>)
    return "void";
  else if constexpr (std::is_arithmetic_v<T>)
    return number_name<T>();
  else
    return {};
}

template <class T>
inline constexpr std::string_view found_name = find_name<T>();

}  // namespace detail

// Tells whether a complete type has a name that is the same for every compiler: its `static constexpr auto
// name`, a name_of, that of a number, or the plain qualified name of a class or enum. A type in an inline
// namespace must be given a name: compilers differ, and neither lets us see it.
template <class T>
inline constexpr bool has_stable_name = !detail::found_name<T>.empty();

// Names a complete type.
template <class T>
consteval std::string_view type_name() {
  static_assert(
      has_stable_name<T>,
      "compilers spell this type's name differently: give it one, static constexpr auto name = \"...\";");
  return has_stable_name<T> ? detail::found_name<T> : std::string_view("?");
}

namespace detail {

// The digits of a number that stands among a template's arguments.
template <auto N>
struct number_text {
  static constexpr auto digits = [] {
    std::array<char, 20> text{};
    std::size_t at = text.size();
    for (auto n = static_cast<unsigned long long>(N); at == text.size() || n != 0; n /= 10) {
      text[--at] = static_cast<char>('0' + n % 10);
    }
    for (std::size_t i = at; i != text.size(); ++i) text[i - at] = text[i];
    return std::pair(text, text.size() - at);
  }();
  static constexpr std::string_view name{digits.first.data(), digits.second};
};

}  // namespace detail

// The name of a template's instance, composed from its arguments' names: "map<string,i64>"; none if one of
// them has none.
template <fixed_string Template, class... Args>
struct composed_name {
 private:
  static constexpr std::string_view parts[] = {Template.view(), detail::found_name<Args>...};

  static constexpr std::size_t length = [] {
    std::size_t sum = sizeof...(Args) == 0 ? 2 : 1 + sizeof...(Args);  // < , , >
    for (const std::string_view part : parts) {
      if (part.empty()) return std::size_t{0};
      sum += part.size();
    }
    return sum;
  }();

  static constexpr auto text = [] {
    std::array<char, length + 1> chars{};
    if (length == 0) return chars;
    std::size_t at = 0;
    for (std::size_t i = 0; i != sizeof...(Args) + 1; ++i) {
      if (i != 0) chars[at++] = i == 1 ? '<' : ',';
      for (const char c : parts[i]) chars[at++] = c;
    }
    if (sizeof...(Args) == 0) chars[at++] = '<';
    chars[at] = '>';
    return chars;
  }();

 public:
  static constexpr std::string_view value{text.data(), length};
};

}  // namespace viceroy
