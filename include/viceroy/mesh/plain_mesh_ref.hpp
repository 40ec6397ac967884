// plain_mesh_ref: what refs of hosts and of procs have in common: a name, a shape, slices.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/mesh/mesh_view.hpp"
#include "viceroy/space/range.hpp"
#include "viceroy/space/region.hpp"

namespace viceroy {

// The base of `Ref`, which is proc_mesh_ref or host_mesh_ref.
template <class Ref>
class plain_mesh_ref : public mesh_view {
 public:
  plain_mesh_ref() = default;
  explicit plain_mesh_ref(shared_mesh state) : mesh_view(std::move(state)) {}

  // Keeps one index of a dimension, or a range of indices. Errors: bad_input that names label, size and
  // index.
  template <std::integral Index>
  Ref slice(std::string_view label, Index index) const {
    return cut(part_.slice(label, index));
  }
  Ref slice(std::string_view label, range indices) const { return cut(part_.slice(label, indices)); }

 private:
  Ref cut(viceroy::region part) const {
    state();
    Ref out(static_cast<const Ref&>(*this));
    static_cast<plain_mesh_ref&>(out).part_ = std::move(part);
    return out;
  }
};

}  // namespace viceroy
