// region_iterators: how base ranks are walked. Compiled once on request.
#pragma once

#include <cstddef>
#include <span>

#include "viceroy/base/config.hpp"
#include "viceroy/space/dim.hpp"
#include "viceroy/space/region_iterator.hpp"

namespace viceroy {

VICEROY_DECL region_iterator::region_iterator(std::span<const dim> dims, const std::size_t* strides,
                                              std::size_t base_rank, std::size_t local_rank) noexcept
    : dims_(dims), strides_(strides), base_(base_rank), local_(local_rank) {}

VICEROY_DECL region_iterator& region_iterator::operator++() noexcept {
  std::size_t left = ++local_;
  for (std::size_t i = dims_.size(); i-- > 0;) {
    base_ += strides_[i];
    if (left % dims_[i].size() != 0) break;
    base_ -= strides_[i] * dims_[i].size();
    left /= dims_[i].size();
  }
  return *this;
}

}  // namespace viceroy
