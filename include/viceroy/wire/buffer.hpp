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

#include "viceroy/base/error.hpp"
#include "viceroy/base/memory.hpp"

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
  // Refers to a view that `owner` keeps alive (a mapped file, an array of another library, a frame's buffer).
  bytes(std::shared_ptr<const void> owner, std::span<const std::byte> view)
      : owner_(std::move(owner)), data_(view.data()), size_(view.size()) {}

  static bytes copy(std::span<const std::byte> content) {
    if (content.empty()) return {};
    auto buffer = std::make_shared_for_overwrite<std::byte[]>(content.size());
    std::memcpy(buffer.get(), content.data(), content.size());
    const std::byte* const begin = buffer.get();
    return bytes(std::move(buffer), {begin, content.size()});
  }
  static bytes copy(std::string_view text) { return copy(std::as_bytes(std::span(text))); }

  const std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::string_view text() const noexcept { return {reinterpret_cast<const char*>(data_), size_}; }

  // Returns: a part of these bytes that shares their buffer.
  // Errors: bad_input, when the part is not within them.
  bytes subrange(std::size_t offset, std::size_t count) const {
    if (offset > size_ || count > size_ - offset)
      throw error(errc::bad_input, "bytes " + std::to_string(offset) + " + " + std::to_string(count) +
                                       " were asked for out of " + std::to_string(size_));
    return bytes(owner_, std::span(data_ + offset, count));
  }

  friend bool operator==(const bytes& a, const bytes& b) noexcept {
    return a.size_ == b.size_ && (a.size_ == 0 || std::memcmp(a.data_, b.data_, a.size_) == 0);
  }

 private:
  template <class Container>
  void adopt(Container& content) {
    if (content.empty()) return;
    auto held = std::make_shared<const Container>(std::move(content));
    data_ = reinterpret_cast<const std::byte*>(held->data());
    size_ = held->size();
    owner_ = std::move(held);
  }

  std::shared_ptr<const void> owner_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace viceroy
