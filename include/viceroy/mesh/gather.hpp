// gather: the waiting end of a call of many: one reply per rank, put in its place.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "viceroy/base/clock.hpp"
#include "viceroy/mailbox/answer.hpp"
#include "viceroy/mesh/answer_sheet.hpp"
#include "viceroy/mesh/cast.hpp"
#include "viceroy/mesh/value_mesh.hpp"

namespace viceroy {

// What a call of M on every rank answers with: a value_mesh of what the handlers return, or nothing.
template <class R>
using gathered = std::conditional_t<std::is_void_v<R>, void, value_mesh<value_or_unit<R>>>;

namespace detail {

// A call of all ranks of a region. The first failure ends it.
template <class R>
class pending_mesh final : public pending_answer<gathered<R>> {
  using value = value_or_unit<R>;

 public:
  pending_mesh(mailbox& owner, shared<const mesh_state> mesh, region part, std::string_view message)
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
