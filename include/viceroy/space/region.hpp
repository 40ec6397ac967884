// region: a strided part of an extent; what slicing a mesh leaves.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/limits.hpp"
#include "viceroy/space/extent.hpp"
#include "viceroy/space/range.hpp"
#include "viceroy/space/region_iterator.hpp"

namespace viceroy {

// A part of a base extent: of each dimension one index, which drops the dimension, or every step-th of a
// range. Its own ranks are numbered row by row over its own extent; offset and strides lead from there to
// ranks of the base. One region has one representation, so equal regions compare equal however they were cut.
// Default: all of unity.
class region {
 public:
  region() noexcept = default;
  region(viceroy::extent base);

  // Rebuilds a region from the parts that a peer sent: the kept dimensions in the base's order, one stride
  // for each. Errors: errc::bad_input for whatever slicing could not have made.
  static region of(viceroy::extent base, viceroy::extent kept, std::size_t offset,
                   std::span<const std::size_t> strides);

  const viceroy::extent& base() const noexcept { return base_; }
  const viceroy::extent& extent() const noexcept { return extent_; }
  std::size_t ranks() const noexcept { return extent_.ranks(); }

  // Returns the base rank of its first rank.
  std::size_t offset() const noexcept { return offset_; }
  std::vector<std::size_t> sizes() const;

  // Returns, for each dimension of `extent()`, how many base ranks apart neighbours are.
  std::span<const std::size_t> strides() const noexcept;

  bool is_whole() const noexcept;

  // Keeps one index of a dimension, and drops the dimension.
  // Errors: errc::bad_input that names the label, its size here and the index.
  template <std::integral Index>
  [[nodiscard]] region slice(std::string_view label, Index index) const {
    const std::size_t at = extent_.position(label);
    return without(at, viceroy::extent::inside(kept(at), index));
  }
  // Keeps the indices of a range, and the dimension. Errors: as above, with the range.
  [[nodiscard]] region slice(std::string_view label, range part) const;

  // Returns the rank in the base of a rank of this region. Errors: errc::bad_input beyond the last rank.
  std::size_t base_rank(std::size_t local_rank) const;

  // Returns the rank in this region of a rank of the base, or nothing if that is not part of it.
  std::optional<std::size_t> local_rank_of(std::size_t base_rank) const noexcept;

  bool contains(std::size_t base_rank) const noexcept;

  region_iterator begin() const noexcept;
  region_iterator end() const noexcept;

  // Writes the part of every base dimension with its size, `{hosts=1/2, gpus=0:7:2/8}`; `parse` reads it
  // back.
  std::string text() const;

  // Parses what `text` writes. Errors: errc::bad_input with what is wrong.
  static region parse(std::string_view text);

  friend bool operator==(const region&, const region&) noexcept = default;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const region& r) {
    return out << r.text();
  }

 private:
  const dim& kept(std::size_t position) const noexcept;
  // Returns: one index of the dimension at `position`, without the dimension.
  [[nodiscard]] region without(std::size_t position, std::size_t index) const;
  // Says whether `d` of the base is this region's dimension number `kept`.
  bool keeps(std::size_t kept, const dim& d) const noexcept;

  viceroy::extent base_{};
  viceroy::extent extent_{};
  std::size_t offset_ = 0;
  std::array<std::size_t, limit::dimensions> strides_{};
};

}  // namespace viceroy

template <>
struct std::hash<viceroy::region> {
  std::size_t operator()(const viceroy::region& r) const noexcept;
};

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/space/regions.hpp"
#endif
