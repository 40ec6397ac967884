// held: how it is read who holds a loop. Compiled once on request.
#pragma once

#include <atomic>

#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/holder.hpp"
#include "viceroy/mailbox/mailbox.hpp"

namespace viceroy {

VICEROY_DECL void holder::forget(const mailbox& box) noexcept {
  const small_mutex::holding here(reading_);
  if (box_.load(std::memory_order_relaxed) == &box) box_.store(nullptr, std::memory_order_relaxed);
}

VICEROY_DECL holder::name holder::read(const mark& m) noexcept {
  name found{actor_id(), {}, m.what->name};
  const small_mutex::holding here(reading_);
  if (!still(m)) return {};
  if (m.box && box_.load(std::memory_order_relaxed) == m.box) {
    found.actor = m.box->id();
    if (m.box->ops()) found.type = m.box->ops()->name;
  }
  return found;
}

}  // namespace viceroy
