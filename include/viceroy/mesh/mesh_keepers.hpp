// mesh_keepers: in whose name the control plane asks: one participant per proc, who outlives a mesh's owner.
#pragma once

#include <utility>

#include "viceroy/actor/instance.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/id/uid.hpp"
#include "viceroy/mesh/status_inbox.hpp"

namespace viceroy {

// Asks agents on behalf of all owners of one proc.
class mesh_keeper : public counted {
 public:
  explicit mesh_keeper(directory& home) : home_(&home), self_(home, unique_label("meshes")) {
    deaf_.listen(self_.box());
  }

  // Returns: null once its proc has ended.
  mailbox* box() const { return self_.status() == status::running ? &self_.box() : nullptr; }
  bool serves(const directory& home) const { return home_ == &home && box(); }

  // Sends what needs no answer: a refusal is of no interest.
  template <class M, class... F>
  void tell(const actor_id& to, F&&... fields) {
    mailbox* const from = box();
    if (!from) return;
    detail::attachments a;
    a.reply = deaf_.number();
    detail::post_elsewhere<M>(*from, detail::destination{to, type_id<M>(), nullptr, 0}, a,
                              std::forward<F>(fields)...);
  }

 private:
  directory* home_;
  deaf_port deaf_;
  instance self_;  // last made, first to end
};

class mesh_keepers {
 public:
  shared<mesh_keeper> of(directory& home) {
    all_.erase_if([](const auto& k) { return !k->box(); });
    for (const auto& k : all_)
      if (k->serves(home)) return k;
    return all_.push_back(make_counted<mesh_keeper>(home));
  }
  // The given one while its proc lives, else any: what has to be stopped is stopped in anybody's name.
  mailbox* sender(const shared<mesh_keeper>& first) const {
    if (first && first->box()) return first->box();
    for (const auto& k : all_)
      if (k->box()) return k->box();
    return nullptr;
  }

 private:
  series<shared<mesh_keeper>> all_;
};

}  // namespace viceroy
