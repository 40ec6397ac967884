// regions: how a region is cut, written and read. Compiled once on request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/space/assignments.hpp"
#include "viceroy/space/extent.hpp"
#include "viceroy/space/point.hpp"
#include "viceroy/space/range.hpp"
#include "viceroy/space/region.hpp"

namespace viceroy {

namespace detail {

inline error no_region(std::string_view text) {
  return error(errc::bad_input, in_quotes(text) + " is not a region: expected {label=index/size, " +
                                    "label=begin:end:step/size}, with the least end and no step of 1");
}

}  // namespace detail

VICEROY_DECL region::region(viceroy::extent base) : base_(std::move(base)), extent_(base_) {
  for (std::size_t i = 0; i < base_.dims().size(); ++i) strides_[i] = base_.stride(i);
}

VICEROY_DECL region region::of(viceroy::extent base, viceroy::extent kept, std::size_t offset,
                               std::span<const std::size_t> strides) {
  if (strides.size() != kept.dims().size()) {
    throw error(errc::bad_input, "a region of " + kept.text() + " has one stride for each dimension, and " +
                                     std::to_string(strides.size()) + " were given");
  }
  const point start(base, offset);
  region out(std::move(base));
  std::size_t next = 0;
  for (const dim& d : out.base().dims()) {
    const std::string_view name = d.label().text();
    const std::size_t first = start.at(name);
    if (next == kept.dims().size() || kept.dims()[next].label() != d.label()) {
      out = out.slice(name, first);
      continue;
    }
    const std::size_t count = kept.dims()[next].size();
    const std::size_t unit = out.base_.stride(out.base_.position(name));
    const std::size_t step = strides[next] / unit;
    const std::size_t room = d.size() - first - 1;
    if (step == 0 || strides[next] % unit != 0 || count - 1 > room / step || (count == 1 && step != 1)) {
      throw error(errc::bad_input, "stride " + std::to_string(strides[next]) + " does not lead to " +
                                       std::to_string(count) + " indices of dimension " + in_quotes(name) +
                                       " in " + out.base_.text());
    }
    out = out.slice(name, range(first, first + (count - 1) * step + 1, step));
    ++next;
  }
  if (next == kept.dims().size()) return out;
  throw error(errc::bad_input, kept.text() + " is no part of " + out.base_.text() +
                                   ": its dimensions are not the base's, in the base's order");
}

VICEROY_DECL region region::without(std::size_t position, std::size_t index) const {
  region out = *this;
  out.offset_ += index * strides_[position];
  for (std::size_t i = position + 1; i < strides_.size(); ++i) out.strides_[i - 1] = strides_[i];
  out.strides_.back() = 0;
  dim_list dims(extent_.dims());
  dims.remove(position);
  out.extent_ = viceroy::extent::of(dims.all());
  return out;
}

VICEROY_DECL region region::slice(std::string_view label, range part) const {
  const std::size_t at = extent_.position(label);
  const dim& d = extent_.dims()[at];
  if (part.end() > d.size()) {
    throw error(errc::bad_input, "range " + part.text() + " is outside dimension " + in_quotes(label) +
                                     ", which has size " + std::to_string(d.size()));
  }
  region out = *this;
  out.offset_ += part.begin() * strides_[at];
  // A dimension of one place has no neighbours: its stride is the base's, so that equal regions look alike.
  out.strides_[at] = part.count() == 1 ? base_.stride(base_.position(label)) : strides_[at] * part.step();
  dim_list dims(extent_.dims());
  dims[at] = dim(d.label(), part.count());
  out.extent_ = viceroy::extent::of(dims.all());
  return out;
}

VICEROY_DECL std::size_t region::base_rank(std::size_t local_rank) const {
  if (local_rank >= ranks()) {
    throw error(errc::bad_input, "rank " + std::to_string(local_rank) + " is outside region " + text() +
                                     ", which has " + std::to_string(ranks()) + " ranks");
  }
  std::size_t out = offset_;
  const auto dims = extent_.dims();
  for (std::size_t i = dims.size(); i-- > 0; local_rank /= dims[i].size()) {
    out += local_rank % dims[i].size() * strides_[i];
  }
  return out;
}

VICEROY_DECL std::optional<std::size_t> region::local_rank_of(std::size_t base_rank) const noexcept {
  if (base_rank < offset_ || base_rank >= base_.ranks()) return std::nullopt;
  // Per dimension of the base: below, the kept one's index is the distance from the offset, in steps.
  std::size_t local = 0;
  std::size_t kept = 0;
  std::size_t unit = base_.ranks();
  for (const dim& d : base_.dims()) {
    unit /= d.size();
    const std::size_t index = base_rank / unit % d.size();
    const std::size_t first = offset_ / unit % d.size();
    if (!keeps(kept, d)) {
      if (index != first) return std::nullopt;
      continue;
    }
    const dim& mine = extent_.dims()[kept];
    const std::size_t step = strides_[kept] / unit;
    if (index < first || (index - first) % step != 0 || (index - first) / step >= mine.size())
      return std::nullopt;
    local = local * mine.size() + (index - first) / step;
    ++kept;
  }
  return local;
}

VICEROY_DECL std::string region::text() const {
  std::string out = "{";
  std::size_t kept = 0;
  std::size_t unit = base_.ranks();
  for (const dim& d : base_.dims()) {
    unit /= d.size();
    append_assignment(out, d.label().text());
    const std::size_t first = offset_ / unit % d.size();
    if (keeps(kept, d)) {
      const std::size_t step = strides_[kept] / unit;
      out += range(first, first + (extent_.dims()[kept].size() - 1) * step + 1, step).text();
      ++kept;
    } else {
      append_number(out, first);
    }
    out += '/';
    append_number(out, d.size());
  }
  return out += '}';
}

VICEROY_DECL region region::parse(std::string_view text) {
  const auto parts = split_assignments(text);
  if (!parts) throw detail::no_region(text);
  dim_list dims;
  for (const assignment& one : parts) {
    const auto slash = one.value.find('/');
    if (slash == one.value.npos) throw detail::no_region(text);
    const auto size = parse_number(one.value.substr(slash + 1));
    if (!size) throw detail::no_region(text);
    dims.add(dim(one.label, *size));
  }
  region out(viceroy::extent::of(dims.all()));
  for (const assignment& one : parts) {
    std::array<std::size_t, 3> numbers{0, 0, 1};
    std::size_t count = 0;
    std::string_view left = one.value.substr(0, one.value.find('/'));
    for (bool more = true; more; ++count) {
      const auto colon = left.find(':');
      const auto number = parse_number(left.substr(0, colon));
      if (!number || count == numbers.size()) throw detail::no_region(text);
      numbers[count] = *number;
      more = colon != left.npos;
      if (more) left = left.substr(colon + 1);
    }
    out = count == 1 ? out.slice(one.label, numbers[0])
                     : out.slice(one.label, range(numbers[0], numbers[1], numbers[2]));
  }
  if (out.text() != text) throw detail::no_region(text);  // another spelling of the same region
  return out;
}

VICEROY_DECL bool region::keeps(std::size_t kept, const dim& d) const noexcept {
  return kept < extent_.dims().size() && extent_.dims()[kept].label() == d.label();
}

VICEROY_DECL const dim& region::kept(std::size_t position) const noexcept { return extent_.dims()[position]; }

VICEROY_DECL std::vector<std::size_t> region::sizes() const { return extent_.sizes(); }

VICEROY_DECL std::span<const std::size_t> region::strides() const noexcept {
  return {strides_.data(), extent_.dims().size()};
}

VICEROY_DECL bool region::is_whole() const noexcept { return ranks() == base_.ranks() && extent_ == base_; }

VICEROY_DECL bool region::contains(std::size_t base_rank) const noexcept {
  return local_rank_of(base_rank).has_value();
}

VICEROY_DECL region_iterator region::begin() const noexcept {
  return {extent_.dims(), strides_.data(), offset_, 0};
}
VICEROY_DECL region_iterator region::end() const noexcept {
  return {extent_.dims(), strides_.data(), offset_, ranks()};
}

}  // namespace viceroy

VICEROY_DECL std::size_t std::hash<viceroy::region>::operator()(const viceroy::region& r) const noexcept {
  std::uint64_t out = std::hash<viceroy::extent>{}(r.base()) ^ std::hash<viceroy::extent>{}(r.extent());
  out = viceroy::hash_number(r.offset(), out);
  for (const std::size_t stride : r.strides()) out = viceroy::hash_number(stride, out);
  return out;
}
