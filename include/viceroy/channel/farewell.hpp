// farewell: the last words of a session that ends by an error, and the peer's last words made fit to be
// shown.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/limits.hpp"
#include "viceroy/channel/hello.hpp"
#include "viceroy/wire/frame.hpp"

namespace viceroy {

// Cuts a reason to what a peer accepts.
inline std::span<const std::byte> reason_bytes(std::string_view reason) noexcept {
  return std::as_bytes(std::span(reason.data(), std::min(reason.size(), limit::reason_bytes)));
}

// Reads a reason from outside: nothing in it that a terminal would obey.
inline std::string foreign_reason(std::span<const std::byte> content) {
  std::string out(reinterpret_cast<const char*>(content.data()), content.size());
  for (char& c : out)
    if ((c >= 0 && c < ' ') || c == '\x7f') c = '?';
  return out;
}

// Bytes that may follow any whole frame, or, for a stranger, stand alone.
class farewell {
 public:
  // A frame that says why: refuse or close.
  void say(frame_header header, std::string_view why) {
    const auto content = reason_bytes(why);
    header.length = static_cast<std::uint32_t>(content.size());
    bytes_.resize(sizeof header + content.size());
    store_struct(bytes_.data(), header);
    if (!content.empty()) std::memcpy(bytes_.data() + sizeof header, content.data(), content.size());
  }
  // To a stranger, who is told no more than a number.
  void refuse(link_refusal why) {
    const auto answer = written_refusal(why);
    bytes_.resize(answer.size());
    std::memcpy(bytes_.data(), answer.data(), answer.size());
  }

  std::span<const std::byte> bytes() const noexcept { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace viceroy
