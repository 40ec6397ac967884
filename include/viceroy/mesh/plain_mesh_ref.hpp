// plain_mesh_ref: what refs of hosts and of procs have in common: a name, a shape, slices.
#pragma once

#include <concepts>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/base/memory.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/space/range.hpp"
#include "viceroy/space/region.hpp"

namespace viceroy {

// The base of `Ref`, which is proc_mesh_ref or host_mesh_ref.
template <class Ref>
class plain_mesh_ref {
 public:
  plain_mesh_ref() = default;
  explicit plain_mesh_ref(std::shared_ptr<mesh_state> state)
      : state_(std::move(state)), part_(state_->extent) {}

  bool empty() const noexcept { return !state_; }
  // Returns: the name as it was given.
  const std::string& name() const { return state().name; }
  // Returns: the name and the suffix that no other mesh has.
  label id() const { return state().id; }
  const viceroy::extent& extent() const noexcept { return part_.extent(); }
  // Returns: how many ranks it has.
  std::size_t size() const noexcept { return empty() ? 0 : extent().ranks(); }
  // Returns: which part of the mesh this is.
  const viceroy::region& region() const noexcept { return part_; }

  // Keeps one index of a dimension, or a range of indices. Errors: bad_input that names label, size and
  // index.
  template <std::integral Index>
  Ref slice(std::string_view label, Index index) const {
    return cut(part_.slice(label, index));
  }
  Ref slice(std::string_view label, range indices) const { return cut(part_.slice(label, indices)); }

  friend std::ostream& operator<<(std::ostream& out, const plain_mesh_ref& m) {
    if (m.empty()) return out;
    return out << m.state_->id << m.part_;
  }

 protected:
  // Errors: inert, when empty.
  const std::shared_ptr<mesh_state>& shared() const {
    state();
    return state_;
  }
  std::shared_ptr<mesh_state> release() { return taken(state_); }
  std::vector<actor_id> agents() const {
    std::vector<actor_id> all;
    if (!state_) return all;
    for (const std::size_t rank : part_) all.push_back(state_->members[rank]);
    return all;
  }

 private:
  const mesh_state& state() const {
    if (!state_) throw error(errc::inert, "an empty mesh was used (it was moved from, or never spawned)");
    return *state_;
  }
  Ref cut(viceroy::region part) const {
    state();
    Ref out(static_cast<const Ref&>(*this));
    static_cast<plain_mesh_ref&>(out).part_ = std::move(part);
    return out;
  }

  std::shared_ptr<mesh_state> state_;
  viceroy::region part_;
};

}  // namespace viceroy
