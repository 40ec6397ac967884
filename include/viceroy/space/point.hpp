// point: a coordinate in an extent, and its rank.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/id/hash.hpp"
#include "viceroy/space/extent.hpp"

namespace viceroy {

// One place in an extent, `{replicas=1/2, gpus=3/8}`. It is its rank; the indices are computed when asked
// for. Default: the one place of unity.
class point {
 public:
  point() noexcept = default;

  // Errors: errc::bad_input beyond the extent's last rank.
  point(viceroy::extent within, std::size_t rank);

  std::size_t rank() const noexcept { return rank_; }
  const viceroy::extent& extent() const noexcept { return extent_; }

  // Returns the index along a dimension. Errors: errc::bad_input that names the label and the extent.
  std::size_t at(std::string_view label) const { return index(extent_.position(label)); }
  std::size_t operator[](std::string_view label) const { return at(label); }

  // Returns the indices in the order of the dimensions.
  std::vector<std::size_t> indices() const;

  // Writes every index with its dimension's size, so that `parse` reads back the extent too.
  std::string text() const;

  // Parses what `text` writes. Errors: errc::bad_input with what is wrong.
  static point parse(std::string_view text);

  friend bool operator==(const point&, const point&) noexcept = default;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const point& p) {
    return out << p.text();
  }

 private:
  std::size_t index(std::size_t position) const noexcept;

  viceroy::extent extent_{};
  std::size_t rank_ = 0;
};

}  // namespace viceroy

template <>
struct std::hash<viceroy::point> {
  std::size_t operator()(const viceroy::point& p) const noexcept {
    return viceroy::hash_number(p.rank(), std::hash<viceroy::extent>{}(p.extent()));
  }
};

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/space/points.hpp"
#endif
