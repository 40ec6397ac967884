// shape: an extent as an 8-byte handle, for what is stamped on every message of a cast.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "viceroy/space/extent.hpp"

namespace viceroy {

// An interned extent: trivially copyable, compared by pointer, never freed (a program has few shapes).
// Threads: any. Cost: of() takes a lock and a look-up by text; everything else is a load.
class shape {
 public:
  shape() = default;
  static shape of(const extent& dims) {
    static std::mutex guard;
    static std::map<std::string, std::unique_ptr<const record>, std::less<>>& known =
        *new std::map<std::string, std::unique_ptr<const record>, std::less<>>;
    std::string text = dims.text();
    const std::lock_guard lock(guard);
    auto& slot = known[text];
    if (!slot) slot = std::make_unique<const record>(record{std::move(text), dims});
    return shape(slot.get());
  }
  // Reads the text form of an extent. Errors: bad_input, as extent::parse.
  static shape parse(std::string_view text) { return of(extent::parse(text)); }

  bool empty() const { return record_ == nullptr; }
  const viceroy::extent& dims() const { return record_->dims; }
  std::string_view text() const { return record_ ? std::string_view(record_->text) : std::string_view(); }
  friend bool operator==(shape, shape) = default;

 private:
  struct record {
    std::string text;
    viceroy::extent dims;
  };
  explicit shape(const record* r) : record_(r) {}
  const record* record_ = nullptr;
};

}  // namespace viceroy
