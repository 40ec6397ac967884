// extents: how an extent is made, written and read. Compiled once on request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/space/assignments.hpp"
#include "viceroy/space/extent.hpp"

namespace viceroy {

namespace detail {

inline error no_extent(std::string_view text) {
  return error(errc::bad_input, in_quotes(text) +
                                    " is not an extent: expected {label=size, label=size} with at most " +
                                    std::to_string(limit::dimensions) + " dimensions");
}

}  // namespace detail

VICEROY_DECL extent extent::parse(std::string_view text) {
  const auto parts = split_assignments(text);
  if (!parts) throw detail::no_extent(text);
  dim_list dims;
  for (const assignment& one : parts) {
    const auto size = parse_number(one.value);
    if (!size) throw detail::no_extent(text);
    dims.add(dim(one.label, *size));
  }
  return of(dims.all());
}

VICEROY_DECL void extent::check_ranks() const {
  if (ranks() > limit::ranks)
    throw error(errc::bad_input, text() + " has " + std::to_string(ranks()) +
                                     " ranks, and a mesh or an allocation has at most " +
                                     std::to_string(limit::ranks));
}

VICEROY_DECL std::string extent::text_of(std::span<const dim> dims) {
  std::string out = "{";
  for (const dim& d : dims) {
    append_assignment(out, d.label().text());
    append_number(out, d.size());
  }
  return out += '}';
}

VICEROY_DECL shared<const extent::record> extent::record_of(const dim* first, std::size_t count) {
  const std::span dims(first, count);
  if (dims.size() > limit::dimensions) {
    throw error(errc::bad_input, std::to_string(dims.size()) +
                                     " dimensions are too many for an extent, which has at most " +
                                     std::to_string(limit::dimensions));
  }
  std::size_t ranks = 1;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (dims[i].label() == dims[j].label()) {
        throw error(errc::bad_input,
                    "dimension " + in_quotes(dims[i].label().text()) + " is twice in " + text_of(dims));
      }
    }
    if (__builtin_mul_overflow(ranks, dims[i].size(), &ranks)) {
      throw error(errc::bad_input, text_of(dims) + " has more ranks than a 64-bit number can count");
    }
  }
  return shared<const record>(new record(dim_list(dims), ranks));
}

VICEROY_DECL extent extent::of(std::span<const dim> dims) {
  extent out;
  if (!dims.empty()) out.record_ = record_of(dims.data(), dims.size());
  return out;
}

VICEROY_DECL std::vector<std::size_t> extent::sizes() const {
  std::vector<std::size_t> out;
  for (const dim& d : dims()) out.push_back(d.size());
  return out;
}

VICEROY_DECL std::optional<std::size_t> extent::find(std::string_view label) const noexcept {
  const auto all = dims();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].label().text() == label) return i;
  }
  return std::nullopt;
}

VICEROY_DECL std::size_t extent::position(std::string_view label) const {
  if (const auto found = find(label)) return *found;
  throw error(errc::bad_input, "there is no dimension " + in_quotes(label) + " in " + text());
}

VICEROY_DECL std::size_t extent::rank_of(std::span<const std::size_t> indices) const {
  const auto all = dims();
  if (indices.size() != all.size()) {
    throw error(errc::bad_input, std::to_string(indices.size()) + " indices are no coordinate in " + text() +
                                     ", which has " + std::to_string(all.size()) + " dimensions");
  }
  std::size_t rank = 0;
  for (std::size_t i = 0; i < all.size(); ++i) rank = rank * all[i].size() + inside(all[i], indices[i]);
  return rank;
}

VICEROY_DECL extent extent::concat(const extent& inner) const {
  dim_list all(dims());
  for (const dim& d : inner.dims()) {
    if (find(d.label().text())) {
      throw error(errc::bad_input, "dimension " + in_quotes(d.label().text()) + " is in " + text() +
                                       " and again in " + inner.text() +
                                       ", and labels differ within an extent");
    }
    all.add(d);
  }
  return of(all.all());
}

VICEROY_DECL bool extent::equals(const extent& other) const noexcept {
  if (record_ == other.record_) return true;
  const auto mine = dims(), theirs = other.dims();
  if (mine.size() != theirs.size()) return false;
  for (std::size_t i = 0; i < mine.size(); ++i) {
    if (mine[i] != theirs[i]) return false;
  }
  return true;
}

VICEROY_DECL void extent::outside(const dim& d, const char* sign, std::uintmax_t index) {
  throw error(errc::bad_input, "index " + (sign + std::to_string(index)) + " is outside dimension " +
                                   in_quotes(d.label().text()) + ", which has size " +
                                   std::to_string(d.size()));
}

VICEROY_DECL std::span<const dim> extent::dims() const noexcept {
  return !record_ ? std::span<const dim>{} : record_->dims.all();
}

VICEROY_DECL std::size_t extent::size(std::string_view label) const { return dims()[position(label)].size(); }

VICEROY_DECL std::size_t extent::stride(std::size_t position) const noexcept {
  std::size_t out = 1;
  for (const dim& d : dims().subspan(position + 1)) out *= d.size();
  return out;
}

}  // namespace viceroy

VICEROY_DECL std::size_t std::hash<viceroy::extent>::operator()(const viceroy::extent& e) const noexcept {
  std::uint64_t out = e.ranks();
  for (const viceroy::dim& d : e.dims()) out = viceroy::hash_number(d.size() ^ d.label().hash(), out);
  return out;
}
