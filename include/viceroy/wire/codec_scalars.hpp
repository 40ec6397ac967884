// codec_scalars: how numbers, bools, enums, times, strings and bytes are written down.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/wire/codec_traits.hpp"

namespace viceroy {
namespace detail {

// Every bit of these is value: the 16 bytes of a long double have padding, and its format is not the same
// everywhere.
template <class T>
concept number = !__is_class(T) && ((std::integral<T> && !std::same_as<T, bool>) || std::same_as<T, float> ||
                                    std::same_as<T, double>);

// What is written as it lies in memory.
template <class T>
struct memory_codec {
  static constexpr std::size_t min_bytes = sizeof(T);
  static constexpr bool fixed = true;
  static constexpr bool copies_memory = true;
  static std::size_t size(const T&) noexcept { return sizeof(T); }
  static void encode(writer& out, const T& value) { out.put(&value, sizeof value); }
  static bool decode(reader& in, T& value) { return in.get(&value, sizeof value); }
};

}  // namespace detail

template <detail::number T>
struct codec<T> : detail::memory_codec<T> {};

// An enum is its underlying number; which of them have a name is not checked.
template <class T>
  requires(__is_enum(T))
struct codec<T> : detail::memory_codec<T> {
  static_assert(!std::same_as<std::underlying_type_t<T>, bool>, "an enum over bool cannot be written down");
};

template <>
struct codec<bool> {
  static constexpr std::size_t min_bytes = 1;
  static constexpr bool fixed = true;
  static std::size_t size(bool) noexcept { return 1; }
  static void encode(writer& out, bool value) { out.put_u8(value ? 1 : 0); }
  static bool decode(reader& in, bool& value) {
    std::uint8_t byte = 0;
    if (!in.get_u8(byte)) return false;
    if (byte > 1) return in.fail("a bool is neither 0 nor 1");
    value = byte == 1;
    return true;
  }
};

template <detail::number Rep, class Period>
struct codec<std::chrono::duration<Rep, Period>> : detail::memory_codec<std::chrono::duration<Rep, Period>> {
  static_assert(sizeof(std::chrono::duration<Rep, Period>) == sizeof(Rep));
};

// Only of a clock that every machine shares.
template <detail::number Rep, class Period>
struct codec<std::chrono::sys_time<std::chrono::duration<Rep, Period>>>
    : detail::memory_codec<std::chrono::sys_time<std::chrono::duration<Rep, Period>>> {};

namespace detail {

template <class string>
struct string_codec {
  using Char = typename string::value_type;
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);
  static std::size_t size(const string& text) noexcept { return min_bytes + text.size() * sizeof(Char); }
  static void encode(writer& out, const string& text) {
    out.put_length(text.size());
    out.put(text.data(), text.size() * sizeof(Char));
  }
  static bool decode(reader& in, string& text) {
    std::uint32_t n = 0;
    if (!in.get_length(n, sizeof(Char))) return false;
    if constexpr (sizeof(Char) == 1) {
      text.assign(reinterpret_cast<const Char*>(in.get(n)), n);
      return true;
    } else {
      text.resize(n);
      return in.get(text.data(), n * sizeof(Char));
    }
  }
};

}  // namespace detail

template <detail::number Char, class Traits, class Allocator>
struct codec<std::basic_string<Char, Traits, Allocator>>
    : detail::string_codec<std::basic_string<Char, Traits, Allocator>> {};

// The usual one.
template <>
struct codec<std::string> {
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);
  static std::size_t size(const std::string& text) noexcept { return min_bytes + text.size(); }
  static void encode(writer& out, const std::string& text);
  static bool decode(reader& in, std::string& text);
};

template <>
struct codec<bytes> {
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);
  static std::size_t size(const bytes& content) noexcept { return writer::size_of_part(content); }
  static void encode(writer& out, const bytes& content) { out.put_part(content); }
  static bool decode(reader& in, bytes& content) { return in.get_part(content); }
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/wire/codec_texts.hpp"
#endif
