// fields: VICEROY_FIELDS, by which a class lists its members once.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "viceroy/message/fixed_string.hpp"
#include "viceroy/message/type_list.hpp"

// Lists the members of a class that are its fields, in the order in which they are written down.
// Stands inside the class, after the members, in its public part: VICEROY_FIELDS(account, owner, cents)
// A semicolon may follow. Types: members may be private, and may be inherited from a public base. An alias:
// costs nothing until it is used.
#define VICEROY_FIELDS(type, ...)                                                                       \
  using viceroy_fields =                                                                                \
      ::viceroy::fields<type,                                                                           \
                        #__VA_ARGS__ __VA_OPT__(VICEROY_POINTERS(VICEROY_POINTER(type, __VA_ARGS__)))>; \
  static void viceroy_fields_end() {}

// ", &type::a, &type::b": a rescan per member, enough for 85.
#define VICEROY_POINTERS(...) \
  VICEROY_POINTERS_16(VICEROY_POINTERS_16(VICEROY_POINTERS_16(VICEROY_POINTERS_16(__VA_ARGS__))))
#define VICEROY_POINTERS_16(...) \
  VICEROY_POINTERS_4(VICEROY_POINTERS_4(VICEROY_POINTERS_4(VICEROY_POINTERS_4(__VA_ARGS__))))
#define VICEROY_POINTERS_4(...) \
  VICEROY_POINTERS_1(VICEROY_POINTERS_1(VICEROY_POINTERS_1(VICEROY_POINTERS_1(__VA_ARGS__))))
#define VICEROY_POINTERS_1(...) __VA_ARGS__
#define VICEROY_POINTER(type, member, ...) \
  , &type::member __VA_OPT__(VICEROY_POINTER_AGAIN VICEROY_PARENTHESES(type, __VA_ARGS__))
#define VICEROY_POINTER_AGAIN() VICEROY_POINTER
#define VICEROY_PARENTHESES ()

namespace viceroy {

// What VICEROY_FIELDS declares: the class, its members' names as one text, and pointers to them.
template <class T, fixed_string Names, auto... Pointers>
struct fields {
  using type = T;
  static constexpr std::size_t size = sizeof...(Pointers);

  static constexpr std::string_view text() { return Names.view(); }

  template <class U, class F>
  static constexpr decltype(auto) apply(U& object, F&& f) {
    return static_cast<F&&>(f)(object.*Pointers...);
  }

  static constexpr std::array<std::string_view, size> names() {
    std::array<std::string_view, size> result{};
    std::size_t at = 0;
    for (auto& name : result) {  // by hand: g++ 12 with UBSan takes string_view::find in a template argument
                                 // for no constant
      while (Names.text[at] == ' ') ++at;
      const std::size_t begin = at;
      while (at != Names.size() && Names.text[at] != ',' && Names.text[at] != ' ') ++at;
      name = {Names.text + begin, at - begin};
      while (at != Names.size() && Names.text[at] != ',') ++at;
      ++at;
    }
    return result;
  }
};

namespace detail {

// An inherited list describes the base class only, so it does not count.
template <class T>
concept lists_fields =
    requires { typename T::viceroy_fields::type; } && std::same_as<typename T::viceroy_fields::type, T>;

}  // namespace detail
}  // namespace viceroy
