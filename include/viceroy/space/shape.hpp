// shape: an extent as an 8-byte handle, for what is stamped on every message of a cast.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "viceroy/id/hash.hpp"
#include "viceroy/id/interned.hpp"
#include "viceroy/space/extent.hpp"

namespace viceroy {
namespace detail {

struct shape_record : interned_text {
  viceroy::extent dims;
};

}  // namespace detail

// An interned extent: trivially copyable, compared by pointer, never freed. Default: none.
// Threads: any. Cost: `of` and `parse` of a known shape one hash and one look-up, no lock; all else is a
// load.
class shape {
 public:
  constexpr shape() noexcept = default;

  // Interns an extent. Errors: errc::bad_input beyond limit::interned_names.
  static shape of(const extent& dims) {
    const std::string text = dims.text();
    return shape(
        interned_table<detail::shape_record>::global.intern(hash_of(text), same_text{text}, text, dims));
  }

  // Interns the text of an extent. Errors: as extent::parse, and beyond limit::interned_names.
  static shape parse(std::string_view text) {
    const auto* known = interned_table<detail::shape_record>::global.find(hash_of(text), same_text{text});
    return known != nullptr ? shape(known) : of(extent::parse(text));
  }

  bool empty() const noexcept { return record_ == nullptr; }
  std::string_view text() const noexcept { return record_ == nullptr ? std::string_view{} : record_->view(); }

  // Returns the extent; there must be one.
  const extent& dims() const noexcept {
    assert(record_ != nullptr);
    return record_->dims;
  }

  // A number that is the same for equal shapes of this process, and means nothing elsewhere.
  std::uint64_t hash() const noexcept { return record_ == nullptr ? 0 : record_->hash; }

  friend bool operator==(shape a, shape b) noexcept { return a.record_ == b.record_; }

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, shape s) {
    return out << s.text();
  }

 private:
  explicit shape(const detail::shape_record* record) noexcept : record_(record) {}

  static std::uint64_t hash_of(std::string_view text) { return hash_bytes(text, interned_seed()); }

  const detail::shape_record* record_ = nullptr;
};

}  // namespace viceroy

template <>
struct std::hash<viceroy::shape> {
  std::size_t operator()(viceroy::shape s) const noexcept { return s.hash(); }
};
