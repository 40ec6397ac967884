// codec_sequences: how arrays and vectors are written down.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "viceroy/wire/codec_traits.hpp"

namespace viceroy {
namespace detail {

// What one of many is: as by itself, and a zero byte if that is nothing.
template <class T>
struct element_codec {
  static constexpr bool counts = codec_min_bytes<T>() == 0;
  static constexpr std::size_t min_bytes = counts ? 1 : codec_min_bytes<T>();

  template <class Range>
  static std::size_t size(const Range& elements, std::size_t n) {
    if constexpr (counts || codec_is_fixed<T>()) {
      return n * min_bytes;
    } else {
      std::size_t sum = 0;
      for (const T& element : elements) sum += codec<T>::size(element);
      return sum;
    }
  }
  static void encode(writer& out, const T& element) {
    if constexpr (counts)
      out.put_u8(0);
    else
      codec<T>::encode(out, element);
  }
  static bool decode(reader& in, T& element) { return decode_mark(in) && codec<T>::decode(in, element); }
  static std::optional<T> decode_value(reader& in) {
    if (!decode_mark(in)) return std::nullopt;
    return viceroy::decode_value<T>(in);
  }

 private:
  static bool decode_mark(reader& in) {
    if constexpr (counts) {
      std::uint8_t mark = 0;
      if (!in.get_u8(mark)) return false;
      if (mark != 0) return in.fail("an element of nothing is not written as a zero byte");
    }
    return true;
  }
};

// Opens a level of values within values, if elements can hold such themselves.
template <class T, class Side>
bool enter(Side& side) {
  if constexpr (codec_is_fixed<T>())
    return true;
  else
    return side.enter();
}
template <class T, class Side>
void leave(Side& side) {
  if constexpr (!codec_is_fixed<T>()) side.leave();
}

// The elements of what holds many in a row, without their number.
template <class Row>
void encode_elements(writer& out, const Row& elements) {
  using T = typename Row::value_type;
  if (!enter<T>(out)) return;
  for (const T& each : elements) element_codec<T>::encode(out, each);
  leave<T>(out);
}
template <class Row>
bool decode_elements(reader& in, std::uint32_t n, Row& elements) {
  using T = typename Row::value_type;
  if (!enter<T>(in)) return false;
  for (std::uint32_t i = 0; i != n; ++i) {
    if constexpr (__is_constructible(T)) {
      if (!element_codec<T>::decode(in, elements.emplace_back())) return false;
    } else {
      std::optional<T> value = element_codec<T>::decode_value(in);
      if (!value) return false;
      elements.push_back(std::move(*value));
    }
  }
  leave<T>(in);
  return true;
}

}  // namespace detail

// As many elements as the type says, one after the other.
template <class T, std::size_t N>
struct codec<std::array<T, N>> {
  using array = std::array<T, N>;
  using made_of = type_list<T>;
  static constexpr std::size_t min_bytes = N * detail::codec_min_bytes<T>();
  static constexpr bool fixed = detail::codec_is_fixed<T>() || N == 0;
  static constexpr bool copies_memory = detail::codec_copies_memory<T>() && N != 0;

  static std::size_t size(const array& elements) {
    if constexpr (fixed) {
      return min_bytes;
    } else {
      std::size_t sum = 0;
      for (const T& element : elements) sum += codec<T>::size(element);
      return sum;
    }
  }
  static void encode(writer& out, const array& elements) {
    if constexpr (copies_memory)
      out.put(elements.data(), sizeof(array));
    else
      for (const T& element : elements) codec<T>::encode(out, element);
  }
  static bool decode(reader& in, array& elements) {
    if constexpr (copies_memory) {
      return in.get(elements.data(), sizeof(array));
    } else {
      for (T& element : elements)
        if (!codec<T>::decode(in, element)) return false;
      return true;
    }
  }
  // For elements without a default constructor.
  static std::optional<array> construct(reader& in) { return construct(in, std::make_index_sequence<N>()); }

 private:
  template <std::size_t... I>
  static std::optional<array> construct(reader& in, std::index_sequence<I...>) {
    std::array<std::optional<T>, N> values{{((void)I, decode_value<T>(in))...}};
    if (in.failed()) return std::nullopt;
    return array{{std::move(*values[I])...}};
  }
};

// Their number, then the elements.
template <class T, class Allocator>
struct codec<std::vector<T, Allocator>> {
  using vector = std::vector<T, Allocator>;
  using element = detail::element_codec<T>;
  using made_of = type_list<T>;
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);

  static std::size_t size(const vector& elements) {
    return min_bytes + element::size(elements, elements.size());
  }
  static void encode(writer& out, const vector& elements) {
    out.put_length(elements.size());
    if constexpr (is_memcpy_codable<T>) {
      out.put(elements.data(), elements.size() * sizeof(T));
    } else {
      out.charge(elements.size(), sizeof(T));
      detail::encode_elements(out, elements);
    }
  }
  static bool decode(reader& in, vector& elements) {
    std::uint32_t n = 0;
    if (!in.get_length(n, element::min_bytes)) return false;
    if constexpr (is_memcpy_codable<T>) {
      vector(n, elements.get_allocator()).swap(elements);  // resize() is twenty functions more for each T
      return in.get(elements.data(), n * sizeof(T));
    } else {
      elements.clear();
      if (!in.charge(n, sizeof(T))) return false;
      elements.reserve(n);
      return detail::decode_elements(in, n, elements);
    }
  }
};

// Their number, then eight to a byte, the first in the lowest bit; bits left over are zero.
template <class Allocator>
struct codec<std::vector<bool, Allocator>> {
  using vector = std::vector<bool, Allocator>;
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);

  static std::size_t size(const vector& bits) noexcept { return min_bytes + (bits.size() + 7) / 8; }
  static void encode(writer& out, const vector& bits) {
    out.put_length(bits.size());
    unsigned byte = 0;
    for (std::size_t i = 0; i != bits.size(); ++i) {
      byte |= (bits[i] ? 1u : 0u) << i % 8;
      if (i % 8 != 7 && i + 1 != bits.size()) continue;
      out.put_u8(static_cast<std::uint8_t>(byte));
      byte = 0;
    }
  }
  static bool decode(reader& in, vector& bits) {
    std::uint32_t n = 0;
    if (!in.get_u32(n)) return false;
    const std::size_t taken = (std::size_t{n} + 7) / 8;
    const std::byte* const from = in.get(taken);
    if (from == nullptr) return false;
    if (n % 8 != 0 && std::to_integer<unsigned>(from[taken - 1]) >> n % 8 != 0)
      return in.fail("bits after the last bool are not zero");
    bits.resize(n);
    for (std::size_t i = 0; i != n; ++i)
      bits[i] = (std::to_integer<unsigned>(from[i / 8]) >> i % 8 & 1u) != 0;
    return true;
  }
};

}  // namespace viceroy
