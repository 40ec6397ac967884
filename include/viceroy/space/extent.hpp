// extent: named dimensions, and with them the numbering of ranks.
#pragma once

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

#include "viceroy/base/limits.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/space/dim.hpp"

namespace viceroy {

class point;

// The shape of a mesh, `{replicas=2, gpus=8}`: its ranks are numbered row by row, the last dimension fastest.
// Immutable; copies share the dimensions. Default: unity, no dimension and one rank.
class extent {
 public:
  extent() noexcept = default;

  // Errors: errc::bad_input for a label twice, more than limit::dimensions, or more ranks than 64 bits count.
  template <std::same_as<dim>... Dims>
  extent(dim first, Dims... rest) {
    const dim all[] = {first, rest...};
    record_ = record_of(all, 1 + sizeof...(Dims));
  }

  // Makes an extent of any number of dimensions. Errors: as above.
  static extent of(std::span<const dim> dims);

  static extent unity() noexcept { return {}; }

  std::span<const dim> dims() const noexcept;
  std::size_t ranks() const noexcept { return !record_ ? 1 : record_->ranks; }
  // Errors: bad_input where there are more than limit::ranks, which no mesh and no allocation has.
  void check_ranks() const;

  // (A template: files that do not call it compile no vector of labels.)
  template <class Label = label>
  std::vector<Label> labels() const {
    std::vector<Label> out;
    for (const dim& d : dims()) out.push_back(d.label());
    return out;
  }
  std::vector<std::size_t> sizes() const;

  // Returns the position of a dimension, or nothing.
  std::optional<std::size_t> find(std::string_view label) const noexcept;

  // Returns the position of a dimension. Errors: errc::bad_input that names the label and the extent.
  std::size_t position(std::string_view label) const;

  // Returns the size of a dimension. Errors: as `position`.
  std::size_t size(std::string_view label) const;

  // Returns how many ranks lie between two neighbours along the dimension at `position`.
  std::size_t stride(std::size_t position) const noexcept;

  // Appends the dimensions of `inner`: each rank of this extent becomes all ranks of that one.
  // Errors: errc::bad_input for a label in both, and as the constructor.
  [[nodiscard]] extent concat(const extent& inner) const;

  // Returns the coordinate of a rank. Errors: errc::bad_input beyond the last rank. (Defined in point.hpp.)
  point point_of(std::size_t rank) const;

  // Returns the rank of a coordinate of an equal extent. Errors: errc::bad_input for another extent's. (In
  // point.hpp.)
  std::size_t rank_of(const point& at) const;

  // Returns the rank of one index per dimension. Errors: errc::bad_input for too few, too many or too large
  // ones.
  std::size_t rank_of(std::span<const std::size_t> indices) const;

  // Checks an index against a dimension, and returns it. Errors: errc::bad_input that names label, size and
  // index.
  template <std::integral Index>
  static std::size_t inside(const dim& d, Index index) {
    if (std::cmp_greater_equal(index, 0) && std::cmp_less(index, d.size()))
      return static_cast<std::size_t>(index);
    const bool below = std::cmp_less(index, 0);
    const auto distance = static_cast<std::uintmax_t>(index);
    outside(d, below ? "-" : "", below ? 0 - distance : distance);
  }

  // Writes `{replicas=2, gpus=8}`; `parse` reads it back.
  std::string text() const { return text_of(dims()); }

  // Parses what `text` writes. Errors: errc::bad_input with what is wrong.
  static extent parse(std::string_view text);

  friend bool operator==(const extent& a, const extent& b) noexcept { return a.equals(b); }

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const extent& e) {
    return out << e.text();
  }

 private:
  struct record : counted {
    record(const dim_list& all, std::size_t product) : dims(all), ranks(product) {}
    dim_list dims;
    std::size_t ranks;
  };

  [[noreturn]] static void outside(const dim& d, const char* sign, std::uintmax_t index);
  bool equals(const extent& other) const noexcept;
  static std::string text_of(std::span<const dim> dims);
  static shared<const record> record_of(const dim* first, std::size_t count);

  shared<const record> record_;
};

}  // namespace viceroy

template <>
struct std::hash<viceroy::extent> {
  std::size_t operator()(const viceroy::extent& e) const noexcept;
};

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/space/extents.hpp"
#endif
