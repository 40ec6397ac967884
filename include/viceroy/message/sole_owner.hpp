// sole_owner: std::unique_ptr of one object, known by its shape.
#pragma once

#include <type_traits>

namespace viceroy {
namespace detail {

// Its header adds streams and locales, a tenth of what a file that only defines actors would cost to compile,
// and a message that holds one has included it. Only it has a deleter's type; with the default one it is what
// its template makes of T alone.
template <template <class...> class C, class T, class... More>
concept sole_owner = requires {
  typename C<T, More...>::deleter_type;
  requires std::is_same_v<typename C<T, More...>::element_type, T>;
  requires std::is_same_v<C<T>, C<T, More...>>;
};

}  // namespace detail
}  // namespace viceroy
