// codec_rows: how deques and lists are written down: as vectors are.
#pragma once

#include <cstddef>
#include <cstdint>

#include "viceroy/message/row.hpp"
#include "viceroy/wire/codec_sequences.hpp"

namespace viceroy {

// Their number, then the elements.
template <template <class...> class C, class... Ts>
  requires detail::row<C<Ts...>>
struct codec<C<Ts...>> {
  using row = C<Ts...>;
  using value = typename row::value_type;
  using element = detail::element_codec<value>;
  using made_of = type_list<value>;
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);

  static std::size_t size(const row& elements) {
    return min_bytes + element::size(elements, elements.size());
  }
  static void encode(writer& out, const row& elements) {
    out.put_length(elements.size());
    out.charge(1, own_bytes);
    out.charge(elements.size(), each_bytes);
    detail::encode_elements(out, elements);
  }
  static bool decode(reader& in, row& elements) {
    std::uint32_t n = 0;
    if (!in.get_length(n, element::min_bytes) || !in.charge(1, own_bytes) || !in.charge(n, each_bytes))
      return false;
    elements.clear();
    return detail::decode_elements(in, n, elements);
  }

 private:
  // An empty deque has a block of its own already; a list has a node with two pointers for each element.
  static constexpr std::size_t own_bytes = detail::indexed_row<row> ? 576 : 1;
  static constexpr std::size_t each_bytes =
      sizeof(value) + (detail::indexed_row<row> ? 0 : 2 * sizeof(void*));
};

}  // namespace viceroy
