// expiry: how calls come to their limits, or lose who should answer. Compiled once on request.
#pragma once

#include <cstdint>
#include <utility>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/pending.hpp"

namespace viceroy {

// Calls f(pending) for each of a loop's; f opens and ends none.
template <class F>
void pending::for_each(const run_queue& q, F f) {
  q.ports().for_each([&](port_base& p) {
    if (p.is_answer()) f(static_cast<pending&>(p));
  });
}

VICEROY_DECL void pending::expire_at(executor::clock::time_point when) {
  if (own_timer_) queue_->loop().cancel(own_timer_);
  deadline_ = when;
  own_timer_ = queue_->loop().call_at(when, [this] {
    own_timer_ = 0;
    expired(limit_);
  });
}

VICEROY_DECL void pending::limit_to(std::chrono::milliseconds limit) {
  if (!owner()) return;
  limit_ = limit;
  expire_at(queue_->loop().exact_now() + finite(limit));
}

VICEROY_DECL std::chrono::milliseconds pending::waited(std::chrono::milliseconds most) const {
  const auto so_far =
      std::chrono::ceil<std::chrono::milliseconds>(queue_->loop().exact_now() - (deadline_ - finite(limit_)));
  return so_far < most ? so_far : most;
}

VICEROY_DECL void pending::arm(run_queue& q, executor::clock::time_point when) {
  if (q.pending_timer()) q.loop().cancel(taken(q.pending_timer(), 0));
  q.pending_due() = when;
  q.pending_timer() = q.loop().call_at(when, [&q] {
    q.pending_timer() = 0;
    q.pending_due() = executor::clock::time_point::max();
    end_late(q);
  });
}

VICEROY_DECL void pending::end_late(run_queue& q) {
  const auto now = q.loop().now();
  executor::clock::time_point next = executor::clock::time_point::max();
  for_each(q, [&](pending& p) {
    if (p.own_timer_) return;
    if (p.deadline_ <= now) {
      p.expire_at(p.deadline_);
    } else if (p.deadline_ < next) {
      next = p.deadline_;
    }
  });
  if (next != executor::clock::time_point::max()) arm(q, next);
}

VICEROY_DECL void pending::tell_lost(run_queue& q, const proc_id& gone, const error& cause) {
  series<std::uint64_t> hit;
  for_each(q, [&](const pending& p) {
    if (p.awaits(gone)) hit.push_back(p.number());
  });
  for (const std::uint64_t number : hit)
    if (port_base* const p = q.find_port(number)) static_cast<pending*>(p)->lost_proc(gone, cause);
}

}  // namespace viceroy
