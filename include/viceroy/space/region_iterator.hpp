// region_iterator: walks the base ranks of a region in the order of the region's own ranks.
#pragma once

#include <cstddef>
#include <span>

#include "viceroy/base/config.hpp"
#include "viceroy/base/iterator_tags.hpp"
#include "viceroy/space/dim.hpp"

namespace viceroy {

// Yields base ranks. Valid as long as the region it came from. Cost: one addition and one division a step,
// mostly.
class region_iterator {
 public:
  using value_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = std::size_t;
  using pointer = void;
  using iterator_category = std::input_iterator_tag;  // values, not references
  using iterator_concept = std::forward_iterator_tag;

  region_iterator() noexcept = default;
  region_iterator(std::span<const dim> dims, const std::size_t* strides, std::size_t base_rank,
                  std::size_t local_rank) noexcept;

  std::size_t operator*() const noexcept { return base_; }

  region_iterator& operator++() noexcept;
  region_iterator operator++(int) noexcept {
    const region_iterator before = *this;
    ++*this;
    return before;
  }

  // Returns the rank within the region of what it points at.
  std::size_t local_rank() const noexcept { return local_; }

  // Compares places in one region.
  friend bool operator==(const region_iterator& a, const region_iterator& b) noexcept {
    return a.local_ == b.local_;
  }

 private:
  std::span<const dim> dims_{};
  const std::size_t* strides_ = nullptr;
  std::size_t base_ = 0;
  std::size_t local_ = 0;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/space/region_iterators.hpp"
#endif
