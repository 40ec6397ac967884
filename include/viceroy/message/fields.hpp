// fields: VICEROY_FIELDS, by which a class lists its members once.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "viceroy/message/fixed_string.hpp"
#include "viceroy/message/places.hpp"
#include "viceroy/message/type_list.hpp"

// Lists the members of a class that are its fields, in the order in which they are written down.
// Stands in the class's public part, before or after the members: VICEROY_FIELDS(account, owner, cents)
// A semicolon may follow. Types: members may be private, and may be inherited from a public base. Cost: none
// until it is used. A template, whose names are looked up when the class is complete; the function says at
// once, in the class, which name is no member.
#define VICEROY_FIELDS(type, ...)                                                                            \
  template <class ViceroyType>                                                                               \
  struct viceroy_fields : ::viceroy::fields<type, #__VA_ARGS__ __VA_OPT__(VICEROY_POINTERS(                  \
                                                      VICEROY_POINTER(ViceroyType, __VA_ARGS__)))> {};       \
  static void viceroy_fields_end() {                                                                         \
    (void)sizeof(                                                                                            \
        ::viceroy::detail::are_members(0 __VA_OPT__(VICEROY_POINTERS(VICEROY_POINTER(type, __VA_ARGS__))))); \
  }

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

namespace detail {
char are_members(int, ...);  // never called
}

// What VICEROY_FIELDS declares: the class, its members' names as one text, and pointers to them.
template <class T, fixed_string Names, auto... Pointers>
struct fields {
  using type = T;
  using list = fields;
  static constexpr std::size_t size = sizeof...(Pointers);

  static constexpr std::string_view text() { return Names.view(); }

  template <class U, class F>
  static constexpr decltype(auto) apply(U& object, F&& f) {
    return static_cast<F&&>(f)(object.*Pointers...);
  }
  template <class U>
  static constexpr auto store(U& object, void** at) {
    return detail::store_places(at, object.*Pointers...);
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

template <class T>
using listed_fields = typename T::template viceroy_fields<T>::list;

// An inherited list describes the base class only, so it does not count.
template <class T>
concept lists_fields =
    requires { typename listed_fields<T>::type; } && std::same_as<typename listed_fields<T>::type, T>;

}  // namespace detail
}  // namespace viceroy
