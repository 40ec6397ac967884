// hash: fast 64-bit hashes of bytes and numbers, the same on every machine and at compile time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace viceroy {
namespace detail {

// The two halves of a 128-bit product, folded: every bit of both factors reaches every bit of the result.
constexpr std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using wide = unsigned __int128;
  const wide product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Little-endian by construction; at -O1 and above the compilers make one load of the shifts.
constexpr std::uint64_t load_bytes(const char* at, std::size_t count) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  }
  return value;
}

constexpr std::uint64_t load_word(const char* at) noexcept {
  const auto byte = [at](int i) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  };
  return byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) | byte(7);
}

inline constexpr std::uint64_t hash_odd_a = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio
inline constexpr std::uint64_t hash_odd_b = 0xb7e151628aed2a6b;  // the digits of e

}  // namespace detail

// Mixes `value` into `seed`; the order of several calls matters.
constexpr std::uint64_t hash_number(std::uint64_t value, std::uint64_t seed = 0) noexcept {
  return detail::fold_product(value ^ detail::hash_odd_a, seed ^ detail::hash_odd_b ^ (value << 32));
}

// Hashes bytes. Tables that hold names from outside pass a secret seed, so that nobody can aim at one bucket.
// Cost: one multiplication per 16 bytes.
constexpr std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0) noexcept {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t state = seed ^ detail::hash_odd_b;
  for (; left >= 16; at += 16, left -= 16) {
    state =
        detail::fold_product(detail::load_word(at) ^ detail::hash_odd_a, detail::load_word(at + 8) ^ state);
  }
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (left >= 8) {
    low = detail::load_word(at);
    high = detail::load_bytes(at + 8, left - 8);
  } else {
    low = detail::load_bytes(at, left);
  }
  state = detail::fold_product(low ^ detail::hash_odd_a, high ^ state);
  return detail::fold_product(state ^ bytes.size(), detail::hash_odd_a);
}

}  // namespace viceroy
