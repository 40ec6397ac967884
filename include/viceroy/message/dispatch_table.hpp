// dispatch_table: from a 64-bit id to a dense index, through a table that is built at compile time.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace viceroy {

// Two positions of a list of ids that hold the same id.
struct equal_ids {
  std::size_t first = 0;
  std::size_t second = 0;
  bool found = false;
};

// Maps N ids to their positions: open addressing in at least twice as many slots, so that a look-up for any
// id, known or not, ends after a few steps. Ids are hashes already, and are used as such.
template <std::size_t N>
class dispatch_table {
 public:
  static constexpr std::size_t not_found = N;
  static constexpr std::size_t slot_count = std::bit_ceil(2 * N + 1);

  constexpr explicit dispatch_table(const std::array<std::uint64_t, N>& ids) {
    for (std::size_t i = 0; i != N; ++i) {
      std::size_t at = ids[i] & (slot_count - 1);
      while (slots_[at].used && slots_[at].id != ids[i]) at = (at + 1) & (slot_count - 1);
      if (!slots_[at].used) {
        slots_[at] = {ids[i], static_cast<std::uint32_t>(i), true};
      } else if (!equal_.found) {
        equal_ = {slots_[at].index, i, true};
      }
    }
  }

  // Returns: the position of an id in the list; the first, if it is there twice; not_found if it is not
  // there.
  constexpr std::size_t find(std::uint64_t id) const {
    for (std::size_t at = id & (slot_count - 1); slots_[at].used; at = (at + 1) & (slot_count - 1)) {
      if (slots_[at].id == id) return slots_[at].index;
    }
    return not_found;
  }

  // The first two ids that are the same: an error of the application, which knows whose they are.
  constexpr equal_ids duplicate() const { return equal_; }

 private:
  // `used` rather than a null of some kind: g++ 12 with UBSan takes comparing function pointers for no
  // constant.
  struct slot {
    std::uint64_t id = 0;
    std::uint32_t index = 0;
    bool used = false;
  };

  std::array<slot, slot_count> slots_{};
  equal_ids equal_{};
};

template <std::size_t N>
dispatch_table(const std::array<std::uint64_t, N>&) -> dispatch_table<N>;

}  // namespace viceroy
