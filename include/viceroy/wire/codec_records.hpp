// codec_records: how aggregates and other reflected types, pairs and tuples are written down: their fields,
// in order.
#pragma once

#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "viceroy/message/reflect.hpp"
#include "viceroy/wire/codec_traits.hpp"

namespace viceroy {
namespace detail {

// Fields of these types, wherever they are.
template <class... F>
struct field_facts {
  using types = type_list<F...>;

  static constexpr std::size_t min_bytes() {
    const std::size_t sizes[] = {0, codec_min_bytes<F>()...};
    std::size_t sum = 0;
    for (const std::size_t size : sizes) sum += size;
    return sum;
  }
  static constexpr bool fixed() { return all_of({true, codec_is_fixed<F>()...}); }
  static constexpr bool copy_memory() { return all_of({true, codec_copies_memory<F>()...}); }

  static std::size_t size(const field_places<F...>& fields) {
    void* const* at = fields.at;
    const std::size_t sizes[] = {0, codec<F>::size(*static_cast<const F*>(*at++))...};
    std::size_t sum = 0;
    for (const std::size_t size : sizes) sum += size;
    return sum;
  }
  static void encode(writer& out, const field_places<F...>& fields) {
    void* const* at = fields.at;
    const int in_order[] = {0, (codec<F>::encode(out, *static_cast<const F*>(*at++)), 0)...};
    static_cast<void>(in_order);
  }
  static bool decode(reader& in, const field_places<F...>& fields) {
    void* const* at = fields.at;
    bool good = true;
    const int in_order[] = {0, (good = good && codec<F>::decode(in, *static_cast<F*>(*at++)), 0)...};
    static_cast<void>(in_order);
    return good;
  }

  template <class T>
  static std::optional<T> construct(reader& in) {
    std::tuple<std::optional<F>...> values{decode_value<F>(in)...};
    if (in.failed()) return std::nullopt;
    return std::apply([](auto&... value) { return std::optional<T>(T{std::move(*value)...}); }, values);
  }
};

// How the fields of a T are reached.
template <class T>
struct record_access : fields_of<T> {  // its apply
  using facts = list_as<field_types<T>, field_facts>;
  // Fields that are listed by hand may have another order in memory.
  static constexpr bool in_memory_order() { return !lists_fields<T> && !adapted_for_hana<T>; }
};

template <class A, class B>
struct record_access<std::pair<A, B>> {
  using facts = field_facts<A, B>;
  template <class Object, class F>
  static decltype(auto) apply(Object& object, F f) {
    return f(object.first, object.second);
  }
  static constexpr bool in_memory_order() { return false; }
};

template <class... F>
struct record_access<std::tuple<F...>> {
  using facts = field_facts<F...>;
  template <class Object, class Function>
  static decltype(auto) apply(Object& object, Function f) {
    return std::apply(f, object);
  }
  static constexpr bool in_memory_order() { return false; }
};

template <class T>
struct record_codec {
  using access = record_access<T>;
  using facts = typename access::facts;
  using made_of = typename facts::types;

  static constexpr std::size_t min_bytes = facts::min_bytes();
  static constexpr bool fixed = facts::fixed();
  static constexpr bool copies_memory = __is_trivially_copyable(T) && access::in_memory_order() &&
                                        facts::copy_memory() && min_bytes == sizeof(T);

  static std::size_t size(const T& record) { return size_at(&record); }
  static void encode(writer& out, const T& record) { encode_at(out, &record); }
  static bool decode(reader& in, T& record) { return decode_at(in, &record); }

  // The same, of an object whose type the caller does not know: what a message's table points to.
  static std::size_t size_at(const void* record) {
    if constexpr (fixed)
      return min_bytes;
    else
      return facts::size(places(record));
  }
  static void encode_at(writer& out, const void* record) {
    if constexpr (copies_memory)
      out.put(record, sizeof(T));
    else
      facts::encode(out, places(record));
  }
  static bool decode_at(reader& in, void* record) {
    if constexpr (copies_memory)
      return in.get(record, sizeof(T));
    else
      return facts::decode(in, places(record));
  }
  static std::optional<T> construct(reader& in) { return facts::template construct<T>(in); }

 private:
  // A const object's fields, too: one instance of what takes a T apart, and who encodes writes to none.
  [[gnu::always_inline]] static auto places(const void* record) {
    if constexpr (lists_fields<T>) static_assert(check_fields<T>());
    return access::apply(*static_cast<T*>(const_cast<void*>(record)), to_places());
  }
};

// A type without fields that can be told has no codec; encodable<T> is false then.
template <class T, bool Reflected = is_reflected<T>>
struct default_codec {};

template <class T>
struct default_codec<T, true> : record_codec<T> {};

}  // namespace detail

template <class T>
struct codec : detail::default_codec<T> {};

template <class A, class B>
struct codec<std::pair<A, B>> : detail::record_codec<std::pair<A, B>> {};

template <class... F>
struct codec<std::tuple<F...>> : detail::record_codec<std::tuple<F...>> {};

}  // namespace viceroy
