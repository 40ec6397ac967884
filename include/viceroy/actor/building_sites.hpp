// building_sites: how a mailbox is built. Compiled once on request.
#pragma once

#include <utility>

#include "viceroy/actor/building_site.hpp"
#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/life.hpp"

namespace viceroy::detail {

[[gnu::cold, gnu::noinline]] VICEROY_DECL void building_site::refuse(const mailbox& parent) {
  throw_error(errc::inert, parent.text(), " has ended and starts no more actors");
}

[[gnu::cold, gnu::noinline]] VICEROY_DECL void building_site::give_up() noexcept {
  if (added_) home_.remove(*box_);
  home_.queue().give_mailbox(size_, *box_);
}

VICEROY_DECL_MERGED void building_site::stop_with_parent(mailbox& box) const {
  if (parent_ && parent_->is_closed()) life::stop(box, stop_mode::stop);
}

VICEROY_DECL_MERGED building_site::building_site(directory& home, mailbox* parent, pool::size_class c,
                                                 bool agent)
    : home_(home), parent_(parent), size_(c) {
  if (parent && is_terminal(parent->status())) refuse(*parent);
  memory_ = home.queue().take_mailbox(c, agent);
}

VICEROY_DECL_MERGED building_site::~building_site() {
  if (box_) give_up();
}

VICEROY_DECL_MERGED void building_site::add(mailbox& box, label name, bool agent) {
  box_ = &box;
  life::set_memory(box, size_);
  home_.add(box, memory_.generation, name, parent_, agent);
  added_ = true;
}

VICEROY_DECL_MERGED void building_site::start(bool bounded, bool has_init_hook) {
  mailbox& box = *box_;
  box_ = nullptr;
  if (bounded) box.set_bounded(true);
  if (has_init_hook) {
    life::signal(box, box.ops()->initialize, true);
  } else {
    life::started(box);
  }
  stop_with_parent(box);
}

VICEROY_DECL void building_site::finish() { stop_with_parent(*taken(box_, nullptr)); }

}  // namespace viceroy::detail
