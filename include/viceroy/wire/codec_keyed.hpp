// codec_keyed: how sets and maps are written down, ordered and unordered: their number, then keys and values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include "viceroy/message/keyed.hpp"
#include "viceroy/wire/codec_sequences.hpp"

namespace viceroy {
namespace detail {

inline constexpr std::size_t node_bytes = 32;  // of a tree's or a hash table's node, without the value

template <class Container>
void reserve_nodes(Container& container, std::size_t n) {
  if constexpr (requires { container.bucket_count(); }) container.reserve(n);
}

template <class Set>
struct set_codec {
  using key = typename Set::key_type;
  using element = element_codec<key>;
  using made_of = type_list<key>;
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);

  static std::size_t size(const Set& set) { return min_bytes + element::size(set, set.size()); }
  static void encode(writer& out, const Set& set) {
    out.put_length(set.size());
    out.charge(set.size(), sizeof(key) + node_bytes);
    if (!enter<key>(out)) return;
    for (const key& each : set) element::encode(out, each);
    leave<key>(out);
  }
  static bool decode(reader& in, Set& set) {
    std::uint32_t n = 0;
    if (!in.get_length(n, element::min_bytes) || !in.charge(n, sizeof(key) + node_bytes) || !enter<key>(in))
      return false;
    set.clear();
    reserve_nodes(set, n);
    for (std::uint32_t i = 0; i != n; ++i) {
      std::optional<key> value = element::decode_value(in);
      if (!value) return false;
      set.emplace_hint(set.end(), std::move(*value));
      if (set.size() == i) return in.fail("a set holds a key twice");
    }
    leave<key>(in);
    return true;
  }
};

template <class Map>
struct map_codec {
  using key = typename Map::key_type;
  using mapped = typename Map::mapped_type;
  using made_of = type_list<key, mapped>;
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);
  // One key and its value; never nothing, for a map of keys of nothing has one at most.
  static constexpr std::size_t pair_bytes = element_codec<key>::min_bytes + codec_min_bytes<mapped>();

  static std::size_t size(const Map& map) {
    if constexpr (codec_is_fixed<key>() && codec_is_fixed<mapped>()) {
      return min_bytes + map.size() * pair_bytes;
    } else {
      std::size_t sum = min_bytes;
      for (const auto& [k, v] : map)
        sum += (element_codec<key>::counts ? 1 : codec<key>::size(k)) + codec<mapped>::size(v);
      return sum;
    }
  }
  static void encode(writer& out, const Map& map) {
    out.put_length(map.size());
    out.charge(map.size(), sizeof(typename Map::value_type) + node_bytes);
    if (!out.enter()) return;
    for (const auto& [k, v] : map) {
      element_codec<key>::encode(out, k);
      codec<mapped>::encode(out, v);
    }
    out.leave();
  }
  static bool decode(reader& in, Map& map) {
    std::uint32_t n = 0;
    if (!in.get_length(n, pair_bytes) || !in.charge(n, sizeof(typename Map::value_type) + node_bytes) ||
        !in.enter())
      return false;
    map.clear();
    reserve_nodes(map, n);
    for (std::uint32_t i = 0; i != n; ++i) {
      std::optional<key> k = element_codec<key>::decode_value(in);
      if (!k || !decode_one(in, map, std::move(*k))) return false;
      if (map.size() == i) return in.fail("a map holds a key twice");
    }
    in.leave();
    return true;
  }

 private:
  static bool decode_one(reader& in, Map& map, key&& k) {
    if constexpr (__is_constructible(mapped)) {
      return codec<mapped>::decode(in, map.try_emplace(map.end(), std::move(k))->second);
    } else {
      std::optional<mapped> value = decode_value<mapped>(in);
      if (value) map.try_emplace(map.end(), std::move(k), std::move(*value));
      return value.has_value();
    }
  }
};

}  // namespace detail

template <template <class...> class C, class... Ts>
  requires detail::keyed_set<C<Ts...>>
struct codec<C<Ts...>> : detail::set_codec<C<Ts...>> {};

template <template <class...> class C, class... Ts>
  requires detail::keyed_map<C<Ts...>>
struct codec<C<Ts...>> : detail::map_codec<C<Ts...>> {};

}  // namespace viceroy
