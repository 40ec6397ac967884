// hello: the first bytes of each side of a link: writing them, and judging those of a stranger.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/base/series.hpp"
#include "viceroy/channel/identity.hpp"
#include "viceroy/id/address.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/wire/bytes.hpp"
#include "viceroy/wire/frame.hpp"

namespace viceroy {

struct link_hello {
  std::uint64_t session = 0;      // random, chosen by the dialler and answered by the acceptor
  std::uint64_t incarnation = 0;  // of the process
  std::uint64_t manifest_hash = 0;
  std::string application;
  series<address> addresses;  // that the process serves
};

// Why a stranger is turned away before anything of it is read. The numbers travel.
enum class link_refusal : std::uint8_t { none = 0, version = 1, key = 2, user = 3, malformed = 4 };

// Says a refusal in words, as the one who was refused must hear it.
inline std::string_view sentence(link_refusal why) noexcept {
  switch (why) {
    case link_refusal::version:
      return "it speaks another version of the protocol";
    case link_refusal::key:
      return "it has another mesh key";
    case link_refusal::user:
      return "it runs as another user";
    case link_refusal::malformed:
      return "it could not read the hello";
    case link_refusal::none:
      break;
  }
  return "it gave no reason that is known here";
}

// The preamble that turns a stranger away.
inline std::array<std::byte, sizeof(preamble)> written_refusal(link_refusal why) noexcept {
  preamble first;
  first.kind = preamble::kinds::refusal;
  first.refusal = static_cast<std::uint8_t>(why);
  std::array<std::byte, sizeof(preamble)> out{};
  store_struct(out.data(), first);
  return out;
}

// Writes preamble and hello; as many addresses as have room in limit::hello_bytes.
inline std::vector<std::byte> written_hello(const link_hello& h, const std::optional<mesh_key>& key) {
  std::vector<std::byte> out(sizeof(preamble));
  {
    writer into(out);
    const auto put_text = [&into](std::string_view text) {
      into.put_u32(static_cast<std::uint32_t>(text.size()));
      into.put(text.data(), text.size());
    };
    into.put_u64(h.session);
    into.put_u64(h.incarnation);
    into.put_u64(h.manifest_hash);
    put_text(std::string_view(h.application).substr(0, limit::name_bytes));
    constexpr std::size_t most = (limit::hello_bytes - limit::name_bytes - 64) / (limit::address_bytes + 4);
    const std::size_t count = h.addresses.size() < most ? h.addresses.size() : most;
    into.put_u32(static_cast<std::uint32_t>(count));
    for (std::size_t i = 0; i < count; ++i) put_text(h.addresses[i].text());
  }
  preamble first;
  first.length = static_cast<std::uint32_t>(out.size() - sizeof(preamble));
  if (key) first.key = *key;
  store_struct(out.data(), first);
  return out;
}

// What became of the first bytes: `used` is 0 while more are needed and none are wrong.
struct greeting {
  std::size_t used = 0;
  link_hello value{};
  std::string wrong{};  // set: why there will be no link, after the peer's name
  link_refusal answer =
      link_refusal::none;   // what to tell a peer that is wrong; none: nothing that it would understand
  bool refused_us = false;  // it was the peer who would not
};

namespace detail {

// Takes as long for a wrong key as for the right one, wherever they differ.
inline bool same_key(const mesh_key& a, const mesh_key& b) noexcept {
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= std::to_integer<unsigned>(a[i] ^ b[i]);
  volatile unsigned result = difference;
  return result == 0;
}

inline greeting wrong_greeting(std::string why, link_refusal answer) {
  greeting out;
  out.wrong = std::move(why);
  out.answer = answer;
  return out;
}

inline bool read_hello(reader& in, link_hello& h) {
  const auto get_text = [&in](std::string_view& text, std::size_t most) {
    std::uint32_t size = 0;
    if (!in.get_length(size, 1) || size > most) return false;
    const std::byte* const from = in.get(size);
    if (from == nullptr) return false;
    text = {reinterpret_cast<const char*>(from), size};
    return true;
  };
  std::string_view name;
  std::uint32_t count = 0;
  if (!in.get_u64(h.session) || !in.get_u64(h.incarnation) || !in.get_u64(h.manifest_hash)) return false;
  if (!get_text(name, limit::name_bytes) || !in.get_length(count, sizeof(std::uint32_t))) return false;
  h.application = name;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view where;
    if (!get_text(where, limit::address_bytes) || address::problem(where) != nullptr) return false;
    h.addresses.push_back(address::parse(where));
  }
  return in.finish();
}

}  // namespace detail

// Judges the first bytes of a peer, in this order: are they ours at all, the version, the key, and only then
// the rest. Errors: only what address::parse throws beyond limit::interned_names.
inline greeting read_greeting(std::span<const std::byte> in, const std::optional<mesh_key>& key) {
  preamble first;
  const std::size_t seen = in.size() < sizeof first ? in.size() : sizeof first;
  if (seen != 0) std::memcpy(static_cast<void*>(&first), in.data(), seen);
  const std::size_t of_magic = seen < wire_magic.size() ? seen : wire_magic.size();
  if (std::memcmp(first.magic.data(), wire_magic.data(), of_magic) != 0) {
    const std::string_view came(reinterpret_cast<const char*>(in.data()), seen < 8 ? seen : 8);
    return detail::wrong_greeting("the first bytes were " + in_quotes(came) + ", not a Viceroy hello",
                                  link_refusal::none);
  }
  if (seen >= offsetof(preamble, kind) && first.version != wire_version) {
    return detail::wrong_greeting("it speaks version " + std::to_string(first.version) +
                                      " of the protocol, this process version " +
                                      std::to_string(wire_version),
                                  link_refusal::version);
  }
  if (seen < sizeof first) return {};
  if (first.kind == preamble::kinds::refusal) {
    greeting out;
    out.used = sizeof first;
    out.wrong = sentence(static_cast<link_refusal>(first.refusal));
    out.refused_us = true;
    return out;
  }
  if (key && !detail::same_key(first.key, *key))
    return detail::wrong_greeting("it does not have this mesh's key", link_refusal::key);
  if (first.kind != preamble::kinds::hello || first.refusal != 0 || first.reserved != 0)
    return detail::wrong_greeting("its hello is malformed", link_refusal::malformed);
  if (first.length > limit::hello_bytes) {
    return detail::wrong_greeting("its hello of " + std::to_string(first.length) + " bytes is larger than " +
                                      std::to_string(limit::hello_bytes),
                                  link_refusal::malformed);
  }
  if (in.size() - sizeof first < first.length) return {};
  greeting out;
  reader rest(in.subspan(sizeof first, first.length));
  if (!detail::read_hello(rest, out.value))
    return detail::wrong_greeting("its hello is malformed", link_refusal::malformed);
  out.used = sizeof first + first.length;
  return out;
}

}  // namespace viceroy
