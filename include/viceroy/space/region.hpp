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
#include <utility>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/id/text.hpp"
#include "viceroy/space/assignments.hpp"
#include "viceroy/space/extent.hpp"
#include "viceroy/space/point.hpp"
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
  region(viceroy::extent base) : base_(std::move(base)), extent_(base_) {
    for (std::size_t i = 0; i < base_.dims().size(); ++i) strides_[i] = base_.stride(i);
  }

  // Rebuilds a region from the parts that a peer sent: the kept dimensions in the base's order, one stride
  // for each. Errors: errc::bad_input for whatever slicing could not have made.
  static region of(viceroy::extent base, viceroy::extent kept, std::size_t offset,
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

  const viceroy::extent& base() const noexcept { return base_; }
  const viceroy::extent& extent() const noexcept { return extent_; }
  std::size_t ranks() const noexcept { return extent_.ranks(); }

  // Returns the base rank of its first rank.
  std::size_t offset() const noexcept { return offset_; }
  std::vector<std::size_t> sizes() const { return extent_.sizes(); }

  // Returns, for each dimension of `extent()`, how many base ranks apart neighbours are.
  std::span<const std::size_t> strides() const noexcept { return {strides_.data(), extent_.dims().size()}; }

  bool is_whole() const noexcept { return ranks() == base_.ranks() && extent_ == base_; }

  // Keeps one index of a dimension, and drops the dimension.
  // Errors: errc::bad_input that names the label, its size here and the index.
  template <std::integral Index>
  region slice(std::string_view label, Index index) const {
    const std::size_t at = extent_.position(label);
    const dim& d = extent_.dims()[at];
    const std::size_t i = viceroy::extent::inside(d, index);
    region out = *this;
    out.offset_ += i * strides_[at];
    std::move(out.strides_.begin() + static_cast<std::ptrdiff_t>(at) + 1, out.strides_.end(),
              out.strides_.begin() + static_cast<std::ptrdiff_t>(at));
    out.strides_.back() = 0;
    dim_list dims(extent_.dims());
    dims.remove(at);
    out.extent_ = viceroy::extent::of(dims.all());
    return out;
  }
  // Keeps the indices of a range, and the dimension. Errors: as above, with the range.
  region slice(std::string_view label, range part) const {
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

  // Returns the rank in the base of a rank of this region. Errors: errc::bad_input beyond the last rank.
  std::size_t base_rank(std::size_t local_rank) const {
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

  // Returns the rank in this region of a rank of the base, or nothing if that is not part of it.
  std::optional<std::size_t> local_rank_of(std::size_t base_rank) const noexcept {
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

  bool contains(std::size_t base_rank) const noexcept { return local_rank_of(base_rank).has_value(); }

  region_iterator begin() const noexcept { return {extent_.dims(), strides_.data(), offset_, 0}; }
  region_iterator end() const noexcept { return {extent_.dims(), strides_.data(), offset_, ranks()}; }

  // Writes the part of every base dimension with its size, `{hosts=1/2, gpus=0:7:2/8}`; `parse` reads it
  // back.
  std::string text() const {
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

  // Parses what `text` writes. Errors: errc::bad_input with what is wrong.
  static region parse(std::string_view text) {
    const auto parts = split_assignments(text);
    if (!parts) throw malformed(text);
    dim_list dims;
    for (const assignment& one : parts) {
      const auto slash = one.value.find('/');
      if (slash == one.value.npos) throw malformed(text);
      const auto size = parse_number(one.value.substr(slash + 1));
      if (!size) throw malformed(text);
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
        if (!number || count == numbers.size()) throw malformed(text);
        numbers[count] = *number;
        more = colon != left.npos;
        if (more) left = left.substr(colon + 1);
      }
      out = count == 1 ? out.slice(one.label, numbers[0])
                       : out.slice(one.label, range(numbers[0], numbers[1], numbers[2]));
    }
    if (out.text() != text) throw malformed(text);  // another spelling of the same region
    return out;
  }

  friend bool operator==(const region&, const region&) noexcept = default;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const region& r) {
    return out << r.text();
  }

 private:
  static error malformed(std::string_view text) {
    return error(errc::bad_input, in_quotes(text) + " is not a region: expected {label=index/size, " +
                                      "label=begin:end:step/size}, with the least end and no step of 1");
  }

  // Says whether `d` of the base is this region's dimension number `kept`.
  bool keeps(std::size_t kept, const dim& d) const noexcept {
    return kept < extent_.dims().size() && extent_.dims()[kept].label() == d.label();
  }

  viceroy::extent base_{};
  viceroy::extent extent_{};
  std::size_t offset_ = 0;
  std::array<std::size_t, limit::dimensions> strides_{};
};

}  // namespace viceroy

template <>
struct std::hash<viceroy::region> {
  std::size_t operator()(const viceroy::region& r) const noexcept {
    std::uint64_t out = std::hash<viceroy::extent>{}(r.base()) ^ std::hash<viceroy::extent>{}(r.extent());
    out = viceroy::hash_number(r.offset(), out);
    for (const std::size_t stride : r.strides()) out = viceroy::hash_number(stride, out);
    return out;
  }
};
