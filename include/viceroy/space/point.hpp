// point: a coordinate in an extent, and its rank.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/space/assignments.hpp"
#include "viceroy/space/extent.hpp"

namespace viceroy {

// One place in an extent, `{replicas=1/2, gpus=3/8}`. It is its rank; the indices are computed when asked
// for. Default: the one place of unity.
class point {
 public:
  point() noexcept = default;

  // Errors: errc::bad_input beyond the extent's last rank.
  point(viceroy::extent within, std::size_t rank) : extent_(std::move(within)), rank_(rank) {
    if (rank_ >= extent_.ranks()) {
      throw error(errc::bad_input, "rank " + std::to_string(rank_) + " is outside " + extent_.text() +
                                       ", which has " + std::to_string(extent_.ranks()) + " ranks");
    }
  }

  std::size_t rank() const noexcept { return rank_; }
  const viceroy::extent& extent() const noexcept { return extent_; }

  // Returns the index along a dimension. Errors: errc::bad_input that names the label and the extent.
  std::size_t at(std::string_view label) const { return index(extent_.position(label)); }
  std::size_t operator[](std::string_view label) const { return at(label); }

  // Returns the indices in the order of the dimensions.
  std::vector<std::size_t> indices() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < extent_.dims().size(); ++i) out.push_back(index(i));
    return out;
  }

  // Writes every index with its dimension's size, so that `parse` reads back the extent too.
  std::string text() const {
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

  // Parses what `text` writes. Errors: errc::bad_input with what is wrong.
  static point parse(std::string_view text) {
    const auto parts = split_assignments(text);
    if (!parts) throw malformed(text);
    dim_list dims;
    std::vector<std::size_t> indices;
    for (const assignment& one : parts) {
      const auto slash = one.value.find('/');
      if (slash == one.value.npos) throw malformed(text);
      const auto index = parse_number(one.value.substr(0, slash));
      const auto size = parse_number(one.value.substr(slash + 1));
      if (!index || !size) throw malformed(text);
      dims.add(dim(one.label, *size));
      indices.push_back(*index);
    }
    auto within = viceroy::extent::of(dims.all());
    const std::size_t rank = within.rank_of(indices);
    return point(std::move(within), rank);
  }

  friend bool operator==(const point&, const point&) noexcept = default;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const point& p) {
    return out << p.text();
  }

 private:
  static error malformed(std::string_view text) {
    return error(errc::bad_input,
                 in_quotes(text) + " is not a point: expected {label=index/size, label=index/size}");
  }

  std::size_t index(std::size_t position) const noexcept {
    return rank_ / extent_.stride(position) % extent_.dims()[position].size();
  }

  viceroy::extent extent_{};
  std::size_t rank_ = 0;
};

inline point extent::point_of(std::size_t rank) const { return point(*this, rank); }

inline std::size_t extent::rank_of(const point& at) const {
  if (at.extent() == *this) return at.rank();
  throw error(errc::bad_input, at.text() + " is not a point of " + text());
}

}  // namespace viceroy

template <>
struct std::hash<viceroy::point> {
  std::size_t operator()(const viceroy::point& p) const noexcept {
    return viceroy::hash_number(p.rank(), std::hash<viceroy::extent>{}(p.extent()));
  }
};
