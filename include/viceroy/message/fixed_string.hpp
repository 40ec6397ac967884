// fixed_string: text as a template argument.
#pragma once

#include <cstddef>
#include <string_view>

namespace viceroy {

// Holds N - 1 characters and a terminator, so that text can be a template argument: application<"name", ...>.
template <std::size_t N>
struct fixed_string {
  char text[N]{};

  // NOLINTNEXTLINE(google-explicit-constructor): a literal is what one writes as a template argument.
  consteval fixed_string(const char (&literal)[N]) {
    for (std::size_t i = 0; i != N; ++i) text[i] = literal[i];
  }

  constexpr std::string_view view() const { return {text, N - 1}; }
  static constexpr std::size_t size() { return N - 1; }
  // NOLINTNEXTLINE(google-explicit-constructor): it is text.
  constexpr operator std::string_view() const { return view(); }

  template <std::size_t M>
  friend constexpr bool operator==(const fixed_string& a, const fixed_string<M>& b) {
    return a.view() == b.view();
  }
};

}  // namespace viceroy
