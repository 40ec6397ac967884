// free_slots: which places of a table are free; the lowest is taken first.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "viceroy/base/series.hpp"

namespace viceroy {

// A set of numbers: a bit for each, and for each word of bits one above that says whether it has any. However
// they come back, they are taken in their order: so who begin together stand together. Threads: one. Cost: a
// dozen instructions; for each 64th a step for each factor of 64 in how many there are; an eighth of a byte
// each.
class free_slots {
 public:
  // Makes room for the numbers below `count`, after which add() allocates nothing.
  void reserve(std::size_t count) {
    if (count > room_) extend(count);
  }
  bool empty() const { return lowest_ == none; }
  void add(std::uint32_t n) noexcept {
    std::uint64_t& word = words_[0][n / bits];
    const bool known = word != 0;
    word |= std::uint64_t{1} << n % bits;
    if (!known) note(n / bits);
  }
  // Returns: the lowest number of a set that is not empty, which is then not in it.
  std::uint32_t take() noexcept {
    std::uint64_t& word = words_[0][lowest_];
    const std::uint32_t n = lowest_ * bits + static_cast<std::uint32_t>(std::countr_zero(word));
    word &= word - 1;
    if (word == 0) look_further();
    return n;
  }

 private:
  static constexpr std::uint32_t bits = 64, none = 0xffffffff;
  static constexpr std::size_t levels = 6;  // 64 to the power of 6: more than there are numbers

  // A word of the lowest level has something now.
  void note(std::uint32_t n) noexcept {
    if (n < lowest_) lowest_ = n;
    for (std::size_t level = 1; level < depth_; ++level, n /= bits) {
      std::uint64_t& word = words_[level][n / bits];
      const bool known = word != 0;
      word |= std::uint64_t{1} << n % bits;
      if (known) return;
    }
  }
  // The lowest one has nothing any more.
  void look_further() noexcept {
    std::uint32_t n = lowest_;
    for (std::size_t level = 1; level < depth_; ++level) {
      std::uint64_t& word = words_[level][n / bits];
      word &= word - 1;  // the lowest on every level
      n /= bits;
      if (word != 0) break;
    }
    lowest_ = none;
    if (words_[depth_ - 1][0] == 0) return;
    lowest_ = 0;
    for (std::size_t level = depth_; level != 1; --level)
      lowest_ = lowest_ * bits + static_cast<std::uint32_t>(std::countr_zero(words_[level - 1][lowest_]));
  }
  // May fail half-way, and is then done again: until it is done no number needs what it adds.
  void extend(std::size_t count) {
    const std::size_t wanted = (count + bits - 1) / bits * bits;
    for (std::size_t level = 0; level != levels; ++level) {
      count = (count + bits - 1) / bits;
      while (words_[level].size() < count) words_[level].push_back(0);
      if (level >= depth_) {  // above what was the only word of the top
        if (level != 0 && words_[level - 1][0] != 0) words_[level][0] = 1;
        depth_ = level + 1;
      }
      if (count == 1) break;
    }
    room_ = wanted;
  }

  series<std::uint64_t> words_[levels];
  std::size_t room_ = 0;  // numbers below it have their bits on every level
  std::size_t depth_ = 0;
  std::uint32_t lowest_ = none;  // word of the lowest level that has any
};

}  // namespace viceroy
