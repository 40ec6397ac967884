// Encode and decode of a struct of 544 bytes (id, string, 64 doubles) against the same copied by hand.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "harness.hpp"
#include "viceroy/wire/codec.hpp"

namespace {

namespace vr = viceroy;

struct in_place {  // 544 bytes, of which 512 lie within it
  std::uint64_t id;
  std::string name;
  std::array<double, 64> samples;
};

struct on_heap {
  std::uint64_t id;
  std::string name;
  std::vector<double> samples;
};

// What the codec must not lose to: the same wire form and the same bounds checks, written by hand.
template <class Message>
struct by_hand {
  static std::size_t size(const Message& m) {
    return 8 + 4 + m.name.size() + (std::is_same_v<Message, on_heap> ? 4 : 0) +
           m.samples.size() * sizeof(double);
  }
  static bool encode(std::span<std::byte> into, const Message& m) {
    if (into.size() < size(m)) return false;
    std::byte* at = into.data();
    const auto put = [&](const void* from, std::size_t n) {
      std::memcpy(at, from, n);
      at += n;
    };
    put(&m.id, 8);
    const auto name_bytes = static_cast<std::uint32_t>(m.name.size());
    put(&name_bytes, 4);
    put(m.name.data(), name_bytes);
    if constexpr (std::is_same_v<Message, on_heap>) {
      const auto count = static_cast<std::uint32_t>(m.samples.size());
      put(&count, 4);
    }
    put(m.samples.data(), m.samples.size() * sizeof(double));
    return true;
  }
  static bool decode(std::span<const std::byte> from, Message& m) {
    std::size_t at = 0;
    const auto get = [&](void* to, std::size_t n) {
      if (n > from.size() - at) return false;
      std::memcpy(to, from.data() + at, n);
      at += n;
      return true;
    };
    std::uint32_t n = 0;
    if (!get(&m.id, 8) || !get(&n, 4) || n > from.size() - at) return false;
    m.name.assign(reinterpret_cast<const char*>(from.data() + at), n);
    at += n;
    if constexpr (std::is_same_v<Message, on_heap>) {
      if (!get(&n, 4) || n > (from.size() - at) / sizeof(double)) return false;
      m.samples.resize(n);
    }
    return get(m.samples.data(), m.samples.size() * sizeof(double)) && at == from.size();
  }
};

template <class Message>
struct by_codec {
  static std::size_t size(const Message& m) { return vr::encoded_size(m); }
  static bool encode(std::span<std::byte> into, const Message& m) {
    vr::writer out(into);
    vr::encode(out, m);
    return !out.failed();
  }
  static bool decode(std::span<const std::byte> from, Message& m) {
    vr::reader in(from);
    return vr::decode(in, m) && in.finish();
  }
};

// One message after the other, as a link does: sized, written into its buffer, read into a new object.
template <template <class> class Way, class Message>
double run_ns(const Message& message) {
  constexpr int rounds = 200'000;
  static std::array<std::byte, 4096> buffer;
  std::uint64_t failures = 0;
  const double start = viceroy::benchmark::cpu_ns();
  for (int i = 0; i != rounds; ++i) {
    const Message* from = &message;
    asm volatile("" : "+r"(from) : : "memory");
    const std::span into(buffer.data(), Way<Message>::size(*from));
    failures += Way<Message>::encode(into, *from) ? 0 : 1;
    asm volatile("" : : "r"(buffer.data()) : "memory");
    Message to;
    failures += Way<Message>::decode(into, to) ? 0 : 1;
    asm volatile("" : : "r"(&to) : "memory");
  }
  const double spent = viceroy::benchmark::cpu_ns() - start;
  viceroy::benchmark::expect(failures == 0, "a codec");
  return spent / rounds;
}

template <class Message>
void compare(viceroy::benchmark::suite& suite, const char* name, const Message& message) {
  suite.compare(
      name, "cpu_ns", "by_hand", [&] { return run_ns<by_codec>(message); },
      [&] { return run_ns<by_hand>(message); });
}

}  // namespace

int main(int argc, char** argv) {
  viceroy::benchmark::suite suite(argc, argv);
  in_place first{7, "the name of it", {}};
  first.samples.fill(1.5);
  compare(suite, "codec_544_bytes", first);
  compare(suite, "codec_544_bytes_vector", on_heap{7, "the name of it", std::vector<double>(64, 1.5)});
  return suite.finish();
}
