// points: how a point is made, written and read. Compiled once on request.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/space/assignments.hpp"
#include "viceroy/space/dim.hpp"
#include "viceroy/space/extent.hpp"
#include "viceroy/space/point.hpp"

namespace viceroy {

namespace detail {

inline error no_point(std::string_view text) {
  return error(errc::bad_input,
               in_quotes(text) + " is not a point: expected {label=index/size, label=index/size}");
}

}  // namespace detail

VICEROY_DECL point::point(viceroy::extent within, std::size_t rank)
    : extent_(std::move(within)), rank_(rank) {
  if (rank_ >= extent_.ranks()) {
    throw error(errc::bad_input, "rank " + std::to_string(rank_) + " is outside " + extent_.text() +
                                     ", which has " + std::to_string(extent_.ranks()) + " ranks");
  }
}

VICEROY_DECL std::vector<std::size_t> point::indices() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < extent_.dims().size(); ++i) out.push_back(index(i));
  return out;
}

VICEROY_DECL std::string point::text() const {
  std::string out = "{";
  const auto dims = extent_.dims();
  for (std::size_t i = 0; i < dims.size(); ++i) {
    append_assignment(out, dims[i].label().text());
    append_number(out, index(i));
    out += '/';
    append_number(out, dims[i].size());
  }
  return out += '}';
}

VICEROY_DECL point point::parse(std::string_view text) {
  const auto parts = split_assignments(text);
  if (!parts) throw detail::no_point(text);
  dim_list dims;
  std::vector<std::size_t> indices;
  for (const assignment& one : parts) {
    const auto slash = one.value.find('/');
    if (slash == one.value.npos) throw detail::no_point(text);
    const auto index = parse_number(one.value.substr(0, slash));
    const auto size = parse_number(one.value.substr(slash + 1));
    if (!index || !size) throw detail::no_point(text);
    dims.add(dim(one.label, *size));
    indices.push_back(*index);
  }
  auto within = viceroy::extent::of(dims.all());
  const std::size_t rank = within.rank_of({indices.data(), indices.size()});
  return point(std::move(within), rank);
}

VICEROY_DECL point extent::point_of(std::size_t rank) const { return point(*this, rank); }

VICEROY_DECL std::size_t extent::rank_of(const point& at) const {
  if (at.extent() == *this) return at.rank();
  throw error(errc::bad_input, at.text() + " is not a point of " + text());
}

VICEROY_DECL std::size_t point::index(std::size_t position) const noexcept {
  return rank_ / extent_.stride(position) % extent_.dims()[position].size();
}

}  // namespace viceroy
