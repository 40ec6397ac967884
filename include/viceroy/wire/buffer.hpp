// buffer: vr::bytes, an immutable buffer that its copies share.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/shared.hpp"

namespace viceroy {

// Refers to an immutable buffer that all copies share; the last of them frees it.
// Threads: copies may be used and destroyed by any thread; one object by one thread at a time.
// Cost: a copy counts a reference; only `copy` copies what it refers to.
class bytes {
 public:
  bytes() = default;
  // Takes over the content of a std::vector<std::byte> or a std::string, without a copy. (A template: files
  // that make none compile nothing of it.)
  template <std::same_as<std::vector<std::byte>> Content>
  explicit bytes(Content content) {
    adopt(content);
  }
  template <std::same_as<std::string> Content>
  explicit bytes(Content content) {
    adopt(content);
  }
  // Refers to a view that `owner` keeps alive, whose last copy goes with these bytes' (a std::shared_ptr, a
  // mapped file, an array of another library).
  template <class Owner>
  bytes(Owner owner, std::span<const std::byte> view)
      : buffer_(new held<Owner>(std::move(owner))), data_(view.data()), size_(view.size()) {}

  static bytes copy(std::span<const std::byte> content);
  static bytes copy(std::string_view text) { return copy(std::as_bytes(std::span(text))); }

  const std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  const std::byte* begin() const noexcept { return data_; }
  const std::byte* end() const noexcept { return data_ + size_; }
  std::string_view text() const noexcept { return {reinterpret_cast<const char*>(data_), size_}; }

  // Returns: a part of these bytes that shares their buffer.
  // Errors: bad_input, when the part is not within them.
  bytes subrange(std::size_t offset, std::size_t count) const;

  friend bool operator==(const bytes& a, const bytes& b) noexcept {
    return a.size_ == b.size_ && (a.size_ == 0 || std::memcmp(a.data_, b.data_, a.size_) == 0);
  }

 private:
  struct buffer : counted {
    virtual ~buffer() = default;
  };
  template <class Owner>
  struct held final : buffer {
    explicit held(Owner&& o) : owner(std::move(o)) {}
    Owner owner;
  };
  struct copied;

  template <class Container>
  void adopt(Container& content) {
    if (content.empty()) return;
    auto* const made = new held<Container>(std::move(content));
    buffer_ = shared<const buffer>(made);
    data_ = reinterpret_cast<const std::byte*>(made->owner.data());
    size_ = made->owner.size();
  }

  shared<const buffer> buffer_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/wire/buffers.hpp"
#endif
