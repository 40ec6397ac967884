// round_trip_random: random values of the models, from a seed.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "round_trip_models.hpp"

namespace laws {

// Makes values from a seed: small ones, nested a few levels deep.
class random_values {
 public:
  explicit random_values(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }

  template <class T>
  T make() {
    return make(kind<T>());
  }

 private:
  template <class T>
  struct kind {};

  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  T make(kind<T>) {
    if constexpr (std::is_same_v<T, bool>)
      return below(2) == 1;
    else
      return static_cast<T>(below(4) == 0 ? engine_() : below(3));
  }
  template <class T>
    requires std::is_floating_point_v<T>
  T make(kind<T>) {
    return static_cast<T>(static_cast<double>(engine_()) / 3.0);
  }
  template <class Rep, class Period>
  auto make(kind<std::chrono::duration<Rep, Period>>) {
    return std::chrono::duration<Rep, Period>(make<Rep>());
  }
  template <class Duration>
  auto make(kind<std::chrono::sys_time<Duration>>) {
    return std::chrono::sys_time<Duration>(make<Duration>());
  }
  template <class C>
  auto make(kind<std::basic_string<C>>) {
    std::basic_string<C> text(below(8) == 0 ? 40 : below(5), C());
    for (C& c : text) c = static_cast<C>('a' + below(26));
    return text;
  }
  viceroy::bytes make(kind<viceroy::bytes>) {
    const std::size_t n = below(16) == 0 ? viceroy::limit::separate_bytes + below(2) : below(9);
    return viceroy::bytes(std::string(n, static_cast<char>(below(256))));
  }
  ticket make(kind<ticket>) { return ticket(engine_()); }
  listed make(kind<listed>) { return {make<std::uint32_t>(), make<std::uint32_t>(), make<std::string>()}; }
  std::monostate make(kind<std::monostate>) { return {}; }
  template <class T>
  auto make(kind<std::vector<T>>) {
    std::vector<T> many;
    for (std::size_t n = count(); n != 0; --n) many.push_back(inside<T>());
    return many;
  }
  template <class Row>
    requires requires(Row& r) { r.pop_front(); }
  auto make(kind<Row>) {
    Row many;
    for (std::size_t n = count(); n != 0; --n) many.push_back(inside<typename Row::value_type>());
    return many;
  }
  template <class T, std::size_t N>
  std::array<T, N> make(kind<std::array<T, N>>) {
    return make_array<T>(std::make_index_sequence<N>());
  }
  template <class Set>
    requires requires { typename Set::key_type; } && (!requires { typename Set::mapped_type; })
  auto make(kind<Set>) {
    Set many;
    for (std::size_t n = count(); n != 0; --n) many.insert(inside<typename Set::key_type>());
    return many;
  }
  template <class Map>
    requires requires { typename Map::mapped_type; }
  auto make(kind<Map>) {
    Map many;
    for (std::size_t n = count(); n != 0; --n)
      many.try_emplace(inside<typename Map::key_type>(), inside<typename Map::mapped_type>());
    return many;
  }
  template <class T>
  auto make(kind<std::optional<T>>) {
    return below(2) == 0 ? std::optional<T>() : std::optional<T>(make<T>());
  }
  template <class... Ts>
  auto make(kind<std::variant<Ts...>>) {
    return make_variant<std::variant<Ts...>>(below(sizeof...(Ts)), std::index_sequence_for<Ts...>());
  }
  template <class A, class B>
  auto make(kind<std::pair<A, B>>) {
    return std::pair<A, B>{make<A>(), make<B>()};
  }
  template <class... Ts>
  auto make(kind<std::tuple<Ts...>>) {
    return std::tuple<Ts...>{make<Ts>()...};
  }
  template <class T>
    requires std::is_aggregate_v<T>
  T make(kind<T>) {
    return make_record<T>(viceroy::field_types<T>());
  }

  template <class T, class... Fs>
  T make_record(viceroy::type_list<Fs...>) {
    return T{make<Fs>()...};
  }
  template <class T, std::size_t... I>
  std::array<T, sizeof...(I)> make_array(std::index_sequence<I...>) {
    return {{(static_cast<void>(I), make<T>())...}};
  }
  template <class Variant, std::size_t... I>
  Variant make_variant(std::size_t index, std::index_sequence<I...>) {
    Variant (*makers[])(random_values&) = {[](random_values& self) {
      return Variant(std::in_place_index<I>, self.make<std::variant_alternative_t<I, Variant>>());
    }...};
    return makers[index](*this);
  }
  std::size_t count() { return depth_ > 3 ? 0 : below(4); }
  template <class T>
  T inside() {
    ++depth_;
    T value = make<T>();
    --depth_;
    return value;
  }

  std::mt19937_64 engine_;
  int depth_ = 0;
};

}  // namespace laws
