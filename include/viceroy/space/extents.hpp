// extents: how an extent is made, written and read. Compiled once on request.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
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

VICEROY_DECL std::string extent::text_of(std::span<const dim> dims) {
  std::string out = "{";
  for (const dim& d : dims) {
    append_assignment(out, d.label().text());
    append_number(out, d.size());
  }
  return out += '}';
}

VICEROY_DECL shared<const extent::record> extent::record_of(std::span<const dim> dims) {
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
  return shared<const record>(new record(dims, ranks));
}

}  // namespace viceroy
