// codec_choices: how optionals, unique_ptrs and variants are written down: which it is, in a byte, then that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "viceroy/message/sole_owner.hpp"
#include "viceroy/wire/codec_scalars.hpp"
#include "viceroy/wire/codec_sequences.hpp"

namespace viceroy {

template <class T>
struct codec<std::optional<T>> {
  using made_of = type_list<T>;
  static constexpr std::size_t min_bytes = 1;

  static std::size_t size(const std::optional<T>& value) { return 1 + (value ? codec<T>::size(*value) : 0); }
  static void encode(writer& out, const std::optional<T>& value) {
    out.put_u8(value ? 1 : 0);
    if (value) codec<T>::encode(out, *value);
  }
  static bool decode(reader& in, std::optional<T>& value) {
    bool present = false;
    value.reset();
    if (!codec<bool>::decode(in, present)) return false;
    if (!present) return true;
    if constexpr (__is_constructible(T)) {
      return codec<T>::decode(in, value.emplace());
    } else {
      std::optional<T> decoded = decode_value<T>(in);
      if (decoded) value.emplace(std::move(*decoded));
      return decoded.has_value();
    }
  }
};

// As an optional: what it owns, or that it owns nothing. A T may own the next one, as deep as limit::nesting.
template <template <class...> class C, class T, class... More>
  requires detail::sole_owner<C, T, More...>
struct codec<C<T, More...>> {
  using owner = C<T>;
  using made_of = type_list<T>;
  static constexpr std::size_t min_bytes = 1;

  static std::size_t size(const owner& value) { return 1 + (value ? codec<T>::size(*value) : 0); }
  static void encode(writer& out, const owner& value) {
    out.put_u8(value ? 1 : 0);
    if (!value) return;
    out.charge(1, sizeof(T));
    if (!detail::enter<T>(out)) return;
    codec<T>::encode(out, *value);
    detail::leave<T>(out);
  }
  static bool decode(reader& in, owner& value) {
    bool present = false;
    value.reset();
    if (!codec<bool>::decode(in, present)) return false;
    if (!present) return true;
    if (!in.charge(1, sizeof(T)) || !detail::enter<T>(in)) return false;
    std::optional<T> decoded = decode_value<T>(in);
    detail::leave<T>(in);
    if (decoded) value.reset(new T(std::move(*decoded)));
    return decoded.has_value();
  }
};

template <>
struct codec<std::monostate> {
  static constexpr std::size_t min_bytes = 0;
  static constexpr bool fixed = true;
  static std::size_t size(std::monostate) noexcept { return 0; }
  static void encode(writer&, std::monostate) noexcept {}
  static bool decode(reader&, std::monostate&) noexcept { return true; }
};

namespace detail {

template <class Variant, class Indices>
struct variant_codec;

template <class Variant, std::size_t... I>
struct variant_codec<Variant, std::index_sequence<I...>> {
  static constexpr std::size_t min_bytes = 1;
  static_assert(sizeof...(I) < 256, "the index of a variant is one byte on the wire");

  static std::size_t size(const Variant& value) {
    constexpr std::size_t (*sizes[])(const Variant&) = {&size_at<I>...};
    return 1 + (value.valueless_by_exception() ? 0 : sizes[value.index()](value));
  }
  static void encode(writer& out, const Variant& value) {
    constexpr void (*encoders[])(writer&, const Variant&) = {&encode_at<I>...};
    if (value.valueless_by_exception()) return out.fail("a variant holds nothing, after an exception");
    out.put_u8(static_cast<std::uint8_t>(value.index()));
    encoders[value.index()](out, value);
  }
  static bool decode(reader& in, Variant& value) {
    constexpr bool (*decoders[])(reader&, Variant&) = {&decode_at<I>...};
    const std::size_t index = get_index(in);
    return index < sizeof...(I) && decoders[index](in, value);
  }
  // For a first alternative without a default constructor.
  static std::optional<Variant> construct(reader& in) {
    constexpr std::optional<Variant> (*constructors[])(reader&) = {&construct_at<I>...};
    const std::size_t index = get_index(in);
    return index < sizeof...(I) ? constructors[index](in) : std::nullopt;
  }

 private:
  template <std::size_t N>
  using alternative = std::variant_alternative_t<N, Variant>;

  static std::size_t get_index(reader& in) {
    std::uint8_t index = 0;
    if (in.get_u8(index) && index >= sizeof...(I)) in.fail("a variant has no alternative of this index");
    return in.failed() ? sizeof...(I) : index;
  }
  template <std::size_t N>
  static std::size_t size_at(const Variant& value) {
    return codec<alternative<N>>::size(*std::get_if<N>(&value));
  }
  template <std::size_t N>
  static void encode_at(writer& out, const Variant& value) {
    codec<alternative<N>>::encode(out, *std::get_if<N>(&value));
  }
  template <std::size_t N>
  static bool decode_at(reader& in, Variant& value) {
    if constexpr (std::is_default_constructible_v<alternative<N>>) {
      return codec<alternative<N>>::decode(in, value.template emplace<N>());
    } else {
      std::optional<alternative<N>> decoded = decode_value<alternative<N>>(in);
      if (decoded) value.template emplace<N>(std::move(*decoded));
      return decoded.has_value();
    }
  }
  template <std::size_t N>
  static std::optional<Variant> construct_at(reader& in) {
    std::optional<alternative<N>> decoded = decode_value<alternative<N>>(in);
    if (!decoded) return std::nullopt;
    return std::optional<Variant>(std::in_place, std::in_place_index<N>, std::move(*decoded));
  }
};

}  // namespace detail

template <class... Ts>
struct codec<std::variant<Ts...>>
    : detail::variant_codec<std::variant<Ts...>, std::index_sequence_for<Ts...>> {
  using made_of = type_list<Ts...>;
};

}  // namespace viceroy
