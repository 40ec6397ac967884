// codec_ids: how ids, extents, points and shapes are written inside messages: as text, interned by who reads
// it.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "viceroy/id/port_id.hpp"
#include "viceroy/message/id_layouts.hpp"
#include "viceroy/space/extent.hpp"
#include "viceroy/space/shape.hpp"
#include "viceroy/wire/codec_traits.hpp"

namespace viceroy {

namespace detail {

inline void put_text(writer& out, std::string_view text) {
  out.put_length(text.size());
  out.put(text.data(), text.size());
}
inline bool get_text(reader& in, std::string_view& text) {
  std::uint32_t n = 0;
  if (!in.get_length(n, 1)) return false;
  const std::byte* const from = in.get(n);
  if (!from) return false;
  text = {reinterpret_cast<const char*>(from), n};
  return true;
}

// An interned name by its text. Untrusted text makes at most limit::interned_names records.
template <class Name>
struct text_codec {
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);
  static std::size_t size(const Name& name) { return sizeof(std::uint32_t) + name.text().size(); }
  static void encode(writer& out, const Name& name) { put_text(out, name.text()); }
  static bool decode(reader& in, Name& name) {
    std::string_view text;
    if (!get_text(in, text)) return false;
    name = Name();
    if (text.empty()) return true;
    if constexpr (requires { Name::known(text); }) {
      name = Name::known(text);
      if (!name.empty()) return true;
    }
    try {
      name = Name::parse(text);
      return true;
    } catch (const error&) {
      return in.fail(
          interned_names() < limit::interned_names
              ? "a text is not the id it should be"
              : "it names what is new, and this process holds limit::interned_names names already");
    }
  }
};

}  // namespace detail

template <>
struct codec<address> : detail::text_codec<address> {};
template <>
struct codec<label> : detail::text_codec<label> {};
template <>
struct codec<proc_id> : detail::text_codec<proc_id> {};
template <>
struct codec<shape> : detail::text_codec<shape> {};

namespace detail {

// A value by its text.
template <class Value>
struct parsed_codec {
  static constexpr std::size_t min_bytes = sizeof(std::uint32_t);
  static std::size_t size(const Value& value) { return sizeof(std::uint32_t) + value.text().size(); }
  static void encode(writer& out, const Value& value) { put_text(out, value.text()); }
  static bool decode(reader& in, Value& value) {
    std::string_view text;
    if (!get_text(in, text)) return false;
    try {
      value = Value::parse(text);
      return true;
    } catch (const error&) {
      return in.fail("a text is not the extent, region or point it should be");
    }
  }
};

}  // namespace detail

template <>
struct codec<extent> : detail::parsed_codec<extent> {};
// Of types that are declared only: a file that sends one includes space/region.hpp or space/point.hpp, and
// others need not.
template <std::same_as<region> Region>
struct codec<Region> : detail::parsed_codec<Region> {};
template <std::same_as<point> Point>
struct codec<Point> : detail::parsed_codec<Point> {};

template <>
struct codec<actor_id> {
  static constexpr std::size_t min_bytes = 2 * sizeof(std::uint32_t) + sizeof(std::uint64_t);
  static std::size_t size(const actor_id& id) {
    return codec<proc_id>::size(id.proc()) + codec<label>::size(id.name()) + sizeof(std::uint64_t);
  }
  static void encode(writer& out, const actor_id& id) {
    codec<proc_id>::encode(out, id.proc());
    codec<label>::encode(out, id.name());
    out.put_u64(id.index());
  }
  static bool decode(reader& in, actor_id& id) {
    proc_id proc;
    label name;
    std::uint64_t index = 0;
    if (!codec<proc_id>::decode(in, proc) || !codec<label>::decode(in, name) || !in.get_u64(index))
      return false;
    id = actor_id(proc, name, index);
    return true;
  }
};

template <>
struct codec<port_id> {
  static constexpr std::size_t min_bytes = codec<actor_id>::min_bytes + sizeof(std::uint64_t);
  static std::size_t size(const port_id& id) {
    return codec<actor_id>::size(id.actor()) + sizeof(std::uint64_t);
  }
  static void encode(writer& out, const port_id& id) {
    codec<actor_id>::encode(out, id.actor());
    out.put_u64(id.number());
  }
  static bool decode(reader& in, port_id& id) {
    actor_id actor;
    std::uint64_t number = 0;
    if (!codec<actor_id>::decode(in, actor) || !in.get_u64(number)) return false;
    id = port_id(actor, number);
    return true;
  }
};

namespace detail {

// A typed ref is written as the id it holds.
template <class Ref, class Id>
struct ref_codec {
  static constexpr std::size_t min_bytes = codec<Id>::min_bytes;
  static std::size_t size(const Ref& r) { return codec<Id>::size(r.id()); }
  static void encode(writer& out, const Ref& r) { codec<Id>::encode(out, r.id()); }
  static bool decode(reader& in, Ref& r) {
    Id id;
    if (!codec<Id>::decode(in, id)) return false;
    r = Ref(id);
    return true;
  }
};

}  // namespace detail

}  // namespace viceroy
