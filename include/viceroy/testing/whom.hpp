// whom: a sender or receiver, as a test names it.
#pragma once

#include <concepts>
#include <string>

#include "viceroy/id/actor_id.hpp"
#include "viceroy/mailbox/directory.hpp"

namespace viceroy::testing {

struct anybody_type {};
// Whoever it is.
inline constexpr anybody_type anybody{};

// An actor_ref, instance or context, an id, or `anybody`.
class whom {
 public:
  whom(anybody_type) : anybody_(true) {}  // NOLINT: implicit
  whom(const actor_id& id) : id_(id) {}   // NOLINT: implicit
  template <class P>
    requires requires(const P& p) {
      { p.id() } -> std::convertible_to<actor_id>;
    }
  whom(const P& p) : id_(p.id()) {}  // NOLINT: implicit

  bool is(const actor_id& id) const { return anybody_ || id_ == id; }
  const actor_id& id() const { return id_; }
  std::string text() const { return anybody_ ? "anybody" : id_.text(); }

 private:
  actor_id id_;
  bool anybody_ = false;
};

// Whom a node is for, though its receiver may be gone.
inline actor_id receiver_of(const message_node& n) {
  return {n.to->home().id(), n.to->name(), actor_id::index_of(n.to->slot(), n.generation)};
}

}  // namespace viceroy::testing
