#include "viceroy/message/dispatch_table.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>

#include "viceroy/id/hash.hpp"

namespace {

using viceroy::dispatch_table;
using ids = std::uint64_t;

constexpr dispatch_table three(std::array<ids, 3>{7, 1u << 20, 7u + (1u << 10)});
static_assert(three.find(7) == 0 && three.find(1u << 20) == 1 && three.find(7u + (1u << 10)) == 2);
static_assert(three.find(8) == three.not_found && three.find(0) == three.not_found);
static_assert(!three.duplicate().found);

constexpr dispatch_table none(std::array<ids, 0>{});
static_assert(none.find(0) == none.not_found && none.find(~ids{0}) == none.not_found);

constexpr dispatch_table with_zero(std::array<ids, 2>{0, ~ids{0}});
static_assert(with_zero.find(0) == 0 && with_zero.find(~ids{0}) == 1 && with_zero.find(1) == 2);

constexpr dispatch_table twice(std::array<ids, 4>{5, 9, 3, 9});
static_assert(twice.duplicate().found && twice.duplicate().first == 1 && twice.duplicate().second == 3);
static_assert(twice.find(9) == 1);

// At most half of the slots are used, so that a search for an unknown id ends.
static_assert(dispatch_table<1>::slot_count >= 2 && dispatch_table<8>::slot_count >= 16);
static_assert(dispatch_table<500>::slot_count >= 1000 && dispatch_table<500>::slot_count <= 2048);

constexpr auto many = [] {
  std::array<ids, 500> result{};
  for (ids i = 0; i != result.size(); ++i) result[i] = viceroy::hash_number(i) | ids{1} << 63;
  return result;
}();
constexpr dispatch_table large(many);
static_assert(!large.duplicate().found && large.find(many[499]) == 499);

}  // namespace

TEST_CASE("every id leads to its position, and no other does") {
  for (std::size_t i = 0; i != many.size(); ++i) CHECK(large.find(many[i]) == i);
  for (ids i = 1; i != 1000; ++i) CHECK(large.find(i) == large.not_found);
}

TEST_CASE("ids that all want the same slot are still told apart") {
  std::array<ids, 64> same_slot{};
  for (ids i = 0; i != same_slot.size(); ++i) same_slot[i] = i << 32;
  const dispatch_table table(same_slot);
  for (std::size_t i = 0; i != same_slot.size(); ++i) CHECK(table.find(same_slot[i]) == i);
  CHECK(table.find(ids{64} << 32) == table.not_found);
}
