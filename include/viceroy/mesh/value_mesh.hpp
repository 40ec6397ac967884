// value_mesh: one value per rank of a mesh: what a call of many answers with.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/space/extent.hpp"
#include "viceroy/space/point.hpp"

namespace viceroy {

// The values of all ranks of an extent, in the order of ranks. A value: copied and moved with its content.
template <class T>
class value_mesh {
 public:
  using value_type = T;

  // Errors: bad_input when there is not exactly one value per rank.
  value_mesh(viceroy::extent shape, std::vector<T> values)
      : extent_(std::move(shape)), values_(std::move(values)) {
    if (values_.size() != extent_.ranks())
      throw error(errc::bad_input, std::to_string(values_.size()) + " values are not one for each rank of " +
                                       extent_.text() + ", which has " + std::to_string(extent_.ranks()));
  }

  const viceroy::extent& extent() const noexcept { return extent_; }
  std::size_t size() const noexcept { return values_.size(); }

  // Returns: the value of a rank, which must be below size().
  decltype(auto) operator[](std::size_t rank) const { return values_[rank]; }
  // Returns: the value at a coordinate. Errors: bad_input for a point of another extent.
  decltype(auto) at(const point& where) const { return values_[extent_.rank_of(where)]; }

  // Returns: the values by rank; of an rvalue, moved out.
  const std::vector<T>& values() const& noexcept { return values_; }
  std::vector<T> values() && { return std::move(values_); }

  auto begin() const noexcept { return values_.begin(); }
  auto end() const noexcept { return values_.end(); }

  friend bool operator==(const value_mesh&, const value_mesh&) = default;

 private:
  viceroy::extent extent_;
  std::vector<T> values_;
};

}  // namespace viceroy
