// failure, undeliverable, child_failure: what tells an actor that something went wrong.
#pragma once

#include <cstdint>
#include <string>

#include "viceroy/base/error.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/wire/codec_ids.hpp"

namespace viceroy {

// An error in a message: the kind, and the sentence that states the root cause.
struct failure {
  static constexpr auto name = "viceroy::failure";
  std::int32_t kind = 0;
  std::string sentence;

  static failure of(const error& e) { return failure{static_cast<std::int32_t>(e.kind()), e.sentence()}; }
  error to_error() const { return error(static_cast<errc>(kind), sentence); }
};

// A message that came back: who should have had it, what it was, and the first cause. An actor that handles
// it is told; otherwise it is counted. 'Returned' means not known to be handled.
struct undeliverable {
  static constexpr auto name = "viceroy::undeliverable";
  actor_id to;
  std::string message;
  std::int32_t kind = 0;
  std::string sentence;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const undeliverable& u) {
    return out << u.message << " to " << u.to << " came back: " << u.sentence;
  }
};

// A child that failed, to its parent. A parent that handles it goes on; one that does not fails for the same
// cause.
struct child_failure {
  static constexpr auto name = "viceroy::child_failure";
  actor_id child;
  std::string sentence;

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const child_failure& f) {
    return out << f.child << " failed: " << f.sentence;
  }
};

// Whether a message that came back for this reason fails its sender (a mistake), or only tells it (the
// world).
inline bool fails_sender(errc kind) {
  return kind == errc::no_such_actor || kind == errc::no_such_handler || kind == errc::other_layout ||
         kind == errc::frame_too_large;
}

}  // namespace viceroy
