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
#include "viceroy/wire/payload.hpp"

namespace viceroy {
namespace detail {

// A field of this type, wherever it is. (Functions, not lambdas, each of which is two.)
template <class F>
struct one_field {
  static std::size_t size(const void* field) { return codec<F>::size(*static_cast<const F*>(field)); }
  static void encode(writer& out, const void* field) { codec<F>::encode(out, *static_cast<const F*>(field)); }
  static bool decode(reader& in, void* field) { return codec<F>::decode(in, *static_cast<F*>(field)); }

  static constexpr field_codec table{size, encode, decode};
};

// How messages of N fields are written down, whatever those are: by their table. So a list of types is data,
// and no function that a compiler has to write; inside a field, elements are walked over as their types say.
template <std::size_t N>
struct by_fields {
  static std::size_t size(const message_ops& ops, const void* message) {
    const message_codec& how = *ops.codec;
    if (how.size_bytes != 0) return how.size_bytes;
    const places found(ops, const_cast<void*>(message), false);  // which writes to none of them
    std::size_t sum = 0;
    for (std::size_t i = 0; i != N; ++i) sum += how.fields[i]->size(found.at[i]);
    return sum;
  }
  static void encode(const message_ops& ops, writer& out, const void* message) {
    const field_codec* const* const how = ops.codec->fields;
    const places found(ops, const_cast<void*>(message), false);
    for (std::size_t i = 0; i != N; ++i) how[i]->encode(out, found.at[i]);
  }
  static bool decode(const message_ops& ops, reader& in, void* at) {
    const field_codec* const* const how = ops.codec->fields;
    const places found(ops, at, true);
    bool good = true;
    try {
      for (std::size_t i = 0; good && i != N; ++i) good = how[i]->decode(in, found.at[i]);
    } catch (...) {
      ops.destroy(at);
      throw;
    }
    if (!good) ops.destroy(at);
    return good;
  }

 private:
  struct places {
    void* at[N + 1];
    places(const message_ops& ops, void* message, bool make) { ops.fields(message, at, make); }
  };
};

// Fields of these types, wherever they are: `at` has their addresses.
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
  // Whether each can be written down; asked once for all classes with the same fields.
  static constexpr bool encodable = all_of({true, has_codec<F>...});

  static std::size_t size(void* const* at) {
    const std::size_t sizes[] = {0, codec<F>::size(*static_cast<const F*>(*at++))...};
    std::size_t sum = 0;
    for (const std::size_t size : sizes) sum += size;
    return sum;
  }
  static void encode(writer& out, void* const* at) {
    const int in_order[] = {0, (codec<F>::encode(out, *static_cast<const F*>(*at++)), 0)...};
    static_cast<void>(in_order);
  }
  static bool decode(reader& in, void* const* at) {
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

 private:
  static constexpr const field_codec* all[] = {&one_field<F>::table..., nullptr};

 public:
  // How a message of any class is written down that has these fields.
  static constexpr message_codec of_message{by_fields<sizeof...(F)>::size, by_fields<sizeof...(F)>::encode,
                                            by_fields<sizeof...(F)>::decode, all, fixed() ? min_bytes() : 0};
};

// Of messages that are written down as they lie in memory: none of their fields is looked for.
inline constexpr message_codec as_in_memory{
    [](const message_ops& ops, const void*) { return ops.size_bytes; },
    [](const message_ops& ops, writer& out, const void* message) { out.put(message, ops.size_bytes); },
    [](const message_ops& ops, reader& in, void* at) { return in.get(at, ops.size_bytes); }};

// How the fields of a T are reached.
template <class T>
struct record_access : fields_of<T> {  // its store
  using facts = list_as<field_types<T>, field_facts>;
  // Fields that are listed by hand may have another order in memory.
  static constexpr bool in_memory_order() { return !lists_fields<T> && !adapted_for_hana<T>; }
};

template <class A, class B>
struct record_access<std::pair<A, B>> {
  using facts = field_facts<A, B>;
  static auto store(std::pair<A, B>& object, void** at) {
    return store_places(at, object.first, object.second);
  }
  static constexpr bool in_memory_order() { return false; }
};

template <class... F>
struct record_access<std::tuple<F...>> {
  using facts = field_facts<F...>;
  static void store(std::tuple<F...>& object, void** at) {
    std::apply([at](F&... fields) { store_places(at, fields...); }, object);
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

  static std::size_t size(const T& record) {
    if constexpr (fixed)
      return min_bytes;
    else
      return facts::size(places(record).at);
  }
  static void encode(writer& out, const T& record) {
    if constexpr (copies_memory)
      out.put(&record, sizeof(T));
    else
      facts::encode(out, places(record).at);
  }
  static bool decode(reader& in, T& record) {
    if constexpr (copies_memory)
      return in.get(&record, sizeof(T));
    else
      return facts::decode(in, places(record).at);
  }
  static std::optional<T> construct(reader& in) { return facts::template construct<T>(in); }

  // What a message's table has of its class's own: see message_ops.
  static constexpr const message_codec* message_table = copies_memory ? &as_in_memory : &facts::of_message;
  static void fields(void* object, void** at, bool make) {
    if constexpr (lists_fields<T>) static_assert(check_fields<T>());
    if (make) {
      if constexpr (__is_aggregate(T) && requires { T{}; })
        ::new (object) T{};  // which needs no constructor to be compiled
      else
        ::new (object) T();
    }
    access::store(*static_cast<T*>(object), at);
  }

 private:
  // A const object's fields, too: one instance of what takes a T apart, and who encodes writes to none.
  struct places {
    void* at[list_size<made_of> + 1];
    explicit places(const T& record) {
      if constexpr (lists_fields<T>) static_assert(check_fields<T>());
      access::store(const_cast<T&>(record), at);
    }
  };
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
