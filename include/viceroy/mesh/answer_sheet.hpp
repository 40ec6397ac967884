// answer_sheet: who has answered a call of many, and who has not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/space/region.hpp"

namespace viceroy::detail {

// Who has answered a call and who has not, and the sentences about it; untyped.
class answer_sheet {
 public:
  answer_sheet(shared<const mesh_state> mesh, region part, std::string_view message);

  // Notes an answer. Returns: false for a rank that there is not, or that has answered.
  bool take(std::uint32_t rank);
  bool complete() const { return left_ == 0; }
  const extent& dims() const { return part_.extent(); }

  // The first rank here of what lives in a proc and has not answered. Cost: looks at each, as seldom as a
  // process is lost.
  std::optional<std::size_t> waiting_for(const proc_id& p) const;

  error lost(std::size_t rank, const error& cause) const;
  error late(std::chrono::milliseconds limit) const;

 private:
  std::string name_of_rank(std::size_t rank) const;

  shared<const mesh_state> mesh_;
  region part_;
  std::string_view message_;
  series<bool> answered_;
  std::size_t left_;
};

}  // namespace viceroy::detail

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mesh/answer_sheets.hpp"
#endif
