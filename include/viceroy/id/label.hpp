// label: the interned name of an actor, a proc, a mesh or a dimension.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "viceroy/base/error.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/id/interned.hpp"

namespace viceroy {
namespace detail {

struct label_record : interned_text {};

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace detail

// A name of letters, digits, '_', '.' and '-' that begins with a letter or a digit. A label is a pointer to a
// record that lives as long as the process: copying and comparing cost what a pointer does. Default: no name.
class label {
 public:
  // '-' and 11 base58 digits: what `unique_label` appends to a base of at most limit::label_bytes.
  static constexpr std::size_t unique_suffix_bytes = 12;
  static constexpr std::size_t max_bytes = limit::label_bytes + unique_suffix_bytes;

  constexpr label() noexcept = default;

  // Says what keeps `text` from being a label, or null when nothing does. Interns nothing.
  static constexpr const char* problem(std::string_view text) noexcept {
    if (text.empty()) return "a name has at least one character";
    if (text.size() > max_bytes) return "a name has at most 75 characters";
    if (!detail::is_alphanumeric(text.front())) return "a name begins with a letter or a digit";
    for (const char c : text) {
      if (!detail::is_alphanumeric(c) && c != '_' && c != '.' && c != '-') {
        return "a name has only letters, digits, '_', '.' and '-'";
      }
    }
    return nullptr;
  }

  // Interns a name. Errors: errc::bad_input with what is wrong, or beyond limit::interned_names.
  // Cost: a known name one hash and one look-up, no lock.
  static label parse(std::string_view text);

  // Interns a name, or nothing if it is none. Errors: only beyond limit::interned_names.
  // (A template: files that do not call it compile nothing of std::optional.)
  template <class Id = label>
  static std::optional<Id> try_parse(std::string_view text) {
    if (problem(text) != nullptr) return std::nullopt;
    return parse(text);
  }

  // Returns the label if this process has interned that name; makes none. For look-ups by foreign text.
  static label known(std::string_view text) { return label(find(hash_bytes(text, interned_seed()), text)); }

  bool empty() const noexcept { return record_ == nullptr; }
  std::string_view text() const noexcept { return record_ == nullptr ? std::string_view{} : record_->view(); }

  // A number that is the same for equal labels of this process, and means nothing elsewhere.
  std::uint64_t hash() const noexcept { return record_ == nullptr ? 0 : record_->hash; }

  friend bool operator==(label a, label b) noexcept { return a.record_ == b.record_; }
  friend std::strong_ordering operator<=>(label a, label b) noexcept {
    return a.record_ == b.record_ ? std::strong_ordering::equal : a.text() <=> b.text();
  }

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, label l) {
    return out << l.text();
  }

 private:
  explicit label(const detail::label_record* record) noexcept : record_(record) {}

  static const detail::label_record* find(std::uint64_t hash, std::string_view text) noexcept;

  const detail::label_record* record_ = nullptr;
};

static_assert(label::max_bytes == 75, "say the new bound in label::problem");

}  // namespace viceroy

template <>
struct std::hash<viceroy::label> {
  std::size_t operator()(viceroy::label l) const noexcept { return l.hash(); }
};

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/id/labels.hpp"
#endif
