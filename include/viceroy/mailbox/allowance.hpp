// allowance: how much memory may still wait in a mailbox, so that a send asks and takes in one subtraction.
#pragma once

#include <cstdint>

#include "viceroy/mailbox/pool.hpp"

namespace viceroy {

// Counts down in granules of the pool, from a bound that stays what it was at the beginning. Threads: its
// mailbox's loop's.
class allowance {
 public:
  using granules = std::uint32_t;

  // Rounds up to a granule; 32 GiB at most.
  explicit allowance(std::uint64_t bytes)
      : most_(
            static_cast<granules>(granules_in(bytes) < most_granules ? granules_in(bytes) : most_granules)) {}

  // Takes them, left or not. Returns: whether they were left; who minds gives them back, apart, since that
  // lets both be two instructions.
  [[gnu::always_inline]] bool take(granules n) { return (left_ -= static_cast<std::int32_t>(n)) >= 0; }
  void give(granules n) { left_ += static_cast<std::int32_t>(n); }

  // From now on take() finds nothing left, so that each sender has to ask further; or as before.
  void withhold(bool on) {
    if (on == withheld()) return;
    most_ ^= withheld_bit;
    left_ += static_cast<std::int32_t>(on ? -std::int64_t{most_granules} : std::int64_t{most_granules});
  }
  bool withheld() const { return (most_ & withheld_bit) != 0; }

  // How many would be left if nothing were withheld.
  granules left() const { return taken() < most() ? most() - taken() : 0; }
  // Whether these would be left if nothing were withheld.
  bool has(granules n) const { return taken() + n <= most(); }
  bool untouched() const { return taken() == 0; }
  std::uint64_t taken_bytes() const { return std::uint64_t{taken()} * pool::granule; }
  std::uint64_t most_bytes() const { return std::uint64_t{most()} * pool::granule; }

 private:
  static constexpr std::uint64_t most_granules = std::uint64_t{1} << 30;
  static constexpr std::uint64_t granules_in(std::uint64_t bytes) {
    return bytes / pool::granule + (bytes % pool::granule != 0 ? 1 : 0);
  }
  static constexpr granules withheld_bit = granules{1} << 31;
  granules most() const { return most_ & ~withheld_bit; }
  granules taken() const {
    return most() - static_cast<granules>(left_) - (withheld() ? granules{most_granules} : 0);
  }

  granules most_;
  std::int32_t left_ = static_cast<std::int32_t>(most_);
};

}  // namespace viceroy
