#include "viceroy/wire/codec.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <random>

#include "../laws/round_trip.hpp"
#include "../laws/round_trip_models.hpp"
#include "../laws/round_trip_random.hpp"

namespace {

thread_local std::size_t allocated = 0;

const bool counting = [] {
  laws::allocated_bytes = [] { return allocated; };
  return true;
}();

// VICEROY_SEED repeats a run; every failure prints it.
std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const char* const given = std::getenv("VICEROY_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 0) : std::uint64_t{std::random_device()()};
  }();
  return value;
}

// Turns the bytes of a message into those of another, or of none.
void mutate(std::vector<std::byte>& body, laws::random_values& random) {
  for (std::size_t n = 1 + random.below(4); n != 0; --n) {
    const std::size_t at = random.below(body.size() + 1);
    const std::size_t length = std::min(random.below(6), body.size() - at);
    const auto where = body.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(5)) {
      case 0:
        body.erase(where, where + static_cast<std::ptrdiff_t>(length));
        break;
      case 1:
        body.insert(where, length, static_cast<std::byte>(random.below(256)));
        break;
      case 2:
        std::fill_n(where, length, std::byte{0xff});
        break;
      case 3:
        std::fill_n(where, length, std::byte{0});
        break;
      default:
        if (at != body.size())
          body[at] = static_cast<std::byte>(random.below(8) == 0 ? random.below(256) : random.below(4));
    }
  }
}

}  // namespace

void* operator new(std::size_t n) {
  allocated += n;
  void* const memory = std::malloc(n == 0 ? 1 : n);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("random values of every model come back as they were sent") {
  REQUIRE(counting);
  laws::random_values random(seed());
  CAPTURE(seed());
  laws::for_each_model([&]<class T>() {
    for (int i = 0; i != 50; ++i) laws::round_trip<T>(random.make<T>());
  });
}

TEST_CASE("no prefix of a message and nothing after it is accepted") {
  laws::random_values random(seed());
  CAPTURE(seed());
  laws::for_each_model([&]<class T>() {
    for (int i = 0; i != 20; ++i) laws::refuses_other_lengths<T>(random.make<T>());
  });
}

TEST_CASE("every byte of a message may have any value") {
  laws::random_values random(seed());
  CAPTURE(seed());
  laws::for_each_model([&]<class T>() {
    T value = random.make<T>();
    while (viceroy::encoded_size(value) > 200) value = random.make<T>();  // 255 decodes a byte
    laws::survives_corruption<T>(value);
  });
}

TEST_CASE("messages that were cut, stretched and overwritten are decoded or refused") {
  laws::random_values random(seed());
  CAPTURE(seed());
  laws::for_each_model([&]<class T>() {
    for (int i = 0; i != 500; ++i) {
      viceroy::encoded sent = viceroy::encode_message(random.make<T>());
      mutate(sent.body, random);
      laws::decode_any<T>(std::vector<std::byte>(sent.body), sent.parts);
    }
  });
}

TEST_CASE("noise is decoded or refused") {
  laws::random_values random(seed());
  CAPTURE(seed());
  laws::for_each_model([&]<class T>() {
    for (int i = 0; i != 500; ++i) {
      std::vector<std::byte> noise(random.below(64));
      const std::size_t top =
          random.below(2) == 0 ? 256 : 3;  // small numbers pass for lengths, flags and indices
      for (std::byte& byte : noise) byte = static_cast<std::byte>(random.below(top));
      laws::decode_any<T>(noise);
    }
  });
}
