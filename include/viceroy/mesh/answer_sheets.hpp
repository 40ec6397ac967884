// answer_sheets: how answers are noted, and what is said of those that are missing. Compiled once on request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/mesh/answer_sheet.hpp"
#include "viceroy/mesh/rank_text.hpp"

namespace viceroy::detail {

VICEROY_DECL answer_sheet::answer_sheet(shared<const mesh_state> mesh, region part, std::string_view message)
    : mesh_(std::move(mesh)),
      part_(std::move(part)),
      message_(message),
      answered_(part_.ranks()),
      left_(part_.ranks()) {}

VICEROY_DECL bool answer_sheet::take(std::uint32_t rank) {
  if (rank >= answered_.size() || answered_[rank]) return false;
  answered_[rank] = true;
  --left_;
  return true;
}

VICEROY_DECL std::optional<std::size_t> answer_sheet::waiting_for(const proc_id& p) const {
  std::size_t local = 0;
  for (const std::size_t rank : part_) {
    const proc_id there = mesh_->members[rank].proc();
    if (!answered_[local] && there.address() == p.address() && there.whole() == p.whole()) return local;
    ++local;
  }
  return std::nullopt;
}

VICEROY_DECL std::string answer_sheet::name_of_rank(std::size_t rank) const {
  return rank < part_.ranks() ? "rank " + std::to_string(mesh_->origin.base_rank(part_.base_rank(rank)))
                              : "a rank";
}

VICEROY_DECL error answer_sheet::lost(std::size_t rank, const error& cause) const {
  return error(cause.kind(), name_of_rank(rank) + " of " + mesh_->name + " has no answer to " +
                                 std::string(message_) + ": " + cause.sentence());
}

VICEROY_DECL error answer_sheet::late(std::chrono::milliseconds limit) const {
  series<std::size_t> missing;
  std::size_t local = 0;
  for (const std::size_t rank : part_)
    if (!answered_[local++]) missing.push_back(mesh_->origin.base_rank(rank));
  return error(errc::timeout, rank_text(missing) + " of " + mesh_->name + " did not answer " +
                                  std::string(message_) + " within " + limit_text(limit));
}

}  // namespace viceroy::detail
