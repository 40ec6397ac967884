// gather: the waiting end of a call of many: one reply per rank, put in its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/memory.hpp"
#include "viceroy/mailbox/answer.hpp"
#include "viceroy/mesh/cast.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/mesh/rank_text.hpp"
#include "viceroy/mesh/value_mesh.hpp"

namespace viceroy {

// What a call of M on every rank answers with: a value_mesh of what the handlers return, or nothing.
template <class R>
using gathered = std::conditional_t<std::is_void_v<R>, void, value_mesh<value_or_unit<R>>>;

namespace detail {

// Who has answered a call and who has not, and the sentences about it; untyped.
class answer_sheet {
 public:
  answer_sheet(std::shared_ptr<const mesh_state> mesh, region part, std::string_view message)
      : mesh_(std::move(mesh)),
        part_(std::move(part)),
        message_(message),
        answered_(part_.ranks()),
        left_(part_.ranks()) {}

  // Notes an answer. Returns: false for a rank that there is not, or that has answered.
  bool take(std::uint32_t rank) {
    if (rank >= answered_.size() || answered_[rank]) return false;
    answered_[rank] = true;
    --left_;
    return true;
  }
  bool complete() const { return left_ == 0; }
  const extent& dims() const { return part_.extent(); }

  // The first rank here of what lives in a proc and has not answered. Cost: looks at each, as seldom as a
  // process is lost.
  std::optional<std::size_t> waiting_for(const proc_id& p) const {
    std::size_t local = 0;
    for (const std::size_t rank : part_) {
      const proc_id there = mesh_->members[rank].proc();
      if (!answered_[local] && there.address() == p.address() && there.whole() == p.whole()) return local;
      ++local;
    }
    return std::nullopt;
  }

  error lost(std::size_t rank, const error& cause) const {
    return error(cause.kind(), name_of_rank(rank) + " of " + mesh_->name + " has no answer to " +
                                   std::string(message_) + ": " + cause.sentence());
  }
  error late(std::chrono::milliseconds limit) const {
    std::vector<std::size_t> missing;
    std::size_t local = 0;
    for (const std::size_t rank : part_)
      if (!answered_[local++]) missing.push_back(mesh_->origin.base_rank(rank));
    return error(errc::timeout, rank_text(missing) + " of " + mesh_->name + " did not answer " +
                                    std::string(message_) + " within " + limit_text(limit));
  }

 private:
  std::string name_of_rank(std::size_t rank) const {
    return rank < part_.ranks() ? "rank " + std::to_string(mesh_->origin.base_rank(part_.base_rank(rank)))
                                : "a rank";
  }

  std::shared_ptr<const mesh_state> mesh_;
  region part_;
  std::string_view message_;
  std::vector<bool> answered_;
  std::size_t left_;
};

// A call of all ranks of a region. The first failure ends it.
template <class R>
class pending_mesh final : public pending_answer<gathered<R>> {
  using value = value_or_unit<R>;

 public:
  pending_mesh(mailbox& owner, std::shared_ptr<const mesh_state> mesh, region part, std::string_view message)
      : sheet_(std::move(mesh), std::move(part), message) {
    if constexpr (!std::is_void_v<R>) values_.resize(sheet_.dims().ranks());
    this->enter(owner);
  }

  void deliver(message_node& n) override {
    const std::uint32_t rank = n.is(message_node::extended) ? n.extra().rank : 0;
    if (n.is(message_node::failure)) {
      this->settle(sheet_.lost(rank, static_cast<failure*>(n.payload())->to_error()));
    } else if (sheet_.take(rank)) {
      if constexpr (!std::is_void_v<R>) values_[rank].emplace(std::move(*static_cast<value*>(n.payload())));
      if (sheet_.complete()) finish();
    }
  }
  const message_ops& takes() const override { return message_ops_of<value>; }
  void lost(const actor_id&, std::uint32_t rank, const error& cause) override {
    this->settle(sheet_.lost(rank, cause));
  }
  bool awaits(const proc_id& from) const override { return sheet_.waiting_for(from).has_value(); }
  void lost_proc(const proc_id& from, const error& cause) override {
    if (const auto rank = sheet_.waiting_for(from)) this->settle(sheet_.lost(*rank, cause));
  }
  void expired(std::chrono::milliseconds limit) override { this->settle(sheet_.late(limit)); }

  // Nothing was sent: the answer is this.
  void refuse(const error& cause) { this->settle(cause); }

 private:
  void finish() {
    if constexpr (std::is_void_v<R>) {
      this->settle(unit{});
    } else {
      std::vector<value> all;
      all.reserve(values_.size());
      for (auto& v : values_) all.push_back(std::move(*v));
      this->settle(value_mesh<value>(sheet_.dims(), std::move(all)));
    }
  }

  answer_sheet sheet_;
  std::vector<std::optional<value>> values_;  // none for void
};

}  // namespace detail

}  // namespace viceroy
